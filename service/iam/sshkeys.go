package iam

import (
	"bytes"
	"errors"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// sshKey is a user's SSH public key.
type sshKey struct {
	ID       string
	Account  string
	UserID   string
	Active   bool
	Uploaded time.Time
	Body     string // as it was uploaded
	Wire     []byte // in SSH's encoding (RFC 4253, section 6.6): one key has one
}

var sshKeys = store.NewTable("iam/ssh-key",
	func(k *sshKey) store.Key { return store.K(k.Account, k.ID) },
	store.Index("user", func(k *sshKey) store.Key { return store.K(k.Account, k.UserID, k.Uploaded, k.ID) }))

// UploadSSHPublicKey takes a key once for each user, in whichever encoding.
func (s *Service) UploadSSHPublicKey(c *writ.Call, in *api.UploadSSHPublicKeyInput) (out *api.UploadSSHPublicKeyOutput, err error) {
	wire, err := parseSSHKey(in.SSHPublicKeyBody)
	if err != nil {
		return nil, err
	}
	k := &sshKey{ID: writ.NewAccessKeyID(writ.SSHKeyID, c.Scope.Account), Account: c.Scope.Account, Active: true,
		Uploaded: c.Time.Truncate(time.Second), Body: in.SSHPublicKeyBody, Wire: wire}
	err = s.db.Update(c, func(tx *store.Tx) error {
		u, err := findUser(tx, c, in.UserName)
		if err != nil {
			return err
		}
		k.UserID = u.ID
		out = &api.UploadSSHPublicKeyOutput{SSHPublicKey: k.shape(u, k.Body)}
		return s.insertSSHKey(tx, k)
	})
	return out, err
}

func (s *Service) insertSSHKey(tx *store.Tx, k *sshKey) error {
	n := 0
	for other, err := range sshKeys.ScanBy(tx, "user", store.K(k.Account, k.UserID)) {
		if err != nil {
			return err
		}
		if bytes.Equal(other.Wire, k.Wire) {
			return api.DuplicateSSHPublicKeyException("Duplicate SSH public key uploaded.")
		}
		n++
	}
	if err := s.within("SSHPublicKeysPerUser", n+1); err != nil {
		return err
	}
	return sshKeys.Insert(tx, k)
}

// GetSSHPublicKey shows the key in the encoding asked for, without its comment.
func (s *Service) GetSSHPublicKey(c *writ.Call, in *api.GetSSHPublicKeyInput) (out *api.GetSSHPublicKeyOutput, err error) {
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		u, k, err := findSSHKey(tx, c, in.UserName, in.SSHPublicKeyId)
		if err != nil {
			return err
		}
		body, err := k.encoded(in.Encoding)
		out = &api.GetSSHPublicKeyOutput{SSHPublicKey: k.shape(u, body)}
		return err
	})
	return out, err
}

func (s *Service) ListSSHPublicKeys(c *writ.Call, in *api.ListSSHPublicKeysInput) (*api.ListSSHPublicKeysOutput, error) {
	var u *user
	p, err := list(s, c, paging{in.Marker, in.MaxItems}, func(tx *store.Tx, after store.Key, limit int) (keys []*sshKey, next store.Key, err error) {
		if u, err = ownOrNamed(tx, c, in.UserName); err != nil {
			return nil, nil, err
		}
		return sshKeys.PageBy(tx, "user", store.K(u.Account, u.ID), after, limit)
	}, value(in.UserName))
	if err != nil {
		return nil, err
	}
	shape := func(k *sshKey) api.SSHPublicKeyMetadata {
		return api.SSHPublicKeyMetadata{UserName: u.Name, SSHPublicKeyId: k.ID, Status: statusOf(k.Active), UploadDate: k.Uploaded}
	}
	return &api.ListSSHPublicKeysOutput{SSHPublicKeys: convert(p.rows, shape), IsTruncated: &p.IsTruncated, Marker: p.Marker}, nil
}

func (s *Service) UpdateSSHPublicKey(c *writ.Call, in *api.UpdateSSHPublicKeyInput) (*api.UpdateSSHPublicKeyOutput, error) {
	isActive, err := activation(in.Status)
	if err != nil {
		return nil, err
	}
	err = s.db.Update(c, func(tx *store.Tx) error {
		_, k, err := findSSHKey(tx, c, in.UserName, in.SSHPublicKeyId)
		if err != nil {
			return err
		}
		k.Active = isActive
		return sshKeys.Put(tx, k)
	})
	return &api.UpdateSSHPublicKeyOutput{}, err
}

func (s *Service) DeleteSSHPublicKey(c *writ.Call, in *api.DeleteSSHPublicKeyInput) (*api.DeleteSSHPublicKeyOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		_, k, err := findSSHKey(tx, c, in.UserName, in.SSHPublicKeyId)
		if err != nil {
			return err
		}
		return sshKeys.Delete(tx, k.Account, k.ID)
	})
	return &api.DeleteSSHPublicKeyOutput{}, err
}

// findSSHKey finds a key of a user. AWS has words of its own for a key that is
// another user's.
func findSSHKey(tx *store.Tx, c *writ.Call, userName, id string) (*user, *sshKey, error) {
	u, err := findUser(tx, c, userName)
	if err != nil {
		return nil, nil, err
	}
	k, err := sshKeys.Get(tx, c.Scope.Account, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil, api.NoSuchEntityException("The Public Key with id %s cannot be found.", id)
	}
	if err == nil && k.UserID != u.ID {
		return nil, nil, api.NoSuchEntityException("User has no Public Key with id %s.", id)
	}
	return u, k, err
}

func (k *sshKey) shape(u *user, body string) *api.SSHPublicKey {
	return &api.SSHPublicKey{UserName: u.Name, SSHPublicKeyId: k.ID, Fingerprint: k.fingerprint(),
		SSHPublicKeyBody: body, Status: statusOf(k.Active), UploadDate: &k.Uploaded}
}
