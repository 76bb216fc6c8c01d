package iam

import (
	"errors"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

func (s *Service) CreateRole(c *writ.Call, in *api.CreateRoleInput) (out *api.CreateRoleOutput, err error) {
	if err := s.checkTags(roleKind, nil, in.Tags); err != nil {
		return nil, err
	}
	if err := unreserved(in.Path); err != nil {
		return nil, err
	}
	trust, err := s.trustDocument(c, in.AssumeRolePolicyDocument)
	if err != nil {
		return nil, err
	}
	r := &role{entity: roleKind.newEntity(c, in.Path, in.RoleName, in.Tags), Description: value(in.Description),
		Boundary: value(in.PermissionsBoundary), MaxSession: maxSession(in.MaxSessionDuration)}
	err = s.db.Update(c, func(tx *store.Tx) error {
		if err := s.checkBoundary(tx, c, r.Boundary); err != nil {
			return err
		}
		if err := r.setTrust(tx, trust); err != nil {
			return err
		}
		shape, err := r.created(tx)
		if err != nil {
			return err
		}
		out = &api.CreateRoleOutput{Role: *shape}
		return insert(s, tx, roles, roleKind, &r.entity, r)
	})
	return out, err
}

// maxSession is one hour unless the caller says otherwise.
func maxSession(seconds *int) time.Duration {
	if seconds == nil {
		return time.Hour
	}
	return time.Duration(*seconds) * time.Second
}

func (s *Service) GetRole(c *writ.Call, in *api.GetRoleInput) (out *api.GetRoleOutput, err error) {
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		r, err := findRole(tx, c, in.RoleName)
		if err != nil {
			return err
		}
		shape, err := s.roleShape(tx, r, c.Time)
		if err != nil {
			return err
		}
		out = &api.GetRoleOutput{Role: *shape}
		return nil
	})
	return out, err
}

func (s *Service) ListRoles(c *writ.Call, in *api.ListRolesInput) (*api.ListRolesOutput, error) {
	p, err := byPathIn(s, c, roles, in.PathPrefix, paging{in.Marker, in.MaxItems}, listedRole)
	if err != nil {
		return nil, err
	}
	return &api.ListRolesOutput{Roles: shapes(p), IsTruncated: &p.IsTruncated, Marker: p.Marker}, nil
}

// UpdateRole leaves the description alone if there is none in the input, but
// sets the session duration back to one hour (API reference, UpdateRole). Of a
// service-linked role the description alone can be changed.
func (s *Service) UpdateRole(c *writ.Call, in *api.UpdateRoleInput) (*api.UpdateRoleOutput, error) {
	err := updateRole(s, c, in.RoleName, func(_ *store.Tx, r *role) error {
		if in.Description != nil {
			r.Description = *in.Description
		}
		if in.MaxSessionDuration != nil {
			if err := unprotected(&r.entity); err != nil {
				return err
			}
		}
		r.MaxSession = maxSession(in.MaxSessionDuration)
		return nil
	})
	return &api.UpdateRoleOutput{}, err
}

func (s *Service) UpdateRoleDescription(c *writ.Call, in *api.UpdateRoleDescriptionInput) (out *api.UpdateRoleDescriptionOutput, err error) {
	err = updateRole(s, c, in.RoleName, func(tx *store.Tx, r *role) error {
		r.Description = in.Description
		shape, err := listedRole(tx, r)
		out = &api.UpdateRoleDescriptionOutput{Role: shape}
		return err
	})
	return out, err
}

func (s *Service) UpdateAssumeRolePolicy(c *writ.Call, in *api.UpdateAssumeRolePolicyInput) (*api.UpdateAssumeRolePolicyOutput, error) {
	trust, err := s.trustDocument(c, in.PolicyDocument)
	if err != nil {
		return nil, err
	}
	err = updateRole(s, c, in.RoleName, func(tx *store.Tx, r *role) error {
		if err := unprotected(&r.entity); err != nil {
			return err
		}
		return r.setTrust(tx, trust)
	})
	return &api.UpdateAssumeRolePolicyOutput{}, err
}

// updateRole changes a role's record.
func updateRole(s *Service, c *writ.Call, name string, change func(*store.Tx, *role) error) error {
	return s.db.Update(c, func(tx *store.Tx) error {
		r, err := findRole(tx, c, name)
		if err != nil {
			return err
		}
		if err := change(tx, r); err != nil {
			return err
		}
		return roles.Put(tx, r)
	})
}

// DeleteRole refuses while anything belongs to the role, in AWS's order. What
// trust policies say of the role stays there, and names nobody.
func (s *Service) DeleteRole(c *writ.Call, in *api.DeleteRoleInput) (*api.DeleteRoleOutput, error) {
	var id string
	err := s.db.Update(c, func(tx *store.Tx) error {
		r, err := findRole(tx, c, in.RoleName)
		if err != nil {
			return err
		}
		if err := unprotected(&r.entity); err != nil {
			return err
		}
		if err := r.unused(tx); err != nil {
			return err
		}
		id = r.ID
		return s.removeRole(tx, r)
	})
	if err == nil {
		s.retired(id)
	}
	return &api.DeleteRoleOutput{}, err
}

func (s *Service) removeRole(tx *store.Tx, r *role) error {
	return errors.Join(remove(tx, roles, &r.entity), s.retire(tx, actorID{r.Account, r.ID}))
}

func (r *role) unused(tx *store.Tx) error {
	own := store.K(r.Account, r.ID)
	return unused(
		belongings{func() (int, error) { return instanceProfiles.CountBy(tx, "role", own) }, "must remove roles from instance profile first."},
		belongings{func() (int, error) { return attachments.Count(tx, own) }, "must detach all policies first."},
		belongings{func() (int, error) { return inlinePolicies.Count(tx, own) }, "must delete policies first."},
	)
}

// The API shows a role in four forms, each with more than the one before.

// brief is the role within an instance profile.
func (r *role) brief(tx *store.Tx) (*api.Role, error) {
	trust, err := r.trust(tx)
	if err != nil {
		return nil, err
	}
	return &api.Role{Path: r.Path, RoleName: r.Name, RoleId: r.ID, Arn: r.arn(), CreateDate: r.Created,
		AssumeRolePolicyDocument: new(encoded(trust.Source()))}, nil
}

// created is the role as CreateRole answers it.
func (r *role) created(tx *store.Tx) (*api.Role, error) {
	shape, err := r.brief(tx)
	if err == nil {
		shape.PermissionsBoundary, shape.Tags = boundaryShape(r.Boundary), toTags(r.Tags)
	}
	return shape, err
}

// listedRole is the role as ListRoles shows it: without boundary, tags and last use.
func listedRole(tx *store.Tx, r *role) (*api.Role, error) {
	shape, err := r.brief(tx)
	if err == nil {
		shape.Description = optionalText(r.Description)
		shape.MaxSessionDuration = new(int(r.MaxSession / time.Second))
	}
	return shape, err
}

// roleShape is all of the role.
func (s *Service) roleShape(tx *store.Tx, r *role, now time.Time) (*api.Role, error) {
	shape, err := listedRole(tx, r)
	if err != nil {
		return nil, err
	}
	shape.PermissionsBoundary, shape.Tags = boundaryShape(r.Boundary), toTags(r.Tags)
	last, err := s.lastUse(tx, r.ID)
	shape.RoleLastUsed = last.roleShape(now)
	return shape, err
}

// roleShape is empty, but there, for a role that was not used within the tracking
// period (API reference, RoleLastUsed).
func (u *use) roleShape(now time.Time) *api.RoleLastUsed {
	if u == nil || now.Sub(u.Time) >= trackingPeriod {
		return &api.RoleLastUsed{}
	}
	return &api.RoleLastUsed{LastUsedDate: new(u.Time.Truncate(time.Second)), Region: &u.Region}
}
