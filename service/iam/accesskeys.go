package iam

import (
	"errors"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// keyOwner is the user, or root, whose access keys an operation is about.
type keyOwner struct{ id, name string }

// owner finds whose keys are meant: the named user's, or the caller's own.
func owner(tx *store.Tx, c *writ.Call, userName *string) (keyOwner, error) {
	if userName == nil && c.Caller.Type == policy.RootUser {
		return keyOwner{id: c.Scope.Account}, nil
	}
	u, err := ownOrNamed(tx, c, userName)
	if err != nil {
		return keyOwner{}, err
	}
	return keyOwner{u.ID, u.Name}, nil
}

// CreateAccessKey is the only time that the secret is shown.
func (s *Service) CreateAccessKey(c *writ.Call, in *api.CreateAccessKeyInput) (out *api.CreateAccessKeyOutput, err error) {
	id, secret := writ.NewAccessKeyID(writ.LongTermKeyID, c.Scope.Account), writ.NewSecret()
	err = s.db.Update(c, func(tx *store.Tx) error {
		o, err := owner(tx, c, in.UserName)
		if err != nil {
			return err
		}
		n, err := accessKeys.CountBy(tx, "user", store.K(c.Scope.Account, o.id))
		if err != nil {
			return err
		}
		if err := s.within("AccessKeysPerUser", n+1); err != nil {
			return err
		}
		k := &accessKey{ID: id, Account: c.Scope.Account, UserID: o.id, Active: true,
			Created: c.Time.Truncate(1e9), Secret: store.NewSecret([]byte(secret))}
		out = &api.CreateAccessKeyOutput{AccessKey: api.AccessKey{UserName: o.name, AccessKeyId: id,
			Status: statusOf(k.Active), SecretAccessKey: secret, CreateDate: &k.Created}}
		return accessKeys.Insert(tx, k)
	})
	return out, err
}

func (s *Service) ListAccessKeys(c *writ.Call, in *api.ListAccessKeysInput) (*api.ListAccessKeysOutput, error) {
	var o keyOwner
	p, err := list(s, c, paging{in.Marker, in.MaxItems}, func(tx *store.Tx, after store.Key, limit int) (keys []*accessKey, next store.Key, err error) {
		if o, err = owner(tx, c, in.UserName); err != nil {
			return nil, nil, err
		}
		return accessKeys.PageBy(tx, "user", store.K(c.Scope.Account, o.id), after, limit)
	}, value(in.UserName))
	if err != nil {
		return nil, err
	}
	shape := func(k *accessKey) api.AccessKeyMetadata {
		return api.AccessKeyMetadata{UserName: optionalText(o.name), AccessKeyId: &k.ID, Status: new(statusOf(k.Active)), CreateDate: &k.Created}
	}
	return &api.ListAccessKeysOutput{AccessKeyMetadata: convert(p.rows, shape), IsTruncated: &p.IsTruncated, Marker: p.Marker}, nil
}

func (s *Service) UpdateAccessKey(c *writ.Call, in *api.UpdateAccessKeyInput) (*api.UpdateAccessKeyOutput, error) {
	isActive, err := activation(in.Status)
	if err != nil {
		return nil, err
	}
	err = s.db.Update(c, func(tx *store.Tx) error {
		k, err := findAccessKey(tx, c, in.UserName, in.AccessKeyId)
		if err != nil {
			return err
		}
		k.Active = isActive
		return accessKeys.Put(tx, k)
	})
	return &api.UpdateAccessKeyOutput{}, err
}

func (s *Service) DeleteAccessKey(c *writ.Call, in *api.DeleteAccessKeyInput) (*api.DeleteAccessKeyOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		k, err := findAccessKey(tx, c, in.UserName, in.AccessKeyId)
		if err != nil {
			return err
		}
		return errors.Join(accessKeys.Delete(tx, k.ID), dropUse(tx, k.ID))
	})
	if err == nil {
		s.retired(in.AccessKeyId)
	}
	return &api.DeleteAccessKeyOutput{}, err
}

// findAccessKey finds a key of the named user or the caller. A key of anybody
// else is as absent as one that does not exist.
func findAccessKey(tx *store.Tx, c *writ.Call, userName *string, id string) (*accessKey, error) {
	o, err := owner(tx, c, userName)
	if err != nil {
		return nil, err
	}
	k, err := accessKeys.Get(tx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && (k.Account != c.Scope.Account || k.UserID != o.id) {
		return nil, api.NoSuchEntityException("The Access Key with id %s cannot be found.", id)
	}
	return k, err
}
