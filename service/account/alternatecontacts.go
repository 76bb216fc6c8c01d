package account

import (
	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/account"
	"github.com/writ-iam/writ/store"
)

// alternateContact is whom AWS would ask about billing, operations or security.
type alternateContact struct {
	Account string
	Type    string // BILLING, OPERATIONS, SECURITY
	Name    string
	Title   string
	Email   string
	Phone   string
}

var alternateContacts = store.NewTable("account/alternate-contact",
	func(a *alternateContact) store.Key { return store.K(a.Account, a.Type) })

func (s *Service) PutAlternateContact(c *writ.Call, in *api.PutAlternateContactInput) (*api.PutAlternateContactOutput, error) {
	a := &alternateContact{of(c, in.AccountId), in.AlternateContactType, in.Name, in.Title, in.EmailAddress, in.PhoneNumber}
	err := s.db.Update(c, func(tx *store.Tx) error { return alternateContacts.Put(tx, a) })
	return &api.PutAlternateContactOutput{}, err
}

func (s *Service) GetAlternateContact(c *writ.Call, in *api.GetAlternateContactInput) (*api.GetAlternateContactOutput, error) {
	out := new(api.GetAlternateContactOutput)
	err := s.db.View(c.Context, func(tx *store.Tx) error {
		a, err := alternateContacts.Get(tx, of(c, in.AccountId), in.AlternateContactType)
		if err != nil {
			return or(err, noContact())
		}
		out.AlternateContact = &api.AlternateContact{AlternateContactType: &a.Type, Name: &a.Name, Title: &a.Title, EmailAddress: &a.Email, PhoneNumber: &a.Phone}
		return nil
	})
	return out, err
}

func (s *Service) DeleteAlternateContact(c *writ.Call, in *api.DeleteAlternateContactInput) (*api.DeleteAlternateContactOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		return or(alternateContacts.Delete(tx, of(c, in.AccountId), in.AlternateContactType), noContact())
	})
	return &api.DeleteAlternateContactOutput{}, err
}

func noContact() error {
	return api.ResourceNotFoundException("No contact of the inputted alternate contact type found.")
}
