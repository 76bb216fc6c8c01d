package iam

import (
	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// checkBoundary says whether a policy exists that can be a boundary; "" is none.
func (s *Service) checkBoundary(tx *store.Tx, c *writ.Call, arn string) error {
	if arn == "" {
		return nil
	}
	_, err := s.attachable(tx, c, arn)
	return err
}

func boundaryShape(arn string) *api.AttachedPermissionsBoundary {
	if arn == "" {
		return nil
	}
	return &api.AttachedPermissionsBoundary{PermissionsBoundaryType: new("Policy"), PermissionsBoundaryArn: &arn}
}

func (s *Service) PutUserPermissionsBoundary(c *writ.Call, in *api.PutUserPermissionsBoundaryInput) (*api.PutUserPermissionsBoundaryOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		u, err := findUser(tx, c, in.UserName)
		if err != nil {
			return err
		}
		if err := s.checkBoundary(tx, c, in.PermissionsBoundary); err != nil {
			return err
		}
		u.Boundary = in.PermissionsBoundary
		return users.Put(tx, u)
	})
	return &api.PutUserPermissionsBoundaryOutput{}, err
}

func (s *Service) DeleteUserPermissionsBoundary(c *writ.Call, in *api.DeleteUserPermissionsBoundaryInput) (*api.DeleteUserPermissionsBoundaryOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		u, err := findUser(tx, c, in.UserName)
		if err != nil {
			return err
		}
		if u.Boundary == "" {
			return api.NoSuchEntityException("The user with name %s does not have a permissions boundary.", in.UserName)
		}
		u.Boundary = ""
		return users.Put(tx, u)
	})
	return &api.DeleteUserPermissionsBoundaryOutput{}, err
}
