package writ

import (
	"errors"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/writ"
	"github.com/writ-iam/writ/store"
)

// Accounts is what looks after accounts.
type Accounts interface {
	// EmailUpdate returns the address that the root user of the caller's account
	// is to have, and the code that proves it. store.ErrNotFound if no update is
	// pending.
	EmailUpdate(c *writ.Call) (email, code string, until time.Time, err error)
	// Close suspends the caller's account.
	Close(c *writ.Call) error
}

// GetPrimaryEmailUpdate tells the account whose primary e-mail address is to
// change the code to accept it with. AWS sends that to the new address.
func (s *Service) GetPrimaryEmailUpdate(c *writ.Call, _ *api.GetPrimaryEmailUpdateInput) (*api.GetPrimaryEmailUpdateOutput, error) {
	email, code, until, err := s.accounts.EmailUpdate(c)
	if errors.Is(err, store.ErrNotFound) {
		return nil, api.ResourceNotFoundException("No update of this account's primary e-mail address is pending.")
	}
	return &api.GetPrimaryEmailUpdateOutput{PrimaryEmail: email, Otp: code, Expiration: until}, err
}

// CloseAccount closes the caller's account, which must be named to show that it
// is meant. AWS has only a page of its console for that.
func (s *Service) CloseAccount(c *writ.Call, in *api.CloseAccountInput) (*api.CloseAccountOutput, error) {
	if in.AccountId != c.Scope.Account {
		return nil, api.ValidationException("The account %s is not the one whose root user you are.", in.AccountId)
	}
	return &api.CloseAccountOutput{}, s.accounts.Close(c)
}
