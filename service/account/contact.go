package account

import (
	"errors"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/account"
	"github.com/writ-iam/writ/store"
)

// contact is who is behind an account.
type contact struct {
	Account     string
	Information information
}

// information is the primary contact information of an account.
type information struct {
	FullName         string
	AddressLine1     string
	AddressLine2     *string `json:",omitempty"`
	AddressLine3     *string `json:",omitempty"`
	City             string
	StateOrRegion    *string `json:",omitempty"`
	DistrictOrCounty *string `json:",omitempty"`
	PostalCode       string
	CountryCode      string
	PhoneNumber      string
	CompanyName      *string `json:",omitempty"`
	WebsiteUrl       *string `json:",omitempty"`
}

var contacts = store.NewTable("account/contact",
	func(c *contact) store.Key { return store.K(c.Account) })

func (s *Service) PutContactInformation(c *writ.Call, in *api.PutContactInformationInput) (*api.PutContactInformationOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		return contacts.Put(tx, &contact{of(c, in.AccountId), information(in.ContactInformation)})
	})
	return &api.PutContactInformationOutput{}, err
}

func (s *Service) GetContactInformation(c *writ.Call, in *api.GetContactInformationInput) (*api.GetContactInformationOutput, error) {
	out := new(api.GetContactInformationOutput)
	err := s.db.View(c.Context, func(tx *store.Tx) error {
		found, err := contacts.Get(tx, of(c, in.AccountId))
		if err == nil {
			out.ContactInformation = new(api.ContactInformation(found.Information))
		}
		return or(err, api.ResourceNotFoundException("No contact information is stored for the account %s.", of(c, in.AccountId)))
	})
	return out, err
}

// or gives the service's error for what is not there.
func or(err, missing error) error {
	if errors.Is(err, store.ErrNotFound) {
		return missing
	}
	return err
}
