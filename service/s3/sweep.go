package s3

import (
	"context"

	"github.com/writ-iam/writ/store"
)

// Sweep removes the blobs that no object and no upload refers to: a crash between the writing
// of a blob and of its record leaves them, and so does one between the deletion
// of a record and of its blob. It runs once, when the server starts.
func (s *Service) Sweep(ctx context.Context) error {
	needed := map[string]bool{}
	err := s.db.View(ctx, func(tx *store.Tx) error {
		for o, err := range objects.Scan(tx, store.K()) {
			if err != nil {
				return err
			}
			for _, p := range o.Parts {
				needed[p.ID] = true
			}
		}
		for p, err := range uploadedParts.Scan(tx, store.K()) {
			if err != nil {
				return err
			}
			needed[p.Part.ID] = true
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.blobs.Sweep(func(id string) bool { return needed[id] })
}
