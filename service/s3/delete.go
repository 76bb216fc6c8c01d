package s3

import (
	"errors"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
	"github.com/writ-iam/writ/store"
)

// DeleteObject succeeds whether or not the object is there.
func (s *Service) DeleteObject(c *writ.Call, in *api.DeleteObjectInput) (*api.DeleteObjectOutput, error) {
	var removed []part
	err := s.db.Update(c, func(tx *store.Tx) error {
		removed = nil
		o, err := find(tx, in.Bucket, in.Key, value(in.VersionId))
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		removed = o.Parts
		return objects.Delete(tx, versionKey(o.Bucket, o.Key, o.Order))
	})
	if err == nil {
		s.drop(removed)
	}
	return &api.DeleteObjectOutput{}, err
}
