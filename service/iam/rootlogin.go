package iam

import (
	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// Sessions of AssumeRoot may look at the password of the root user they are, and
// take it away (IAM User Guide, "Perform a privileged task on an AWS Organizations
// member account").

// assumedRoot says whether a call that names no user is about the root user.
func assumedRoot(c *writ.Call, userName *string) bool {
	s := c.Caller.Session
	return userName == nil && c.Caller.Type == policy.RootUser && s != nil && s.Operation == "AssumeRoot"
}

// rootPassword finds the account of a root user who has a password.
func rootPassword(tx *store.Tx, id string) (*account, error) {
	a, err := accounts.Get(tx, id)
	if err == nil && a.RootPassword == "" {
		err = noProfile("root")
	}
	return a, err
}

// rootProfile shows it as old as the account: it is made with it, or never.
func (s *Service) rootProfile(c *writ.Call) (*api.GetLoginProfileOutput, error) {
	out := new(api.GetLoginProfileOutput)
	err := s.db.View(c.Context, func(tx *store.Tx) error {
		a, err := rootPassword(tx, c.Scope.Account)
		if err == nil {
			out.LoginProfile = api.LoginProfile{UserName: a.Alias, CreateDate: a.Created, PasswordResetRequired: new(false)}
		}
		return err
	})
	return out, err
}

func (s *Service) deleteRootPassword(c *writ.Call) error {
	return s.db.Update(c, func(tx *store.Tx) error {
		a, err := rootPassword(tx, c.Scope.Account)
		if err != nil {
			return err
		}
		a.RootPassword = ""
		return accounts.Put(tx, a)
	})
}
