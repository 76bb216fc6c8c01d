package s3

import (
	"encoding/hex"
	"hash"
	"io"
	"strings"
	"sync"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/checksum"
	"github.com/writ-iam/writ/store"
)

const fullObject, composite = "FULL_OBJECT", "COMPOSITE"

// payload is a body that headers may follow.
type payload interface {
	io.Reader
	Length() int64              // within its chunks; -1 if it has none
	Announced() []string        // the headers' names
	Trailer(name string) string // "" before the body has been read to its end
}

// digests are what a request says of its body, and what is to be kept of it.
type digests struct {
	md5       string             // by Content-MD5, "" if it is not given
	algorithm checksum.Algorithm // of the checksum that is given, "" if none is
	sum       string             // "" if it comes after the body
	keep      checksum.Algorithm
}

// digestsOf reads the digests of an input; keep is the algorithm of the checksum
// that has to be made in any case, "" for that which is given. If none is given
// S3 makes CRC64NVME (S3 User Guide, "Checking object integrity").
func digestsOf(in any, body io.Reader, keep checksum.Algorithm) (d digests, err error) {
	d.md5, d.keep = value(member(in, "ContentMD5")), keep
	if d.algorithm, d.sum, err = givenSum(in); err != nil {
		return d, err
	}
	if p, ok := body.(payload); ok && d.algorithm == "" {
		d.algorithm, err = announced(p)
	}
	asked := checksum.Algorithm(value(member(in, "ChecksumAlgorithm")))
	switch {
	case err != nil:
		return d, err
	case asked != "" && asked.New() == nil:
		return d, unsupportedSum()
	case asked != "" && d.algorithm == "":
		return d, writ.Errorf(400, "InvalidRequest", "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.")
	case asked != "" && asked != d.algorithm:
		return d, writ.Errorf(400, "InvalidRequest", "Value for x-amz-sdk-checksum-algorithm header is invalid.")
	}
	if d.keep == "" {
		d.keep = d.algorithm
	}
	if d.keep == "" {
		d.keep = checksum.CRC64NVME
	}
	return d, nil
}

// announced is the algorithm of the checksum that will follow a body.
func announced(p payload) (checksum.Algorithm, error) {
	for _, name := range p.Announced() {
		a, ok := strings.CutPrefix(strings.ToLower(name), "x-amz-checksum-")
		if !ok {
			continue
		}
		if algorithm := checksum.Algorithm(strings.ToUpper(a)); algorithm.New() != nil {
			return algorithm, nil
		}
		return "", unsupportedSum()
	}
	return "", nil
}

func unsupportedSum() error {
	return writ.Errorf(400, "InvalidRequest", "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]")
}

// received is a body that has become a blob.
type received struct {
	part   part
	size   int64
	keep   checksum.Algorithm
	hashes map[checksum.Algorithm]hash.Hash
}

// receive makes a blob of a body, which in describes, and holds it against its
// digests. Nothing is left of one that breaks off or is not what it should be.
func (s *Service) receive(body io.Reader, length *int64, in any, keep checksum.Algorithm) (*received, error) {
	if p, ok := body.(payload); ok && p.Length() >= 0 {
		length = new(p.Length())
	}
	switch {
	case length == nil:
		return nil, writ.Errorf(411, "MissingContentLength", "You must provide the Content-Length HTTP header.")
	case *length > maxObject:
		return nil, tooLarge()
	}
	d, err := digestsOf(in, body, keep)
	if err != nil {
		return nil, err
	}
	return s.seal(io.LimitReader(body, maxObject+1), d, func(r *received) error { return r.check(body, d) })
}

// copyBuffers hold as much as is sealed in one piece, see package blobs.
var copyBuffers = sync.Pool{New: func() any { return new(make([]byte, 64<<10)) }}

// seal writes a blob, which is kept if check finds nothing wrong with it.
func (s *Service) seal(from io.Reader, d digests, check func(*received) error) (*received, error) {
	r := &received{keep: d.keep, hashes: map[checksum.Algorithm]hash.Hash{}}
	for _, a := range []checksum.Algorithm{checksum.MD5, d.algorithm, d.keep} {
		if a != "" {
			r.hashes[a] = a.New()
		}
	}
	w, err := s.blobs.Create()
	if err != nil {
		return nil, err
	}
	sinks := []io.Writer{w}
	for _, h := range r.hashes {
		sinks = append(sinks, h)
	}
	buffer := copyBuffers.Get().(*[]byte)
	r.size, err = io.CopyBuffer(io.MultiWriter(sinks...), from, *buffer)
	copyBuffers.Put(buffer)
	switch {
	case err == nil && r.size > maxObject:
		err = tooLarge()
	case err == nil:
		err = check(r)
	}
	if err != nil {
		w.Abort()
		return nil, err
	}
	ref, err := w.Commit()
	if err != nil {
		return nil, err
	}
	r.part = part{ID: ref.ID, Key: store.NewSecret(ref.Key), Size: ref.Size}
	return r, nil
}

// check compares the digests, those that came before the body and those after.
func (r *received) check(body io.Reader, d digests) error {
	if d.md5 != "" {
		if err := writ.CheckDigest(checksum.MD5, d.md5, r.hashes[checksum.MD5]); err != nil {
			return err
		}
	}
	if d.algorithm == "" {
		return nil
	}
	given := d.sum
	if p, ok := body.(payload); ok && given == "" {
		given = p.Trailer(d.algorithm.Header())
	}
	return writ.CheckDigest(d.algorithm, given, r.hashes[d.algorithm])
}

func (r *received) etag() string { return hex.EncodeToString(r.hashes[checksum.MD5].Sum(nil)) }

func (r *received) sums() sums { return sums{r.keep: checksum.Encode(r.hashes[r.keep])} }

// fill makes the bytes those of an object.
func (r *received) fill(o *object) {
	o.Size, o.ETag, o.Parts, o.Sums, o.SumType = r.part.Size, r.etag(), []part{r.part}, r.sums(), fullObject
}
