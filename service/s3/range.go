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

// view is what a request wants to have of an object.
type view struct {
	span
	header string // Content-Range, "" if it is the whole
	sums   sums   // nil if none is kept of just these bytes
	parts  *int   // how many parts the object has, if one of them was asked for
}

// asked reads the range or the part that a request wants.
func (o *object) asked(header *string, number *int) (v view, err error) {
	switch {
	case header != nil && number != nil:
		return v, writ.Errorf(400, "InvalidRequest", "Cannot specify both Range header and partNumber query parameter")
	case number != nil:
		return o.numbered(*number)
	}
	r, partial, err := requestedRange(value(header), o.Size)
	if err != nil || !partial {
		return view{span: r, sums: o.Sums}, err
	}
	return view{span: r, header: r.header(o.Size)}, nil
}

// numbered finds a part of an object. One that was not uploaded in parts is its
// only part.
func (o *object) numbered(number int) (v view, err error) {
	if err := checkPartNumber(number); err != nil {
		return v, err
	}
	if number > len(o.Parts) {
		e := writ.Errorf(416, "InvalidPartNumber", "The requested partnumber is not satisfiable")
		e.Fields = map[string]any{"ActualPartCount": strconv.Itoa(len(o.Parts)), "PartNumberRequested": strconv.Itoa(number)}
		return v, e
	}
	for _, p := range o.Parts[:number-1] {
		v.start += p.Size
	}
	v.length, v.sums = o.Parts[number-1].Size, o.Parts[number-1].Sums
	if v.length > 0 {
		v.header = v.span.header(o.Size)
	}
	if o.Upload == "" {
		v.sums = o.Sums
		return v, nil
	}
	v.parts = new(len(o.Parts))
	return v, nil
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
	first, okFirst := position(from)
	last, okLast := position(to)
	switch {
	case from == "" && okLast: // the last bytes
		first, last = max(0, size-last), size-1
	case !okFirst || to != "" && (!okLast || last < first):
		return whole, false, nil
	case to == "" || last >= size:
		last = size - 1
	}
	if first >= size {
		return r, false, unsatisfiable(header, size)
	}
	return span{first, last - first + 1}, true, nil
}

// position reads digits; nothing else is a position.
func position(text string) (int64, bool) {
	n, err := strconv.ParseUint(text, 10, 63)
	return int64(n), err == nil
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
			in, err := b.From(from)
			if err != nil {
				opened.Close()
				return nil, fmt.Errorf("s3: the bytes of %s/%s: %w", o.Bucket, o.Key, err)
			}
			readers = append(readers, io.LimitReader(in, n))
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
