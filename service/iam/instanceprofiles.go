package iam

import (
	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

func (s *Service) CreateInstanceProfile(c *writ.Call, in *api.CreateInstanceProfileInput) (*api.CreateInstanceProfileOutput, error) {
	if err := s.checkTags(instanceProfileKind, nil, in.Tags); err != nil {
		return nil, err
	}
	p := &instanceProfile{entity: instanceProfileKind.newEntity(c, in.Path, in.InstanceProfileName, in.Tags)}
	err := s.db.Update(c, func(tx *store.Tx) error {
		return insert(s, tx, instanceProfiles, instanceProfileKind, &p.entity, p)
	})
	shape := p.empty()
	shape.Tags = toTags(p.Tags)
	return &api.CreateInstanceProfileOutput{InstanceProfile: *shape}, err
}

func (s *Service) GetInstanceProfile(c *writ.Call, in *api.GetInstanceProfileInput) (out *api.GetInstanceProfileOutput, err error) {
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		p, err := findInstanceProfile(tx, c, in.InstanceProfileName)
		if err != nil {
			return err
		}
		shape, err := listedProfile(tx, p)
		if err != nil {
			return err
		}
		shape.Tags = toTags(p.Tags)
		out = &api.GetInstanceProfileOutput{InstanceProfile: *shape}
		return nil
	})
	return out, err
}

func (s *Service) ListInstanceProfiles(c *writ.Call, in *api.ListInstanceProfilesInput) (*api.ListInstanceProfilesOutput, error) {
	p, err := byPathIn(s, c, instanceProfiles, in.PathPrefix, paging{in.Marker, in.MaxItems}, listedProfile)
	if err != nil {
		return nil, err
	}
	return &api.ListInstanceProfilesOutput{InstanceProfiles: shapes(p), IsTruncated: &p.IsTruncated, Marker: p.Marker}, nil
}

func (s *Service) ListInstanceProfilesForRole(c *writ.Call, in *api.ListInstanceProfilesForRoleInput) (*api.ListInstanceProfilesForRoleOutput, error) {
	p, err := list(s, c, paging{in.Marker, in.MaxItems}, func(tx *store.Tx, after store.Key, limit int) ([]*api.InstanceProfile, store.Key, error) {
		r, err := findRole(tx, c, in.RoleName)
		if err != nil {
			return nil, nil, err
		}
		rows, next, err := instanceProfiles.PageBy(tx, "role", store.K(r.Account, r.ID), after, limit)
		if err != nil {
			return nil, nil, err
		}
		shapes, err := convertIn(tx, rows, listedProfile)
		return shapes, next, err
	}, in.RoleName)
	if err != nil {
		return nil, err
	}
	return &api.ListInstanceProfilesForRoleOutput{InstanceProfiles: shapes(p), IsTruncated: &p.IsTruncated, Marker: p.Marker}, nil
}

// AddRoleToInstanceProfile: an instance profile holds one role at most.
func (s *Service) AddRoleToInstanceProfile(c *writ.Call, in *api.AddRoleToInstanceProfileInput) (*api.AddRoleToInstanceProfileOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		p, err := findInstanceProfile(tx, c, in.InstanceProfileName)
		if err != nil {
			return err
		}
		r, err := findRole(tx, c, in.RoleName)
		if err != nil {
			return err
		}
		if err := unprotected(&r.entity); err != nil {
			return err
		}
		if p.RoleID != "" {
			return api.LimitExceededException("Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1")
		}
		p.RoleID = r.ID
		return instanceProfiles.Put(tx, p)
	})
	return &api.AddRoleToInstanceProfileOutput{}, err
}

func (s *Service) RemoveRoleFromInstanceProfile(c *writ.Call, in *api.RemoveRoleFromInstanceProfileInput) (*api.RemoveRoleFromInstanceProfileOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		p, err := findInstanceProfile(tx, c, in.InstanceProfileName)
		if err != nil {
			return err
		}
		r, err := findRole(tx, c, in.RoleName)
		if err != nil {
			return err
		}
		if p.RoleID != r.ID {
			return absentIs(store.ErrNotFound, roleKind, in.RoleName)
		}
		p.RoleID = ""
		return instanceProfiles.Put(tx, p)
	})
	return &api.RemoveRoleFromInstanceProfileOutput{}, err
}

func (s *Service) DeleteInstanceProfile(c *writ.Call, in *api.DeleteInstanceProfileInput) (*api.DeleteInstanceProfileOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		p, err := findInstanceProfile(tx, c, in.InstanceProfileName)
		if err != nil {
			return err
		}
		if p.RoleID != "" {
			return api.DeleteConflictException("Cannot delete entity, must remove roles from instance profile first.")
		}
		return remove(tx, instanceProfiles, &p.entity)
	})
	return &api.DeleteInstanceProfileOutput{}, err
}

// empty is the instance profile without its role and tags.
func (p *instanceProfile) empty() *api.InstanceProfile {
	return &api.InstanceProfile{Path: p.Path, InstanceProfileName: p.Name, InstanceProfileId: p.ID, Arn: p.arn(),
		CreateDate: p.Created, Roles: []api.Role{}}
}

// listedProfile is the instance profile as lists show it: without tags.
func listedProfile(tx *store.Tx, p *instanceProfile) (*api.InstanceProfile, error) {
	shape := p.empty()
	if p.RoleID == "" {
		return shape, nil
	}
	r, err := roles.By(tx, "id", p.RoleID)
	if err != nil {
		return nil, err
	}
	held, err := r.brief(tx)
	if err != nil {
		return nil, err
	}
	shape.Roles = append(shape.Roles, *held)
	return shape, nil
}
