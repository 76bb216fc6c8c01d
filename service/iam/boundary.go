package iam

import (
	"errors"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

func (s *Service) PutUserPermissionsBoundary(c *writ.Call, in *api.PutUserPermissionsBoundaryInput) (*api.PutUserPermissionsBoundaryOutput, error) {
	err := s.setBoundary(c, userBoundary(c, in.UserName), in.PermissionsBoundary)
	return &api.PutUserPermissionsBoundaryOutput{}, err
}

func (s *Service) DeleteUserPermissionsBoundary(c *writ.Call, in *api.DeleteUserPermissionsBoundaryInput) (*api.DeleteUserPermissionsBoundaryOutput, error) {
	err := s.setBoundary(c, userBoundary(c, in.UserName), "")
	return &api.DeleteUserPermissionsBoundaryOutput{}, err
}

func (s *Service) PutRolePermissionsBoundary(c *writ.Call, in *api.PutRolePermissionsBoundaryInput) (*api.PutRolePermissionsBoundaryOutput, error) {
	err := s.setBoundary(c, roleBoundary(c, in.RoleName), in.PermissionsBoundary)
	return &api.PutRolePermissionsBoundaryOutput{}, err
}

func (s *Service) DeleteRolePermissionsBoundary(c *writ.Call, in *api.DeleteRolePermissionsBoundaryInput) (*api.DeleteRolePermissionsBoundaryOutput, error) {
	err := s.setBoundary(c, roleBoundary(c, in.RoleName), "")
	return &api.DeleteRolePermissionsBoundaryOutput{}, err
}

// bounded is a user or role about to get another boundary.
type bounded struct {
	kind
	name     string
	boundary *string // in the record that put writes
	put      func() error
}

func userBoundary(c *writ.Call, name string) func(*store.Tx) (bounded, error) {
	return func(tx *store.Tx) (bounded, error) {
		u, err := findUser(tx, c, name)
		if err != nil {
			return bounded{}, err
		}
		return bounded{userKind, u.Name, &u.Boundary, func() error { return users.Put(tx, u) }}, nil
	}
}

func roleBoundary(c *writ.Call, name string) func(*store.Tx) (bounded, error) {
	return func(tx *store.Tx) (bounded, error) {
		r, err := findRole(tx, c, name)
		if err == nil {
			err = unprotected(&r.entity)
		}
		if err != nil {
			return bounded{}, err
		}
		return bounded{roleKind, r.Name, &r.Boundary, func() error { return roles.Put(tx, r) }}, nil
	}
}

// setBoundary sets the boundary of what find finds, or takes it away if arn is "".
func (s *Service) setBoundary(c *writ.Call, find func(*store.Tx) (bounded, error), arn string) error {
	return s.db.Update(c, func(tx *store.Tx) error {
		b, err := find(tx)
		if err != nil {
			return err
		}
		if arn == "" && *b.boundary == "" {
			return api.NoSuchEntityException("The %s with name %s does not have a permissions boundary.", b.word, b.name)
		}
		if err := s.checkBoundary(tx, c, arn); err != nil {
			return err
		}
		*b.boundary = arn
		return b.put()
	})
}

// checkBoundary says whether a policy exists that can be a boundary, and may be
// used; "" is none.
func (s *Service) checkBoundary(tx *store.Tx, c *writ.Call, arn string) error {
	if arn == "" {
		return nil
	}
	if err := checkPolicyARN(c, arn); err != nil {
		return err
	}
	_, err := s.shared.GetTx(tx, managed{c.Scope.Account, arn})
	if errors.Is(err, store.ErrNotFound) || err == nil && forServicesOnly(arn) {
		return api.NoSuchEntityException("Scope ARN: %s does not exist or is not attachable.", arn)
	}
	if err != nil {
		return err
	}
	return s.oneMoreInUse(tx, c.Scope.Account, arn)
}

func boundaryShape(arn string) *api.AttachedPermissionsBoundary {
	if arn == "" {
		return nil
	}
	return &api.AttachedPermissionsBoundary{PermissionsBoundaryType: new("Policy"), PermissionsBoundaryArn: &arn}
}
