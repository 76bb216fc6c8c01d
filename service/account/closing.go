package account

import (
	"errors"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/account"
	"github.com/writ-iam/writ/store"
)

// Close suspends the caller's own account. A management account stays open as
// long as there is its organization, and the last of all accounts in any case:
// nobody could come in any more.
func (s *Service) Close(c *writ.Call) error {
	return s.db.Update(c, func(tx *store.Tx) error {
		o, err := s.organizations.Organization(tx, c.Scope.Account, principal)
		switch {
		case err == nil && o.ManagementAccount == c.Scope.Account:
			return api.ConflictException("The management account of an organization can't be closed. Delete the organization first.")
		case err != nil && !errors.Is(err, store.ErrNotFound):
			return err
		}
		if last, err := s.accounts.LastOpen(tx, c.Scope.Account); err != nil {
			return err
		} else if last {
			return api.ConflictException("The last open account of the installation can't be closed.")
		}
		return s.accounts.CloseAccount(tx, c.Scope.Account, c.Time)
	})
}
