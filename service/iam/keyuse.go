package iam

import (
	"errors"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// GetAccessKeyLastUsed knows each use at once; AWS needs up to four hours. As in
// AWS, a key that does not exist can't be told from one that is out of reach.
func (s *Service) GetAccessKeyLastUsed(c *writ.Call, in *api.GetAccessKeyLastUsedInput) (out *api.GetAccessKeyLastUsedOutput, err error) {
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		k, err := accessKeys.Get(tx, in.AccessKeyId)
		if errors.Is(err, store.ErrNotFound) || err == nil && k.Account != c.Scope.Account {
			return writ.AccessDenied("User: %s is not authorized to perform iam:GetAccessKeyLastUsed on resource: access key %s", c.Caller.ARN, in.AccessKeyId)
		}
		if err != nil {
			return err
		}
		name, err := userName(tx, k.UserID)
		if err != nil {
			return err
		}
		last, err := s.lastUse(tx, k.ID)
		out = &api.GetAccessKeyLastUsedOutput{UserName: optionalText(name), AccessKeyLastUsed: last.keyShape()}
		return err
	})
	return out, err
}

// keyShape is N/A in region and service for a key never used, as AWS shows it.
func (u *use) keyShape() *api.AccessKeyLastUsed {
	if u == nil {
		return &api.AccessKeyLastUsed{Region: "N/A", ServiceName: "N/A"}
	}
	return &api.AccessKeyLastUsed{LastUsedDate: new(u.Time.Truncate(time.Second)), Region: u.Region, ServiceName: u.Service}
}

// userName is "" for root, whose id is the account's.
func userName(tx *store.Tx, id string) (string, error) {
	u, err := users.By(tx, "id", id)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return u.Name, nil
}
