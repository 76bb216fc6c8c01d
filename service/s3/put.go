package s3

import (
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
	"github.com/writ-iam/writ/checksum"
	"github.com/writ-iam/writ/store"
)

// maxObject is the largest body that one request may bring (5 GiB).
const maxObject = 5 << 30

// maxKey is the longest key, in bytes of UTF-8.
const maxKey = 1024

func (s *Service) PutObject(c *writ.Call, in *api.PutObjectInput) (*api.PutObjectOutput, error) {
	if err := checkKey(in.Key); err != nil {
		return nil, err
	}
	body, err := s.receive(in.Body, in.ContentLength, digestsOf(in))
	if err != nil {
		return nil, err
	}
	o := &object{Bucket: in.Bucket, Key: in.Key, Modified: c.Time, Size: body.part.Size, ETag: body.etag(),
		Parts: []part{body.part}, Sums: body.sums(), SumType: "FULL_OBJECT", Metadata: in.Metadata,
		Content: content{Type: value(in.ContentType), Encoding: value(in.ContentEncoding), Language: value(in.ContentLanguage),
			Disposition: value(in.ContentDisposition), CacheControl: value(in.CacheControl), Redirect: value(in.WebsiteRedirectLocation), Expires: in.Expires}}
	if err := s.place(c, o, conditions{ifMatch: in.IfMatch, ifNoneMatch: in.IfNoneMatch}); err != nil {
		return nil, err
	}
	out := &api.PutObjectOutput{ETag: new(quoted(o.ETag)), Size: &o.Size, ServerSideEncryption: new(encryption)}
	out.ChecksumCRC32, out.ChecksumCRC32C, out.ChecksumCRC64NVME = o.sum(checksum.CRC32), o.sum(checksum.CRC32C), o.sum(checksum.CRC64NVME)
	out.ChecksumSHA1, out.ChecksumSHA256, out.ChecksumType = o.sum(checksum.SHA1), o.sum(checksum.SHA256), &o.SumType
	return out, nil
}

// encryption is what is true of every object: its bytes are sealed with a key of
// their own (SSE-S3).
const encryption = "AES256"

func checkKey(key string) error {
	if len(key) > maxKey {
		e := writ.Errorf(400, "KeyTooLongError", "Your key is too long")
		e.Fields = map[string]any{"MaxSizeAllowed": "1024"}
		return e
	}
	return nil
}

// place makes an object the newest version of its key, and removes the bytes
// that nothing refers to then.
func (s *Service) place(c *writ.Call, o *object, when conditions) error {
	var replaced []part
	err := s.db.Update(c, func(tx *store.Tx) error {
		replaced = nil
		b, err := buckets.Get(tx, o.Bucket)
		if err != nil {
			return bucketError(o.Bucket, err)
		}
		if err := own(c, b, o); err != nil {
			return err
		}
		newest, err := find(tx, o.Bucket, o.Key, "")
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err := when.hold(newest, o.Key); err != nil {
			return err
		}
		o.VersionID, o.Order = nullVersion, 0
		if newest != nil {
			replaced = newest.Parts
		}
		return objects.Put(tx, o)
	})
	if err != nil {
		replaced = o.Parts
	}
	s.drop(replaced)
	return err
}

// drop removes blobs that nothing refers to any more. What can't be removed now
// is swept at the next start.
func (s *Service) drop(parts []part) {
	for _, p := range parts {
		s.blobs.Remove(p.ID)
	}
}

// digests are what a request says of its body.
type digests struct {
	given     map[checksum.Algorithm]string // by headers
	algorithm checksum.Algorithm            // that a trailer will bring, "" if none
	unknown   bool                          // one that is not computed here
}

func digestsOf(in *api.PutObjectInput) digests {
	d := digests{given: map[checksum.Algorithm]string{}, algorithm: checksum.Algorithm(value(in.ChecksumAlgorithm))}
	for a, given := range map[checksum.Algorithm]*string{checksum.MD5: in.ContentMD5, checksum.CRC32: in.ChecksumCRC32, checksum.CRC32C: in.ChecksumCRC32C,
		checksum.CRC64NVME: in.ChecksumCRC64NVME, checksum.SHA1: in.ChecksumSHA1, checksum.SHA256: in.ChecksumSHA256} {
		if given != nil {
			d.given[a] = *given
		}
	}
	d.unknown = in.ChecksumSHA512 != nil || in.ChecksumMD5 != nil || in.ChecksumXXHASH64 != nil || in.ChecksumXXHASH3 != nil || in.ChecksumXXHASH128 != nil
	return d
}

// received is a body that has become a blob.
type received struct {
	part   part
	hashes map[checksum.Algorithm]hash.Hash
}

// trailers is a body that headers follow.
type trailers interface{ Trailer(name string) string }

// receive makes a blob of a body and holds it against its digests. Nothing is
// left of one that breaks off or is not what it should be.
func (s *Service) receive(body io.Reader, length *int64, d digests) (*received, error) {
	r, err := newReceived(length, d)
	if err != nil {
		return nil, err
	}
	w, err := s.blobs.Create()
	if err != nil {
		return nil, err
	}
	sinks := []io.Writer{w}
	for _, h := range r.hashes {
		sinks = append(sinks, h)
	}
	n, err := io.Copy(io.MultiWriter(sinks...), io.LimitReader(body, maxObject+1))
	switch {
	case err == nil && n > maxObject:
		err = tooLarge()
	case err == nil:
		err = r.check(body, d)
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

func newReceived(length *int64, d digests) (*received, error) {
	switch {
	case d.unknown || d.algorithm != "" && d.algorithm.New() == nil:
		return nil, writ.NotImplemented("A header you provided implies functionality that is not implemented")
	case length == nil:
		return nil, writ.Errorf(411, "MissingContentLength", "You must provide the Content-Length HTTP header.")
	case *length > maxObject:
		return nil, tooLarge()
	}
	r := &received{hashes: map[checksum.Algorithm]hash.Hash{checksum.MD5: checksum.MD5.New()}}
	for a := range d.given {
		r.hashes[a] = a.New()
	}
	if d.algorithm != "" {
		r.hashes[d.algorithm] = d.algorithm.New()
	}
	if len(r.hashes) == 1 { // what S3 computes if nothing is asked for
		r.hashes[checksum.CRC64NVME] = checksum.CRC64NVME.New()
	}
	return r, nil
}

func tooLarge() error {
	return writ.Errorf(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
}

// check compares the digests, those that came before the body and those after.
func (r *received) check(body io.Reader, d digests) error {
	for a, h := range r.hashes {
		given := d.given[a]
		if t, ok := body.(trailers); ok && given == "" && a != checksum.MD5 {
			given = t.Trailer(a.Header())
		}
		if given == "" {
			continue
		}
		if err := writ.CheckDigest(a, given, h); err != nil {
			return err
		}
	}
	return nil
}

func (r *received) etag() string { return hex.EncodeToString(r.hashes[checksum.MD5].Sum(nil)) }

func (r *received) sums() map[checksum.Algorithm]string {
	sums := map[checksum.Algorithm]string{}
	for a, h := range r.hashes {
		if a != checksum.MD5 {
			sums[a] = checksum.Encode(h)
		}
	}
	return sums
}

// sum is a checksum of the object, nil if it has none of the algorithm.
func (o *object) sum(a checksum.Algorithm) *string {
	if text, ok := o.Sums[a]; ok {
		return &text
	}
	return nil
}

func quoted(etag string) string { return `"` + etag + `"` }

func unquoted(etag string) string { return strings.Trim(etag, `"`) }
