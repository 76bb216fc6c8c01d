package organizations

import (
	"slices"

	"github.com/writ-iam/writ/store"
)

// AccountsBelow returns the accounts that lie in a root or unit of an account's
// organization, in units of it too, or just the account that the target is. It is
// store.ErrNotFound if there is no such organization, or nothing of that id in it.
func (s *Service) AccountsBelow(tx *store.Tx, account, target string) ([]string, error) {
	o, _, err := organizationOf(tx, account)
	if err != nil {
		return nil, err
	}
	if _, err := s.node(tx, o, target); err != nil {
		return nil, err
	}
	if kindOf(target) == accountKind {
		return []string{target}, nil
	}
	under, err := o.under(tx, target)
	if err != nil {
		return nil, err
	}
	var all []string
	for m, err := range members.ScanBy(tx, "organization", store.K(o.ID)) {
		if err != nil {
			return nil, err
		}
		if under[m.Parent] {
			all = append(all, m.Account)
		}
	}
	return all, nil
}

// under is a root or unit, and all units below it.
func (o *organization) under(tx *store.Tx, target string) (map[string]bool, error) {
	all := map[string]bool{target: true}
	for u, err := range units.Scan(tx, store.K(o.ID)) {
		if err != nil {
			return nil, err
		}
		if target == o.Root || slices.Contains(u.Above, target) {
			all[u.ID] = true
		}
	}
	return all, nil
}
