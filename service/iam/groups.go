package iam

import (
	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

func (s *Service) CreateGroup(c *writ.Call, in *api.CreateGroupInput) (*api.CreateGroupOutput, error) {
	g := &group{groupKind.newEntity(c, in.Path, in.GroupName, nil)}
	err := s.db.Update(c, func(tx *store.Tx) error {
		return insert(s, tx, groups, groupKind, &g.entity, g)
	})
	return &api.CreateGroupOutput{Group: g.shape()}, err
}

// GetGroup shows the group with one page of its members.
func (s *Service) GetGroup(c *writ.Call, in *api.GetGroupInput) (*api.GetGroupOutput, error) {
	var g *group
	p, err := list(s, c, paging{in.Marker, in.MaxItems}, func(tx *store.Tx, after store.Key, limit int) (members []*user, next store.Key, err error) {
		if g, err = findGroup(tx, c, in.GroupName); err != nil {
			return nil, nil, err
		}
		return g.members(tx, after, limit)
	}, in.GroupName)
	if err != nil {
		return nil, err
	}
	return &api.GetGroupOutput{Group: g.shape(), Users: convert(p.rows, (*user).listed), IsTruncated: &p.IsTruncated, Marker: p.Marker}, nil
}

func (s *Service) ListGroups(c *writ.Call, in *api.ListGroupsInput) (*api.ListGroupsOutput, error) {
	p, err := byPath(s, c, groups, in.PathPrefix, paging{in.Marker, in.MaxItems})
	if err != nil {
		return nil, err
	}
	return &api.ListGroupsOutput{Groups: convert(p.rows, (*group).shape), IsTruncated: &p.IsTruncated, Marker: p.Marker}, nil
}

func (s *Service) UpdateGroup(c *writ.Call, in *api.UpdateGroupInput) (*api.UpdateGroupOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		g, err := findGroup(tx, c, in.GroupName)
		if err != nil {
			return err
		}
		return move(tx, groups, groupKind, g, in.NewPath, in.NewGroupName)
	})
	return &api.UpdateGroupOutput{}, err
}

// DeleteGroup refuses while the group has members or policies.
func (s *Service) DeleteGroup(c *writ.Call, in *api.DeleteGroupInput) (*api.DeleteGroupOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		g, err := findGroup(tx, c, in.GroupName)
		if err != nil {
			return err
		}
		if err := g.unused(tx); err != nil {
			return err
		}
		return remove(tx, groups, &g.entity)
	})
	return &api.DeleteGroupOutput{}, err
}

func (g *group) unused(tx *store.Tx) error {
	own := store.K(g.Account, g.ID)
	return unused(
		belongings{func() (int, error) { return memberships.CountBy(tx, "group", own) }, "must remove users from group first."},
		belongings{func() (int, error) { return attachments.Count(tx, own) }, "must detach all policies first."},
		belongings{func() (int, error) { return inlinePolicies.Count(tx, own) }, "must delete policies first."},
	)
}

func (g *group) shape() api.Group {
	return api.Group{Path: g.Path, GroupName: g.Name, GroupId: g.ID, Arn: g.arn(), CreateDate: g.Created}
}
