package iam

import (
	"cmp"
	"maps"
	"slices"
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
// groups, then users, then roles, each ordered by name. Who uses it in both
// ways is listed once.
func (s *Service) ListEntitiesForPolicy(c *writ.Call, in *api.ListEntitiesForPolicyInput) (*api.ListEntitiesForPolicyOutput, error) {
	var all []usage
	err := s.db.View(c.Context, func(tx *store.Tx) (err error) {
		if _, err = readPolicy(tx, c, in.PolicyArn); err == nil {
			all, err = usages(tx, c, in)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	query := []string{in.PolicyArn, value(in.EntityFilter), value(in.PathPrefix), value(in.PolicyUsageFilter)}
	page, truncated, marker, err := part(s, c, paging{in.Marker, in.MaxItems}, strings.Join(query, "\x00"), all)
	out := &api.ListEntitiesForPolicyOutput{PolicyGroups: []api.PolicyGroup{}, PolicyUsers: []api.PolicyUser{},
		PolicyRoles: []api.PolicyRole{}, IsTruncated: &truncated, Marker: marker}
	for _, u := range page {
		u.addTo(out)
	}
	return out, err
}

func (u usage) addTo(out *api.ListEntitiesForPolicyOutput) {
	switch u.kind {
	case groupKind:
		out.PolicyGroups = append(out.PolicyGroups, api.PolicyGroup{GroupName: &u.Name, GroupId: &u.ID})
	case userKind:
		out.PolicyUsers = append(out.PolicyUsers, api.PolicyUser{UserName: &u.Name, UserId: &u.ID})
	case roleKind:
		out.PolicyRoles = append(out.PolicyRoles, api.PolicyRole{RoleName: &u.Name, RoleId: &u.ID})
	}
}

// usages are the entities that use the policy, and that the filters let through.
func usages(tx *store.Tx, c *writ.Call, in *api.ListEntitiesForPolicyInput) ([]usage, error) {
	var all []usage
	for _, h := range []holder{groupHolder, userHolder, roleHolder} {
		if in.EntityFilter != nil && !strings.EqualFold(*in.EntityFilter, h.word) {
			continue
		}
		ids, err := h.users(tx, c.Scope.Account, in.PolicyArn, value(in.PolicyUsageFilter))
		if err != nil {
			return nil, err
		}
		found, err := h.under(tx, ids, value(in.PathPrefix))
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// users are the ids of the entities that use a policy as the filter says, or
// either way if it is "".
func (h holder) users(tx *store.Tx, account, policyARN, filter string) (map[string]bool, error) {
	ids := map[string]bool{}
	if filter != asBoundary {
		for a, err := range attachments.ScanBy(tx, "policy", store.K(account, policyARN, h.resource)) {
			if err != nil {
				return nil, err
			}
			ids[a.EntityID] = true
		}
	}
	switch {
	case filter == asPermissions:
		return ids, nil
	case h.kind == userKind:
		return ids, bounds(tx, users, store.K(account, policyARN), ids)
	case h.kind == roleKind:
		return ids, bounds(tx, roles, store.K(account, policyARN), ids)
	}
	return ids, nil
}

// bounds adds the ids of those whose boundary the policy is.
func bounds[R any, P tagged[R]](tx *store.Tx, table *store.Table[R], policyARN store.Key, ids map[string]bool) error {
	for r, err := range table.ScanBy(tx, "boundary", policyARN) {
		if err != nil {
			return err
		}
		ids[P(r).base().ID] = true
	}
	return nil
}

// under are the entities with these ids whose paths start with the prefix.
func (h holder) under(tx *store.Tx, ids map[string]bool, pathPrefix string) ([]usage, error) {
	var all []usage
	for id := range maps.Keys(ids) {
		e, err := h.byID(tx, id)
		if err != nil {
			return nil, err
		}
		if strings.HasPrefix(e.Path, pathPrefix) {
			all = append(all, usage{h, e})
		}
	}
	slices.SortFunc(all, func(a, b usage) int { return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return all, nil
}
