package iam

import (
	"errors"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// AddUserToGroup succeeds as well for a user who is in the group already.
func (s *Service) AddUserToGroup(c *writ.Call, in *api.AddUserToGroupInput) (*api.AddUserToGroupOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		m, err := findMembership(tx, c, in.UserName, in.GroupName)
		if err != nil {
			return err
		}
		return add(s, tx, memberships, store.K(m.Account, m.UserID), m, "GroupsPerUser")
	})
	return &api.AddUserToGroupOutput{}, err
}

// RemoveUserFromGroup succeeds as well for a user who is not in the group.
func (s *Service) RemoveUserFromGroup(c *writ.Call, in *api.RemoveUserFromGroupInput) (*api.RemoveUserFromGroupOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		m, err := findMembership(tx, c, in.UserName, in.GroupName)
		if err != nil {
			return err
		}
		if err := memberships.Delete(tx, m.Account, m.UserID, m.GroupID); !errors.Is(err, store.ErrNotFound) {
			return err
		}
		return nil
	})
	return &api.RemoveUserFromGroupOutput{}, err
}

func (s *Service) ListGroupsForUser(c *writ.Call, in *api.ListGroupsForUserInput) (*api.ListGroupsForUserOutput, error) {
	p, err := list(s, c, paging{in.Marker, in.MaxItems}, func(tx *store.Tx, after store.Key, limit int) ([]*group, store.Key, error) {
		u, err := findUser(tx, c, in.UserName)
		if err != nil {
			return nil, nil, err
		}
		return u.groups(tx, after, limit)
	}, in.UserName)
	if err != nil {
		return nil, err
	}
	return &api.ListGroupsForUserOutput{Groups: convert(p.rows, (*group).shape), IsTruncated: &p.IsTruncated, Marker: p.Marker}, nil
}

// findMembership is the membership that a user and a group have or would have.
// Both exist; the user is looked for first, as in AWS.
func findMembership(tx *store.Tx, c *writ.Call, userName, groupName string) (*membership, error) {
	u, err := findUser(tx, c, userName)
	if err != nil {
		return nil, err
	}
	g, err := findGroup(tx, c, groupName)
	if err != nil {
		return nil, err
	}
	return &membership{c.Scope.Account, u.ID, g.ID}, nil
}

// members is one page of the users in a group.
func (g *group) members(tx *store.Tx, after store.Key, limit int) ([]*user, store.Key, error) {
	rows, next, err := memberships.PageBy(tx, "group", store.K(g.Account, g.ID), after, limit)
	if err != nil {
		return nil, nil, err
	}
	members, err := convertIn(tx, rows, func(tx *store.Tx, m *membership) (*user, error) { return users.By(tx, "id", m.UserID) })
	return members, next, err
}

// groups is one page of the groups that a user is in.
func (u *user) groups(tx *store.Tx, after store.Key, limit int) ([]*group, store.Key, error) {
	rows, next, err := memberships.Page(tx, store.K(u.Account, u.ID), after, limit)
	if err != nil {
		return nil, nil, err
	}
	all, err := convertIn(tx, rows, func(tx *store.Tx, m *membership) (*group, error) { return groups.By(tx, "id", m.GroupID) })
	return all, next, err
}
