package organizations

import (
	"errors"
	"slices"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/authz"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// The methods of this file are what others ask of organizations. They run in the
// loads of caches, so they read through the transaction and nothing else.

// Membership returns what stands over an account, nil if it is in no
// organization. Nothing limits the management account (R26).
func (s *Service) Membership(tx *store.Tx, account string) (*authz.Membership, error) {
	o, m, err := organizationOf(tx, account)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	above, err := o.within(tx, m.Parent)
	if err != nil {
		return nil, err
	}
	is := &authz.Membership{Organization: o.ID, Path: o.pathOf(above), Management: o.Management}
	if account == o.Management {
		return is, nil
	}
	is.Targets = slices.Concat([]string{o.Root}, above, []string{account})
	if is.SCPs, err = s.levels(tx, o, scp, is.Targets); err == nil {
		is.RCPs, err = s.levels(tx, o, rcp, is.Targets)
	}
	return is, err
}

// levels are the compiled policies of a type at each level; nil if it is not enabled.
func (s *Service) levels(tx *store.Tx, o *organization, policyType string, targets []string) ([][]*policy.Policy, error) {
	if !slices.Contains(o.PolicyTypes, policyType) {
		return nil, nil
	}
	all := make([][]*policy.Policy, len(targets))
	for i, target := range targets {
		all[i] = []*policy.Policy{}
		for a, err := range attachments.Scan(tx, store.K(o.ID, target, policyType)) {
			if err != nil {
				return nil, err
			}
			p, err := s.compiled.GetTx(tx, policyKey{o.ID, a.Policy})
			if err != nil {
				return nil, err
			}
			all[i] = append(all[i], p)
		}
	}
	return all, nil
}

// policyKey names a policy, which all accounts under it share compiled.
type policyKey struct{ organization, id string }

func compile(tx *store.Tx, k policyKey) (*policy.Policy, error) {
	o, err := organizations.Get(tx, k.organization)
	if err != nil {
		return nil, err
	}
	p, err := policies.Get(tx, k.organization, k.id)
	if err != nil {
		return nil, err
	}
	return policy.Load(o.policyARN(p), []byte(p.Content)), nil
}

// Organization returns the organization that an account is in, with what it lets
// a service do ("iam.amazonaws.com"). It is store.ErrNotFound if it is in none.
func (s *Service) Organization(tx *store.Tx, account, service string) (*writ.Organization, error) {
	o, _, err := organizationOf(tx, account)
	if err != nil {
		return nil, err
	}
	is := &writ.Organization{ID: o.ID, ManagementAccount: o.Management, AllFeatures: o.AllFeatures}
	if is.Trusted, err = o.trusts(tx, service); err == nil {
		is.Administrators, err = o.administrators(tx, service)
	}
	return is, err
}
