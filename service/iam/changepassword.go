package iam

import (
	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/policy"
)

// ChangePassword is how a user sets another password, an expired one included.
// Who holds a user's access key may try old passwords here, so that attempts
// count as at a sign-in.
func (s *Service) ChangePassword(c *writ.Call, in *api.ChangePasswordInput) (*api.ChangePasswordOutput, error) {
	if c.Caller.Type != policy.User {
		return nil, api.InvalidUserTypeException("Only IAM Users can change their own password")
	}
	of, err := s.passwordOf(c, nil)
	if err != nil {
		return nil, err
	}
	if of.profile == nil {
		return nil, noProfile(of.user.Name)
	}
	if err := s.checkOld(c, &of, in.OldPassword); err != nil {
		return nil, err
	}
	hash, err := s.hash(c, &of, in.NewPassword)
	if err != nil {
		return nil, err
	}
	err = s.updateProfile(c, nil, of.profile, func(p *loginProfile) {
		p.set(hash, c.Time)
		p.MustSet = false
	})
	return &api.ChangePasswordOutput{}, err
}

// checkOld demands the present password.
func (s *Service) checkOld(c *writ.Call, of *passwordOf, old string) error {
	t := passwordOfUser(of.user.ID, c)
	made, err := s.try(c, t)
	if err != nil {
		return err
	}
	if made.locked {
		return api.EntityTemporarilyUnmodifiableException("The old password was incorrect too often. Please try again later.")
	}
	right := false
	if err := s.hashing.turn(c.Context, func() { right = of.profile.Hash.matches(old) }); err != nil {
		return err
	}
	if err := s.tell(c, subject{account: of.user.Account, caller: c.Caller}, made, !right); err != nil {
		return err
	}
	if !right {
		return writ.AccessDenied("The old password was incorrect.")
	}
	return s.right(c, t)
}
