// Package sts is the AWS Security Token Service: who am I, and temporary
// credentials.
//
// Its one idea: STS stores nothing. Credentials are a session, sealed into its
// token; what the session may do is decided at each use, by the policies of the
// role or user that it stands for.
package sts

import (
	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/sts"
	"github.com/writ-iam/writ/store"
)

// Service carries out the operations of STS. It is safe for concurrent use.
type Service struct {
	db   *store.DB
	keys *store.Keyring
}

// New makes the service; tokens are sealed with keys.
func New(db *store.DB, keys *store.Keyring) *Service { return &Service{db, keys} }

func (s *Service) GetCallerIdentity(c *writ.Call, _ *api.GetCallerIdentityInput) (*api.GetCallerIdentityOutput, error) {
	return &api.GetCallerIdentityOutput{UserId: &c.Caller.ID, Account: &c.Caller.Account, Arn: &c.Caller.ARN}, nil
}
