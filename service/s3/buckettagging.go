package s3

import (
	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
	"github.com/writ-iam/writ/store"
)

func (s *Service) PutBucketTagging(c *writ.Call, in *api.PutBucketTaggingInput) (*api.PutBucketTaggingOutput, error) {
	tags, err := bucketTags(in.Tagging.TagSet)
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
		return nil, malformedXML()
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
