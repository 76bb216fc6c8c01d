package iam

import (
	"errors"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

func (s *Service) CreateUser(c *writ.Call, in *api.CreateUserInput) (*api.CreateUserOutput, error) {
	if err := s.checkTags(userKind, nil, in.Tags); err != nil {
		return nil, err
	}
	u := &user{entity: userKind.newEntity(c, in.Path, in.UserName, in.Tags), Boundary: value(in.PermissionsBoundary)}
	err := s.db.Update(c, func(tx *store.Tx) error {
		if err := s.checkBoundary(tx, c, u.Boundary); err != nil {
			return err
		}
		return insert(s, tx, users, userKind, &u.entity, u)
	})
	return &api.CreateUserOutput{User: u.shape()}, err
}

func (s *Service) GetUser(c *writ.Call, in *api.GetUserInput) (out *api.GetUserOutput, err error) {
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		if in.UserName == nil && c.Caller.Type == policy.RootUser {
			root, err := s.rootUser(tx, c)
			out = &api.GetUserOutput{User: root}
			return err
		}
		u, err := ownOrNamed(tx, c, in.UserName)
		if err != nil {
			return err
		}
		shape := u.shape()
		shape.PasswordLastUsed, err = s.passwordLastUsed(tx, u.ID)
		out = &api.GetUserOutput{User: *shape}
		return err
	})
	return out, err
}

func (s *Service) ListUsers(c *writ.Call, in *api.ListUsersInput) (*api.ListUsersOutput, error) {
	p, err := byPathIn(s, c, users, in.PathPrefix, paging{in.Marker, in.MaxItems}, s.listedUser)
	if err != nil {
		return nil, err
	}
	return &api.ListUsersOutput{Users: shapes(p), IsTruncated: &p.IsTruncated, Marker: p.Marker}, nil
}

func (s *Service) UpdateUser(c *writ.Call, in *api.UpdateUserInput) (*api.UpdateUserOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		u, err := findUser(tx, c, in.UserName)
		if err != nil {
			return err
		}
		return move(tx, users, userKind, u, in.NewPath, in.NewUserName)
	})
	return &api.UpdateUserOutput{}, err
}

// DeleteUser refuses while anything belongs to the user.
func (s *Service) DeleteUser(c *writ.Call, in *api.DeleteUserInput) (*api.DeleteUserOutput, error) {
	var id string
	err := s.db.Update(c, func(tx *store.Tx) error {
		u, err := findUser(tx, c, in.UserName)
		if err != nil {
			return err
		}
		if err := u.unused(tx); err != nil {
			return err
		}
		id = u.ID
		return errors.Join(remove(tx, users, &u.entity), s.retire(tx, actorID{u.Account, u.ID}))
	})
	if err == nil {
		s.retired(id)
	}
	return &api.DeleteUserOutput{}, err
}

func (u *user) unused(tx *store.Tx) error {
	own := store.K(u.Account, u.ID)
	return unused(
		belongings{func() (int, error) { return accessKeys.CountBy(tx, "user", own) }, "must delete access keys first."},
		belongings{func() (int, error) { return loginProfiles.Count(tx, own) }, "must delete login profile first."},
		belongings{func() (int, error) { return mfaDevices.CountBy(tx, "owner", own) }, "must delete MFA device first."},
		belongings{func() (int, error) { return signingCertificates.CountBy(tx, "user", own) }, "must delete certificates first."},
		belongings{func() (int, error) { return sshKeys.CountBy(tx, "user", own) }, "must delete SSH public keys first."},
		belongings{func() (int, error) { return serviceCredentials.CountBy(tx, "user", own) }, "must remove referenced objects first."},
		belongings{func() (int, error) { return attachments.Count(tx, own) }, "must detach all policies first."},
		belongings{func() (int, error) { return inlinePolicies.Count(tx, own) }, "must delete policies first."},
		belongings{func() (int, error) { return memberships.Count(tx, own) }, "must remove users from group first."},
	)
}

// shape is the user as the API shows it.
func (u *user) shape() *api.User {
	shape := u.listed()
	shape.PermissionsBoundary = boundaryShape(u.Boundary)
	shape.Tags = toTags(u.Tags)
	return &shape
}

// listedUser is the user as ListUsers shows it: without boundary and tags.
func (s *Service) listedUser(tx *store.Tx, u *user) (*api.User, error) {
	shape := u.listed()
	var err error
	shape.PasswordLastUsed, err = s.passwordLastUsed(tx, u.ID)
	return &shape, err
}

// listed is the user without what has to be looked up.
func (u *user) listed() api.User {
	return api.User{Path: u.Path, UserName: u.Name, UserId: u.ID, Arn: u.arn(), CreateDate: u.Created}
}

// ownOrNamed finds the user that an operation is about: the named one, or the
// caller if the name is left out.
func ownOrNamed(tx *store.Tx, c *writ.Call, name *string) (*user, error) {
	if name != nil {
		return findUser(tx, c, *name)
	}
	if c.Caller.Type != policy.User {
		return nil, writ.ValidationError("Must specify userName when calling with non-User credentials")
	}
	return findUser(tx, c, c.Caller.Name)
}
