package organizations

import (
	"errors"
	"slices"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/organizations"
	"github.com/writ-iam/writ/service/organizations/inherit"
	"github.com/writ-iam/writ/store"
)

// effective is the effective policy of a type for an account.
type effective struct {
	*inherit.Effective
	Changed time.Time // when what it comes from was last attached or written
}

// effectiveKey names one. Accounts under the same policies don't share theirs:
// each has a level of its own.
type effectiveKey struct{ account, policyType string }

// mergeFor makes the effective policy of an account. It is store.ErrNotFound
// where none applies. It runs in the loads of caches.
func mergeFor(tx *store.Tx, k effectiveKey) (*effective, error) {
	o, m, err := organizationOf(tx, k.account)
	if err != nil {
		return nil, err
	}
	if !o.enabledType(k.policyType) {
		return nil, store.ErrNotFound
	}
	above, err := o.within(tx, m.Parent)
	if err != nil {
		return nil, err
	}
	e := &effective{Changed: m.Joined}
	var levels [][]inherit.Policy
	for _, target := range slices.Concat([]string{o.Root}, above, []string{k.account}) {
		level, err := e.level(tx, o, target, k.policyType)
		if err != nil {
			return nil, err
		}
		if level != nil {
			levels = append(levels, level)
		}
	}
	if levels == nil {
		return nil, store.ErrNotFound
	}
	e.Effective = inherit.Merge(levels)
	return e, nil
}

// level reads the policies that are attached to a target, in the order in which
// they were.
func (e *effective) level(tx *store.Tx, o *organization, target, policyType string) (level []inherit.Policy, err error) {
	var here []*attachment
	for a, err := range attachments.Scan(tx, store.K(o.ID, target, policyType)) {
		if err != nil {
			return nil, err
		}
		here = append(here, a)
	}
	slices.SortStableFunc(here, func(a, b *attachment) int { return a.Attached.Compare(b.Attached) })
	for _, a := range here {
		p, err := policies.Get(tx, o.ID, a.Policy)
		if err != nil {
			return nil, err
		}
		s, err := inherit.Parse(p.Content, shapes[policyType])
		if err != nil {
			return nil, err
		}
		level = append(level, inherit.Policy{ID: p.ID, Setting: s})
		for _, t := range []time.Time{a.Attached, p.Changed} {
			if t.After(e.Changed) {
				e.Changed = t
			}
		}
	}
	return level, nil
}

func (s *Service) DescribeEffectivePolicy(c *writ.Call, in *api.DescribeEffectivePolicyInput) (*api.DescribeEffectivePolicyOutput, error) {
	target := c.Scope.Account
	if value(in.TargetId) != "" {
		target = *in.TargetId
	}
	out := new(api.DescribeEffectivePolicyOutput)
	err := s.read(c, func(tx *store.Tx, o *organization) error {
		if err := s.describable(tx, o, target); err != nil {
			return err
		}
		e, err := s.effective.GetTx(tx, effectiveKey{target, in.PolicyType})
		if err != nil {
			return or(err, noEffectivePolicy())
		}
		out.EffectivePolicy = &api.EffectivePolicy{PolicyContent: new(e.JSON()), LastUpdatedTimestamp: &e.Changed, TargetId: &target, PolicyType: &in.PolicyType}
		return nil
	})
	return out, err
}

// describable refuses what has no effective policy: whatever is no account of the
// organization.
func (s *Service) describable(tx *store.Tx, o *organization, target string) error {
	n, err := s.node(tx, o, target)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return noTarget()
	case err == nil && n.Type != accountType:
		return invalid("TARGET_NOT_SUPPORTED", "You can't perform the specified operation on that target entity.")
	}
	return err
}

func noEffectivePolicy() error {
	return api.EffectivePolicyNotFoundException("If you ran this action on the management account, this policy type is not enabled. If you ran the action on a member account, the account doesn't have an effective policy of this type. Contact the administrator of your organization about attaching a policy of this type to the account.")
}
