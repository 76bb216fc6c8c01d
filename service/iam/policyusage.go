package iam

import (
	"iter"
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// Values of PolicyUsageFilter.
const (
	asPermissions = "PermissionsPolicy"
	asBoundary    = "PermissionsBoundary"
)

// usage is an entity that uses a policy.
type usage struct {
	holder
	*entity
}

// ListEntitiesForPolicy lists who has a policy attached or as a boundary:
// groups, then users, then roles, each ordered by id. Who uses it in both ways
// is listed once.
func (s *Service) ListEntitiesForPolicy(c *writ.Call, in *api.ListEntitiesForPolicyInput) (*api.ListEntitiesForPolicyOutput, error) {
	read := func(tx *store.Tx, after store.Key, limit int) ([]*usage, store.Key, error) {
		if _, err := readPolicy(tx, c, in.PolicyArn); err != nil {
			return nil, nil, err
		}
		return usages(tx, c, in, after, limit)
	}
	p, err := list(s, c, paging{in.Marker, in.MaxItems}, read, in.PolicyArn, value(in.EntityFilter), value(in.PathPrefix), value(in.PolicyUsageFilter))
	if err != nil {
		return nil, err
	}
	out := &api.ListEntitiesForPolicyOutput{PolicyGroups: []api.PolicyGroup{}, PolicyUsers: []api.PolicyUser{},
		PolicyRoles: []api.PolicyRole{}, IsTruncated: &p.IsTruncated, Marker: p.Marker}
	for _, u := range p.rows {
		u.addTo(out)
	}
	return out, nil
}

func (u *usage) addTo(out *api.ListEntitiesForPolicyOutput) {
	switch u.kind {
	case groupKind:
		out.PolicyGroups = append(out.PolicyGroups, api.PolicyGroup{GroupName: &u.Name, GroupId: &u.ID})
	case userKind:
		out.PolicyUsers = append(out.PolicyUsers, api.PolicyUser{UserName: &u.Name, UserId: &u.ID})
	case roleKind:
		out.PolicyRoles = append(out.PolicyRoles, api.PolicyRole{RoleName: &u.Name, RoleId: &u.ID})
	}
}

// holders are all kinds of entities that policies belong to, in the order in
// which ListEntitiesForPolicy lists them.
var holders = []holder{groupHolder, userHolder, roleHolder}

// usages are up to limit entities behind a position (a kind and an id) that use
// the policy, and that the filters let through.
func usages(tx *store.Tx, c *writ.Call, in *api.ListEntitiesForPolicyInput, after store.Key, limit int) (all []*usage, next store.Key, err error) {
	begun := after == nil
	for _, h := range holders {
		last := ""
		if !begun && after.Parts()[0] == h.resource {
			begun, last = true, after.Parts()[1]
		}
		if !begun || in.EntityFilter != nil && !strings.EqualFold(*in.EntityFilter, h.word) {
			continue
		}
		for id, err := range h.using(tx, c.Scope.Account, in.PolicyArn, value(in.PolicyUsageFilter), last) {
			if err != nil {
				return nil, nil, err
			}
			e, err := h.byID(tx, id)
			if err != nil {
				return nil, nil, err
			}
			if !strings.HasPrefix(e.Path, value(in.PathPrefix)) {
				continue
			}
			if len(all) == limit {
				u := all[limit-1]
				return all, store.K(u.kind.resource, u.ID), nil
			}
			all = append(all, &usage{h, e})
		}
	}
	return all, nil, nil
}

// using yields the ids behind after of the entities that use a policy as the
// filter says, or either way if it is "".
func (h holder) using(tx *store.Tx, account, policyARN, filter, after string) iter.Seq2[string, error] {
	var all []iter.Seq2[string, error]
	of := store.K(account, policyARN)
	if filter != asBoundary {
		all = append(all, ids(tx, attachments, "policy", of.Add(h.resource), after, func(a *attachment) string { return a.EntityID }))
	}
	switch {
	case filter == asPermissions:
	case h.kind == userKind:
		all = append(all, ids(tx, users, "boundary", of, after, func(u *user) string { return u.ID }))
	case h.kind == roleKind:
		all = append(all, ids(tx, roles, "boundary", of, after, func(r *role) string { return r.ID }))
	}
	return merged(all...)
}

// idsAtOnce is how many ids are read together.
const idsAtOnce = 100

// ids yields the ids behind after that stand in an index under a prefix, where
// they are the last part.
func ids[R any](tx *store.Tx, table *store.Table[R], index string, prefix store.Key, after string, of func(*R) string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for from := prefix.Add(after); from != nil; {
			rows, next, err := table.PageBy(tx, index, prefix, from, idsAtOnce)
			if err != nil {
				yield("", err)
				return
			}
			for _, r := range rows {
				if of(r) > after && !yield(of(r), nil) {
					return
				}
			}
			from = next
		}
	}
}
