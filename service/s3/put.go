package s3

import (
	"crypto/rand"
	"strings"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
	"github.com/writ-iam/writ/store"
)

func (s *Service) PutObject(c *writ.Call, in *api.PutObjectInput) (*api.PutObjectOutput, error) {
	o, err := describe(in, in.Metadata, in.Expires)
	if err != nil {
		return nil, err
	}
	o.Bucket, o.Key, o.Modified = in.Bucket, in.Key, c.Time
	if err := checkKey(o.Key); err != nil {
		return nil, err
	}
	body, err := s.receive(in.Body, in.ContentLength, in, "")
	if err != nil {
		return nil, err
	}
	body.fill(o)
	b, err := s.place(c, o, conditions{ifMatch: in.IfMatch, ifNoneMatch: in.IfNoneMatch})
	if err != nil {
		return nil, err
	}
	out := &api.PutObjectOutput{ETag: new(quoted(o.ETag)), ServerSideEncryption: new(encryption), VersionId: b.told(o), ChecksumType: &o.SumType}
	tellSums(out, o.Sums)
	return out, nil
}

// encryption is what is true of every object: its bytes are sealed with a key of
// their own (SSE-S3).
const encryption = "AES256"

// storageClass is that of every object.
const storageClass = "STANDARD"

// describe makes an object of what the headers of a request say of one.
func describe(in any, metadata map[string]string, expires *time.Time) (*object, error) {
	if err := checkServed(in); err != nil {
		return nil, err
	}
	o := &object{Metadata: metadata, Content: contentOf(in, expires)}
	if err := checkMetadata(metadata); err != nil {
		return nil, err
	}
	if err := checkRedirect(o.Content.Redirect); err != nil {
		return nil, err
	}
	var err error
	o.Tags, err = tagsOfHeader(member(in, "Tagging"))
	return o, err
}

func contentOf(in any, expires *time.Time) content {
	of := func(name string) string { return value(member(in, name)) }
	return content{Type: of("ContentType"), Encoding: withoutChunks(of("ContentEncoding")), Language: of("ContentLanguage"),
		Disposition: of("ContentDisposition"), CacheControl: of("CacheControl"), Redirect: of("WebsiteRedirectLocation"), Expires: expires}
}

// withoutChunks leaves out of a Content-Encoding what only says how the body came.
func withoutChunks(encoding string) string {
	var kept []string
	for name := range strings.SplitSeq(encoding, ",") {
		if name = strings.TrimSpace(name); name != "" && !strings.EqualFold(name, "aws-chunked") {
			kept = append(kept, name)
		}
	}
	return strings.Join(kept, ",")
}

// place makes an object the newest version of its key in the bucket that is
// returned, and discards the bytes that nothing refers to then.
func (s *Service) place(c *writ.Call, o *object, when conditions) (b *bucket, err error) {
	var replaced []part
	random := rand.Text()
	err = s.db.Update(c, func(tx *store.Tx) error {
		if b, err = s.buckets.GetTx(tx, o.Bucket); err != nil {
			return bucketError(o.Bucket, err)
		}
		if err := own(c, b, o); err != nil {
			return err
		}
		replaced, err = b.place(tx, c, o, when, random)
		return err
	})
	if err != nil {
		s.abandon(err, o.Parts)
		return nil, err
	}
	s.discard(replaced)
	return b, nil
}

// place is the part of it that goes on within a transaction.
func (b *bucket) place(tx *store.Tx, c *writ.Call, o *object, when conditions, random string) (replaced []part, err error) {
	last, err := b.newest(tx, o.Key)
	if err != nil {
		return nil, err
	}
	if err := when.hold(c, last, o.Key); err != nil {
		return nil, err
	}
	return b.add(tx, o, last, c.Time, random)
}
