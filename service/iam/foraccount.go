package iam

import "github.com/writ-iam/writ/store"

// The methods of this file are what Account Management asks of accounts, beside
// what Organizations does.

// RenameAccount changes the name of an account.
func (s *Service) RenameAccount(tx *store.Tx, id, name string) error {
	return changeAccount(tx, id, func(a *account) { a.Name = name })
}

// ChangeEmail changes the address of a root user, store.ErrExists if another one
// has it.
func (s *Service) ChangeEmail(tx *store.Tx, id, email string) error {
	return changeAccount(tx, id, func(a *account) { a.Email = email })
}

// LastOpen says whether every other account is closed.
func (s *Service) LastOpen(tx *store.Tx, id string) (bool, error) {
	for a, err := range accounts.Scan(tx, store.K()) {
		if err != nil || a.ID != id && a.Closed.IsZero() {
			return false, err
		}
	}
	return true, nil
}

func changeAccount(tx *store.Tx, id string, change func(*account)) error {
	a, err := accounts.Get(tx, id)
	if err != nil {
		return err
	}
	change(a)
	return accounts.Put(tx, a)
}
