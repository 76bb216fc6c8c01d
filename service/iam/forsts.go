package iam

import (
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// The methods of this file are what STS asks of IAM.

// Role returns a role of any account by its ARN, and how long its sessions may
// last. It reads caches alone.
func (s *Service) Role(tx *store.Tx, arn string) (writ.Issuer, time.Duration, error) {
	r, err := s.assumed.GetTx(tx, arn)
	if err != nil {
		return writ.Issuer{}, 0, err
	}
	return writ.Issuer{Type: writ.IssuerRole, Partition: r.Partition, Account: r.Account, Name: r.Name, ID: r.ID, ARN: r.arn()}, r.MaxSession, nil
}

// UseCode uses up a one-time code of a device of the caller. It is false if the
// code is not good, and store.ErrNotFound if the caller has no such device.
func (s *Service) UseCode(c *writ.Call, serial, code string) (bool, error) {
	if c.Caller.Type != policy.User && c.Caller.Type != policy.RootUser {
		return false, store.ErrNotFound
	}
	used, err := s.useCode(c, subject{account: c.Caller.Account, caller: c.Caller}, c.Caller.ID, serial, code)
	return used != nil, err
}

// AnyRegion says whether tokens that an account gets from STS's global endpoint
// are good in all regions.
func (s *Service) AnyRegion(tx *store.Tx, id string) (bool, error) {
	a, err := accounts.Get(tx, id)
	return err == nil && a.AnyRegion, err
}

// KeyAccount returns the account of a long-term access key, active or not.
func (s *Service) KeyAccount(tx *store.Tx, id string) (string, error) {
	k, err := accessKeys.Get(tx, id)
	if err != nil {
		return "", err
	}
	return k.Account, nil
}
