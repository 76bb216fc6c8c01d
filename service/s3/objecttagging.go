package s3

import (
	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
	"github.com/writ-iam/writ/store"
)

func (s *Service) PutObjectTagging(c *writ.Call, in *api.PutObjectTaggingInput) (*api.PutObjectTaggingOutput, error) {
	tags, err := tagsOfBody(in.Tagging.TagSet)
	if err != nil {
		return nil, err
	}
	version, err := s.retagObject(c, tags)
	return &api.PutObjectTaggingOutput{VersionId: version}, err
}

func (s *Service) DeleteObjectTagging(c *writ.Call, in *api.DeleteObjectTaggingInput) (*api.DeleteObjectTaggingOutput, error) {
	version, err := s.retagObject(c, nil)
	return &api.DeleteObjectTaggingOutput{VersionId: version}, err
}

func (s *Service) GetObjectTagging(c *writ.Call, in *api.GetObjectTaggingInput) (*api.GetObjectTaggingOutput, error) {
	t, err := decided(c)
	if err != nil {
		return nil, err
	}
	return &api.GetObjectTaggingOutput{TagSet: tagSet(t.object.Tags), VersionId: t.bucket.told(t.object)}, nil
}

// retagObject gives a version other tags, and returns what answers name it.
func (s *Service) retagObject(c *writ.Call, tags []tag) (version *string, err error) {
	err = s.db.Update(c, func(tx *store.Tx) error {
		t, err := decided(c) // on what is there in this transaction
		if err != nil {
			return err
		}
		o := *t.object
		o.Tags, version = tags, t.bucket.told(&o)
		return objects.Put(tx, &o)
	})
	return version, err
}
