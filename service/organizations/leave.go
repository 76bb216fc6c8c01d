package organizations

import (
	"errors"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/organizations"
	"github.com/writ-iam/writ/store"
)

// LeaveOrganization makes the caller's account one of its own. A control policy
// may forbid it.
func (s *Service) LeaveOrganization(c *writ.Call, _ *api.LeaveOrganizationInput) (*api.LeaveOrganizationOutput, error) {
	return &api.LeaveOrganizationOutput{}, s.part(c, c.Scope.Account, "Left")
}

// RemoveAccountFromOrganization makes a member an account of its own.
func (s *Service) RemoveAccountFromOrganization(c *writ.Call, in *api.RemoveAccountFromOrganizationInput) (*api.RemoveAccountFromOrganizationOutput, error) {
	return &api.RemoveAccountFromOrganizationOutput{}, s.part(c, in.AccountId, "Removed")
}

// part takes a member out of the organization of the caller.
func (s *Service) part(c *writ.Call, account, method string) error {
	var management string
	err := s.change(c, func(tx *store.Tx, o *organization) error {
		management = o.Management
		if _, err := o.member(tx, account); err != nil {
			return err
		}
		return o.partWith(tx, c, account)
	})
	if err != nil {
		return err
	}
	return s.departed(c, management, account, method)
}

// partWith refuses to part with the management account, and with delegated
// administrators, which have to be deregistered before.
func (o *organization) partWith(tx *store.Tx, c *writ.Call, account string) error {
	if account == o.Management {
		return mainstay()
	}
	d, err := o.delegate(tx, account)
	switch {
	case err != nil:
		return err
	case len(d.Services) > 0:
		return constraint("CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG", "You can't remove an account from the organization that is a delegated administrator. Deregister it for every service first.")
	}
	return o.release(tx, c, account)
}

// release forgets a member, with all that is kept about it here.
func (o *organization) release(tx *store.Tx, c *writ.Call, account string) error {
	return errors.Join(members.Delete(tx, account), o.forget(tx, account), or(delegates.Delete(tx, o.ID, account), nil),
		o.withdraw(tx, c.Time, func(h *handshake) bool { return h.Action == approveAll && h.Account == account }))
}

// mainstay is the refusal to part with the management account.
func mainstay() error {
	return api.MasterCannotLeaveOrganizationException("You can't remove a management account from an organization. If you want the management account to become a member account in another organization, you must first delete the current organization of the management account.")
}
