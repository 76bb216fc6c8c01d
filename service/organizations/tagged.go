package organizations

import (
	"errors"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
)

// Tagged returns what has tags in the organization that an account manages.
func (s *Service) Tagged(tx *store.Tx, scope writ.Scope) (all []writ.Tagged, err error) {
	o, _, err := organizationOf(tx, scope.Account)
	if errors.Is(err, store.ErrNotFound) || err == nil && o.Management != scope.Account {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	last := ""
	for t, err := range tags.Scan(tx, store.K(o.ID)) {
		if err != nil {
			return nil, err
		}
		if t.Resource != last {
			r, err := s.thing(tx, o, t.Resource)
			if err != nil {
				return nil, err
			}
			all = append(all, writ.Tagged{ARN: r.ARN, Type: "organizations:" + taggedTypes[kindOf(t.Resource)], Tags: r.Tags})
			last = t.Resource
		}
	}
	return all, nil
}

// taggedTypes are the types as tag policies call them.
var taggedTypes = map[kind]string{rootKind: "root", unitKind: "ou", accountKind: "account", policyKind: "policy", resourcePolicyKind: "resourcepolicy"}

// Managed returns the accounts of the organization that an account manages, each
// with what it lies in: the ids of its organization's root and units. It is
// store.ErrNotFound if it manages none.
func (s *Service) Managed(tx *store.Tx, account string) (map[string][]string, error) {
	o, _, err := organizationOf(tx, account)
	if err == nil && o.Management != account {
		err = store.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	all := map[string][]string{}
	for p, err := range o.places(tx) {
		if err != nil {
			return nil, err
		}
		all[p.account] = append([]string{o.Root}, p.above...)
	}
	return all, nil
}
