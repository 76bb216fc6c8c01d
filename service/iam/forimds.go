package iam

import (
	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
)

// ProfileRole tells the metadata service which role an instance profile holds:
// nil if none, store.ErrNotFound if the profile with that unique id is gone.
func (s *Service) ProfileRole(tx *store.Tx, profileID string) (*writ.Issuer, error) {
	p, err := instanceProfiles.By(tx, "id", profileID)
	if err != nil || p.RoleID == "" {
		return nil, err
	}
	r, err := roles.By(tx, "id", p.RoleID)
	if err != nil {
		return nil, err
	}
	return new(r.issuer()), nil
}
