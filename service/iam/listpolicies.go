package iam

import (
	"errors"
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
	if scope != "AWS" && (after == nil || after.Parts()[0] == localHalf) {
		if found, next, err = q.local(tx, inHalf(after, localHalf), limit); err != nil || next != nil {
			return found, next, err
		}
	}
	if scope == "Local" {
		return found, nil, nil
	}
	more, next, err := q.aws(tx, inHalf(after, awsHalf), limit-len(found))
	return append(found, more...), next, err
}

// inHalf is a position within a half of the list, nil if it is in the other.
func inHalf(after store.Key, half string) store.Key {
	if after == nil || after.Parts()[0] != half {
		return nil
	}
	return after[len(store.K(half)):]
}

// local reads the account's own policies.
func (q *policyQuery) local(tx *store.Tx, after store.Key, limit int) (found []*api.Policy, next store.Key, err error) {
	if use, ok := q.use(); ok {
		return q.inUse(tx, use, localHalf, q.Account, after, limit)
	}
	prefix := store.K(q.Account).Starting(value(q.in.PathPrefix))
	rows, next, err := policies.PageBy(tx, "path", prefix, after, limit)
	if err != nil {
		return nil, nil, err
	}
	found, err = convertIn(tx, rows, q.shape)
	if next != nil {
		next = store.K(localHalf, next)
	}
	return found, next, err
}

// aws reads AWS's policies. There may be room for none: then it tells whether
// there are any.
func (q *policyQuery) aws(tx *store.Tx, after store.Key, limit int) (found []*api.Policy, next store.Key, err error) {
	if use, ok := q.use(); ok {
		return q.inUse(tx, use, awsHalf, "aws", after, limit)
	}
	last := first(after)
	for info := range catalogue.ManagedPolicies() {
		key := info.Path + info.Name
		if key <= last || !strings.HasPrefix(info.Path, value(q.in.PathPrefix)) {
			continue
		}
		if len(found) == limit {
			return found, store.K(awsHalf, last), nil
		}
		p, err := q.shape(tx, awsRecord(info.In(q.Partition)))
		if err != nil {
			return nil, nil, err
		}
		found, last = append(found, p), key
	}
	return found, nil, nil
}

// first is the first part of a position, "" for the one before all.
func first(after store.Key) string {
	if len(after) == 0 {
		return ""
	}
	return after.Parts()[0]
}

// use is the use that is asked for; ok is false if all policies are.
func (q *policyQuery) use() (use policyUse, ok bool) {
	switch value(q.in.PolicyUsageFilter) {
	case asPermissions:
		return policyUse{attached: true}, true
	case asBoundary:
		return policyUse{boundary: true}, true
	}
	return policyUse{attached: true}, onlyAttached(q.in) != ""
}

// inUse reads policies of an owner that the account uses, in the order of their ARNs.
func (q *policyQuery) inUse(tx *store.Tx, use policyUse, half, owner string, after store.Key, limit int) (found []*api.Policy, next store.Key, err error) {
	prefix := "arn:" + q.Partition + ":iam::" + owner + ":policy" + value(q.in.PathPrefix)
	last := first(after)
	for arn, err := range policiesInUse(tx, q.Account, use, prefix, last) {
		if err != nil {
			return nil, nil, err
		}
		if !strings.HasPrefix(policyPath(arn), value(q.in.PathPrefix)) {
			continue // the prefix goes on into the name
		}
		if len(found) == limit {
			return found, store.K(half, last), nil
		}
		p, err := usedPolicy(tx, q.Account, arn)
		if errors.Is(err, store.ErrNotFound) {
			continue // AWS has withdrawn it
		}
		if err != nil {
			return nil, nil, err
		}
		shape, err := q.shape(tx, p)
		if err != nil {
			return nil, nil, err
		}
		found, last = append(found, shape), arn
	}
	return found, nil, nil
}

// usedPolicy is the record of a policy that an account uses, its own or AWS's.
func usedPolicy(tx *store.Tx, account, arn string) (*managedPolicy, error) {
	if !isAWS(arn) {
		return policyByARN(tx, account, arn)
	}
	p, ok := catalogue.ManagedPolicy(arn)
	if !ok {
		return nil, store.ErrNotFound
	}
	return awsRecord(&p.ManagedInfo), nil
}

// shape is a policy with how it is used.
func (q *policyQuery) shape(tx *store.Tx, p *managedPolicy) (*api.Policy, error) {
	used, err := countsOf(tx, q.Account, p.arn())
	if err != nil {
		return nil, err
	}
	return new(p.listed(used)), nil
}
