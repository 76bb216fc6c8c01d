package account

import (
	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/account"
	"github.com/writ-iam/writ/store"
)

func (s *Service) GetAccountInformation(c *writ.Call, in *api.GetAccountInformationInput) (*api.GetAccountInformationOutput, error) {
	out := new(api.GetAccountInformationOutput)
	err := s.db.View(c.Context, func(tx *store.Tx) error {
		a, err := s.accounts.Account(tx, of(c, in.AccountId))
		if err != nil {
			return err
		}
		*out = api.GetAccountInformationOutput{AccountId: &a.ID, AccountCreatedDate: &a.Created, AccountState: new(a.State(c.Time))}
		if a.Name != "" {
			out.AccountName = &a.Name
		}
		return nil
	})
	return out, err
}

func (s *Service) PutAccountName(c *writ.Call, in *api.PutAccountNameInput) (*api.PutAccountNameOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		return s.accounts.RenameAccount(tx, of(c, in.AccountId), in.AccountName)
	})
	return &api.PutAccountNameOutput{}, err
}

// GetGovCloudAccountInformation knows of no account that belongs to another one:
// none can be made.
func (s *Service) GetGovCloudAccountInformation(c *writ.Call, in *api.GetGovCloudAccountInformationInput) (*api.GetGovCloudAccountInformationOutput, error) {
	return nil, api.ResourceNotFoundException("No GovCloud account is linked to the standard account %s.", of(c, in.StandardAccountId))
}
