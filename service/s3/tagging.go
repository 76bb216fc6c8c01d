package s3

import (
	"strings"
	"unicode/utf8"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
	"github.com/writ-iam/writ/store"
)

// maxBucketTags: S3 User Guide, "Using cost allocation S3 bucket tags".
const maxBucketTags, maxTagKey, maxTagValue = 50, 128, 256

func (s *Service) PutBucketTagging(c *writ.Call, in *api.PutBucketTaggingInput) (*api.PutBucketTaggingOutput, error) {
	tags, err := newBucketTags(in.Tagging.TagSet)
	if err != nil {
		return nil, err
	}
	return &api.PutBucketTaggingOutput{}, s.retag(c, in.Bucket, tags)
}

func (s *Service) DeleteBucketTagging(c *writ.Call, in *api.DeleteBucketTaggingInput) (*api.DeleteBucketTaggingOutput, error) {
	return &api.DeleteBucketTaggingOutput{}, s.retag(c, in.Bucket, nil)
}

// retag changes the tags of a bucket. Where they decide, that is not for those
// who may merely label it.
func (s *Service) retag(c *writ.Call, name string, tags []tag) error {
	return s.change(c, name, func(_ *store.Tx, b *bucket) error {
		if b.ABAC {
			return writ.Errorf(400, "InvalidRequest", "This operation isn't supported on buckets that have ABAC enabled.")
		}
		b.Tags = tags
		return nil
	})
}

func (s *Service) GetBucketTagging(c *writ.Call, in *api.GetBucketTaggingInput) (*api.GetBucketTaggingOutput, error) {
	b, err := s.bucket(c, in.Bucket)
	if err != nil {
		return nil, err
	}
	if len(b.Tags) == 0 {
		return nil, missing("NoSuchTagSet", "The TagSet does not exist", b)
	}
	out := &api.GetBucketTaggingOutput{}
	for _, t := range b.Tags {
		out.TagSet = append(out.TagSet, api.Tag(t))
	}
	return out, nil
}

// PutBucketAbac lets the tags of a bucket decide, or not any more.
func (s *Service) PutBucketAbac(c *writ.Call, in *api.PutBucketAbacInput) (*api.PutBucketAbacOutput, error) {
	if in.AbacStatus.Status == nil {
		return nil, notBySchema()
	}
	err := s.change(c, in.Bucket, func(_ *store.Tx, b *bucket) error {
		b.ABAC = *in.AbacStatus.Status == "Enabled"
		return nil
	})
	return &api.PutBucketAbacOutput{}, err
}

func (s *Service) GetBucketAbac(c *writ.Call, in *api.GetBucketAbacInput) (*api.GetBucketAbacOutput, error) {
	b, err := s.bucket(c, in.Bucket)
	if err != nil {
		return nil, err
	}
	status := "Disabled"
	if b.ABAC {
		status = "Enabled"
	}
	return &api.GetBucketAbacOutput{AbacStatus: &api.AbacStatus{Status: &status}}, nil
}

// newBucketTags checks the tags of a bucket.
func newBucketTags(asked []api.Tag) (tags []tag, err error) {
	seen := map[string]bool{}
	for _, t := range asked {
		switch {
		case t.Key == "" || utf8.RuneCountInString(t.Key) > maxTagKey:
			return nil, invalidTag(t.Key, "The TagKey you have provided is invalid")
		case utf8.RuneCountInString(t.Value) > maxTagValue:
			return nil, invalidTag(t.Key, "The TagValue you have provided is invalid")
		case strings.HasPrefix(strings.ToLower(t.Key), "aws:"):
			return nil, invalidTag(t.Key, "System tags cannot be added/updated by requester")
		case seen[t.Key]:
			return nil, invalidTag(t.Key, "Cannot provide multiple Tags with the same key")
		}
		seen[t.Key] = true
		tags = append(tags, tag(t))
	}
	if len(tags) > maxBucketTags {
		return nil, writ.Errorf(400, "BadRequest", "Bucket tag count cannot be greater than %d", maxBucketTags)
	}
	return tags, nil
}

func invalidTag(key, message string) error {
	e := writ.Errorf(400, "InvalidTag", "%s", message)
	e.Fields = map[string]any{"TagKey": key}
	return e
}
