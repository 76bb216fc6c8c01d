package iam

import (
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/catalogue"
	"github.com/writ-iam/writ/store"
)

// ListPolicies lists the account's own policies, in the order of their paths
// and names, and then AWS's, in the order of their ARNs.
func (s *Service) ListPolicies(c *writ.Call, in *api.ListPoliciesInput) (*api.ListPoliciesOutput, error) {
	query := policyQuery{c.Scope, in}
	p, err := list(s, c, paging{in.Marker, in.MaxItems}, query.page, query.key()...)
	if err != nil {
		return nil, err
	}
	return &api.ListPoliciesOutput{Policies: shapes(p), IsTruncated: &p.IsTruncated, Marker: p.Marker}, nil
}

// policyQuery is which managed policies an account asks for.
type policyQuery struct {
	writ.Scope
	in *api.ListPoliciesInput
}

// key tells queries apart, for markers.
func (q *policyQuery) key() []string {
	return []string{value(q.in.Scope), value(q.in.PathPrefix), value(q.in.PolicyUsageFilter), onlyAttached(q.in)}
}

func onlyAttached(in *api.ListPoliciesInput) string {
	if in.OnlyAttached != nil && *in.OnlyAttached {
		return "attached"
	}
	return ""
}

// The two halves of the list; the first part of a position says which it is in.
const localHalf, awsHalf = "local", "aws"

// page reads up to limit policies behind a position.
func (q *policyQuery) page(tx *store.Tx, after store.Key, limit int) (found []*api.Policy, next store.Key, err error) {
	scope := value(q.in.Scope)
	local := scope != "AWS" && (after == nil || after.Parts()[0] == localHalf)
	if local {
		if found, next, err = q.local(tx, after, limit); err != nil || next != nil {
			return found, next, err
		}
		after = nil
	}
	if scope == "Local" {
		return found, nil, nil
	}
	return q.aws(tx, found, after, limit)
}

// local reads the account's own policies until there are enough that fit.
func (q *policyQuery) local(tx *store.Tx, after store.Key, limit int) (found []*api.Policy, next store.Key, err error) {
	half := store.K(localHalf)
	if after != nil {
		after = after[len(half):]
	}
	prefix := store.K(q.Account).Starting(value(q.in.PathPrefix))
	for len(found) < limit {
		var rows []*managedPolicy
		if rows, after, err = policies.PageBy(tx, "path", prefix, after, limit-len(found)); err != nil {
			return nil, nil, err
		}
		for _, p := range rows {
			if found, err = q.add(tx, found, p); err != nil {
				return nil, nil, err
			}
		}
		if after == nil {
			return found, nil, nil
		}
	}
	return found, half.Add(after), nil
}

// aws adds AWS's policies behind a position, nil for all.
func (q *policyQuery) aws(tx *store.Tx, found []*api.Policy, after store.Key, limit int) (all []*api.Policy, next store.Key, err error) {
	var last string
	if after != nil {
		last = after.Parts()[1]
	}
	for info := range catalogue.ManagedPolicies() {
		key := info.Path + info.Name
		if key <= last || !strings.HasPrefix(info.Path, value(q.in.PathPrefix)) {
			continue
		}
		if len(found) == limit {
			return found, store.K(awsHalf, last), nil
		}
		if found, err = q.add(tx, found, awsRecord(info.In(q.Partition))); err != nil {
			return nil, nil, err
		}
		last = key
	}
	return found, nil, nil
}

// add appends a policy if the account uses it in the way that is asked for.
func (q *policyQuery) add(tx *store.Tx, found []*api.Policy, p *managedPolicy) ([]*api.Policy, error) {
	used, err := countsOf(tx, q.Account, p.arn())
	if err != nil || !q.fits(used) {
		return found, err
	}
	return append(found, new(p.listed(used))), nil
}

func (q *policyQuery) fits(used *policyCounts) bool {
	switch value(q.in.PolicyUsageFilter) {
	case asPermissions:
		return used.attached > 0
	case asBoundary:
		return used.boundaries > 0
	}
	return onlyAttached(q.in) == "" || used.attached > 0
}
