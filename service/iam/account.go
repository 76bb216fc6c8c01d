package iam

import (
	"errors"
	"regexp"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// accountNumber is what an alias may not look like: people sign in with the one
// or the other.
var accountNumber = regexp.MustCompile(`^[0-9]{12}$`)

// CreateAccountAlias gives the account an alias in place of the one it has. No
// two accounts have the same.
func (s *Service) CreateAccountAlias(c *writ.Call, in *api.CreateAccountAliasInput) (*api.CreateAccountAliasOutput, error) {
	if accountNumber.MatchString(in.AccountAlias) {
		return nil, writ.ValidationError("The account alias %s must not be a 12-digit number.", in.AccountAlias)
	}
	err := s.db.Update(c, func(tx *store.Tx) error {
		a, err := accounts.Get(tx, c.Scope.Account)
		if err != nil {
			return err
		}
		if a.Alias == in.AccountAlias {
			return aliasTaken(store.ErrExists, in.AccountAlias)
		}
		a.Alias = in.AccountAlias
		return aliasTaken(accounts.Put(tx, a), in.AccountAlias)
	})
	return &api.CreateAccountAliasOutput{}, err
}

// SetSecurityTokenServicePreferences chooses the version of the tokens that STS's
// global endpoint issues.
func (s *Service) SetSecurityTokenServicePreferences(c *writ.Call, in *api.SetSecurityTokenServicePreferencesInput) (*api.SetSecurityTokenServicePreferencesOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		a, err := accounts.Get(tx, c.Scope.Account)
		if err != nil {
			return err
		}
		a.AnyRegion = in.GlobalEndpointTokenVersion == "v2Token"
		return accounts.Put(tx, a)
	})
	return &api.SetSecurityTokenServicePreferencesOutput{}, err
}

func aliasTaken(err error, alias string) error {
	if errors.Is(err, store.ErrExists) {
		return api.EntityAlreadyExistsException("The account alias %s already exists.", alias)
	}
	return err
}

func (s *Service) DeleteAccountAlias(c *writ.Call, in *api.DeleteAccountAliasInput) (*api.DeleteAccountAliasOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		a, err := accounts.Get(tx, c.Scope.Account)
		if err != nil {
			return err
		}
		if a.Alias != in.AccountAlias {
			return api.NoSuchEntityException("The account alias %s cannot be found.", in.AccountAlias)
		}
		a.Alias = ""
		return accounts.Put(tx, a)
	})
	return &api.DeleteAccountAliasOutput{}, err
}

// ListAccountAliases has one alias at most, so there is never a second page.
func (s *Service) ListAccountAliases(c *writ.Call, in *api.ListAccountAliasesInput) (*api.ListAccountAliasesOutput, error) {
	all := []string{}
	err := s.db.View(c.Context, func(tx *store.Tx) error {
		a, err := accounts.Get(tx, c.Scope.Account)
		if err == nil && a.Alias != "" {
			all = append(all, a.Alias)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	page, truncated, marker, err := part(s, c, paging{in.Marker, in.MaxItems}, "", all)
	return &api.ListAccountAliasesOutput{AccountAliases: page, IsTruncated: &truncated, Marker: marker}, err
}
