package organizations

import (
	"maps"
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
	below, err := o.accountsBelow(tx, target)
	return slices.Sorted(maps.Keys(below)), err
}
