package s3

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store/blobs"
)

// span is a part of an object's bytes.
type span struct{ start, length int64 }

func (r span) header(size int64) string {
	return fmt.Sprintf("bytes %d-%d/%d", r.start, r.start+r.length-1, size)
}

// requestedRange reads a Range header of one range (RFC 9110, section 14.1.2).
// Without one, or with one that can't be read, it is the whole object; partial
// says whether it is not.
func requestedRange(header string, size int64) (r span, partial bool, err error) {
	whole := span{0, size}
	from, to, ok := strings.Cut(strings.TrimPrefix(header, "bytes="), "-")
	if !ok || !strings.HasPrefix(header, "bytes=") || strings.Contains(to, ",") {
		return whole, false, nil
	}
	first, errFirst := strconv.ParseInt(from, 10, 64)
	last, errLast := strconv.ParseInt(to, 10, 64)
	switch {
	case from == "" && errLast == nil && last >= 0: // the last bytes
		first, last = max(0, size-last), size-1
	case errFirst != nil || to != "" && (errLast != nil || last < first):
		return whole, false, nil
	case to == "" || last >= size:
		last = size - 1
	}
	if first >= size {
		return r, false, unsatisfiable(header, size)
	}
	return span{first, last - first + 1}, true, nil
}

func unsatisfiable(header string, size int64) error {
	e := writ.Errorf(416, "InvalidRange", "The requested range is not satisfiable")
	e.Fields = map[string]any{"RangeRequested": header, "ActualObjectSize": strconv.FormatInt(size, 10)}
	return e
}

// stream reads a span of an object, blob after blob.
type stream struct {
	io.Reader
	blobs []*blobs.Reader
}

func (s *stream) Close() (err error) {
	for _, b := range s.blobs {
		if e := b.Close(); err == nil {
			err = e
		}
	}
	return err
}

// open opens all blobs of a span at once, so that an object that is replaced
// while it is read is read to its end.
func (s *Service) open(o *object, r span) (io.ReadCloser, error) {
	opened := new(stream)
	var readers []io.Reader
	for _, p := range o.Parts {
		if from := min(r.start, p.Size); from < p.Size && r.length > 0 {
			b, err := s.blob(&p)
			if err != nil {
				opened.Close()
				return nil, fmt.Errorf("s3: the bytes of %s/%s: %w", o.Bucket, o.Key, err)
			}
			n := min(r.length, p.Size-from)
			opened.blobs = append(opened.blobs, b)
			readers = append(readers, io.NewSectionReader(b, from, n))
			r.length -= n
		}
		r.start = max(0, r.start-p.Size)
	}
	opened.Reader = io.MultiReader(readers...)
	return opened, nil
}

func (s *Service) blob(p *part) (*blobs.Reader, error) {
	ref, err := p.ref()
	if err != nil {
		return nil, err
	}
	return s.blobs.Open(ref)
}
