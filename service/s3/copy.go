package s3

import (
	"fmt"
	"io"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
	"github.com/writ-iam/writ/checksum"
)

// What a copy takes from its source.
const takeOver, replace = "COPY", "REPLACE"

// CopyObject makes an object of the bytes of another. They are sealed anew, so
// that each object can be deleted with its key.
func (s *Service) CopyObject(c *writ.Call, in *api.CopyObjectInput) (*api.CopyObjectOutput, error) {
	t, err := source(c)
	if err != nil {
		return nil, err
	}
	o, err := copyOf(c, in, t)
	if err != nil {
		return nil, err
	}
	if err := s.duplicate(o, t.object, checksum.Algorithm(value(in.ChecksumAlgorithm))); err != nil {
		return nil, err
	}
	b, err := s.place(c, o, conditions{ifMatch: in.IfMatch, ifNoneMatch: in.IfNoneMatch})
	if err != nil {
		return nil, err
	}
	result := &api.CopyObjectResult{ETag: new(quoted(o.ETag)), LastModified: &o.Modified, ChecksumType: &o.SumType}
	tellSums(result, o.Sums)
	return &api.CopyObjectOutput{CopyObjectResult: result, CopySourceVersionId: t.bucket.told(t.object), VersionId: b.told(o),
		ServerSideEncryption: new(encryption)}, nil
}

// copyOf makes the copy, but for its bytes.
func copyOf(c *writ.Call, in *api.CopyObjectInput, from *target) (*object, error) {
	o, err := describe(in, in.Metadata, in.Expires)
	if err != nil {
		return nil, err
	}
	o.Bucket, o.Key, o.Modified = in.Bucket, in.Key, c.Time
	if err := checkKey(o.Key); err != nil {
		return nil, err
	}
	when := conditions{in.CopySourceIfMatch, in.CopySourceIfNoneMatch, in.CopySourceIfModifiedSince, in.CopySourceIfUnmodifiedSince}
	if err := when.copied(from.object); err != nil {
		return nil, err
	}
	if from.object.Size > maxObject {
		return nil, writ.Errorf(400, "InvalidRequest", "The specified copy source is larger than the maximum allowable size for a copy source: %d", int64(maxObject))
	}
	if err := o.takeMetadata(in, from); err != nil {
		return nil, err
	}
	return o, o.takeTags(c, in, from)
}

// takeMetadata does as x-amz-metadata-directive says. What a copy does not take
// is where a website redirects.
func (o *object) takeMetadata(in *api.CopyObjectInput, from *target) error {
	switch value(in.MetadataDirective) {
	case replace:
		return nil
	case "", takeOver:
	default:
		return invalidArgument("x-amz-metadata-directive", *in.MetadataDirective, "Unknown metadata directive.")
	}
	if o.Bucket == from.object.Bucket && o.Key == from.object.Key && from.version == "" &&
		in.StorageClass == nil && in.WebsiteRedirectLocation == nil && in.ServerSideEncryption == nil && value(in.TaggingDirective) != replace {
		return writ.Errorf(400, "InvalidRequest",
			"This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.")
	}
	redirect := o.Content.Redirect
	o.Metadata, o.Content = from.object.Metadata, from.object.Content
	o.Content.Redirect = redirect
	return nil
}

// takeTags does as x-amz-tagging-directive says. To take tags over the caller must
// be allowed to read and to set them.
func (o *object) takeTags(c *writ.Call, in *api.CopyObjectInput, from *target) error {
	switch value(in.TaggingDirective) {
	case replace:
		return nil
	case "", takeOver:
	default:
		return invalidArgument("x-amz-tagging-directive", *in.TaggingDirective, "Unknown tagging directive.")
	}
	if o.Tags = from.object.Tags; len(o.Tags) == 0 {
		return nil
	}
	reads := "s3:GetObjectTagging"
	if from.version != "" {
		reads = versionActions[reads]
	}
	for _, action := range []string{reads, "s3:PutObjectTagging"} {
		if err := c.Decision.Refused(action); err != nil {
			return err
		}
	}
	return nil
}

// duplicate gives an object the bytes of another, and a checksum of an algorithm;
// "" means that of the other.
func (s *Service) duplicate(o, from *object, a checksum.Algorithm) error {
	if a == "" {
		for a = range from.Sums { // there is one
		}
	}
	if a.New() == nil {
		return unsupportedSum()
	}
	body, err := s.reseal(from, span{0, from.Size}, a)
	if err == nil {
		body.fill(o)
	}
	return err
}

// reseal makes a blob of some of the bytes of an object.
func (s *Service) reseal(from *object, r span, keep checksum.Algorithm) (*received, error) {
	bytes, err := s.open(from, r)
	if err != nil {
		return nil, err
	}
	defer bytes.Close()
	return s.seal(bytes, digests{keep: keep}, func(got *received) error {
		if n := got.size; n != r.length {
			return fmt.Errorf("s3: %d of %d bytes of %s/%s: %w", n, r.length, from.Bucket, from.Key, io.ErrUnexpectedEOF)
		}
		return nil
	})
}
