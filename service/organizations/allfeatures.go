package organizations

import (
	"errors"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/organizations"
	"github.com/writ-iam/writ/store"
)

// EnableAllFeatures begins what the management account ends by accepting the
// handshake. In between every member that was invited has to approve; those that
// the organization has made need not.
func (s *Service) EnableAllFeatures(c *writ.Call, _ *api.EnableAllFeaturesInput) (*api.EnableAllFeaturesOutput, error) {
	h := &handshake{ID: newID("h-", 10), Action: enableAll, Requested: c.Time, Expires: c.Time.Add(migrationTime)}
	out := new(api.EnableAllFeaturesOutput)
	err := s.change(c, func(tx *store.Tx, o *organization) error {
		if err := o.migratable(tx, c); err != nil {
			return err
		}
		h.Organization = o.ID
		if err := errors.Join(handshakes.Insert(tx, h), s.askMembers(tx, o, h)); err != nil {
			return err
		}
		var err error
		out.Handshake, err = s.handshakeShape(tx, h, c.Time)
		return err
	})
	return out, err
}

func (o *organization) migratable(tx *store.Tx, c *writ.Call) error {
	if o.AllFeatures {
		return unshakeable("ORGANIZATION_ALREADY_HAS_ALL_FEATURES", "The organization already has all features enabled.")
	}
	sent, err := o.sent(tx, c.Time)
	if err == nil && sent.migrating {
		return unshakeable("ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION", "The organization has already started the process to enable all features.")
	}
	return err
}

// askMembers asks those that were invited, by a handshake each.
func (s *Service) askMembers(tx *store.Tx, o *organization, h *handshake) error {
	for m, err := range members.ScanBy(tx, "organization", store.K(o.ID)) {
		if err != nil {
			return err
		}
		has, err := s.hasSay(tx, o, m.Account)
		if err != nil {
			return err
		}
		if !has {
			continue
		}
		// What a repeated run draws anew nobody has seen.
		part := &handshake{Organization: o.ID, ID: newID("h-", 10), Action: approveAll, Account: m.Account, Parent: h.ID, Requested: h.Requested, Expires: h.Expires}
		if err := handshakes.Insert(tx, part); err != nil {
			return err
		}
	}
	return nil
}

// hasSay says whether an account has to approve what the organization becomes: a
// member that was invited, and is not closed.
func (s *Service) hasSay(tx *store.Tx, o *organization, account string) (bool, error) {
	m, err := o.holds(tx, account)
	if err != nil || m.Method != invited || account == o.Management {
		return false, or(err, nil)
	}
	a, err := s.accounts.Account(tx, account)
	return err == nil && a.Closed.IsZero(), err
}

// awaited says whether a member that was asked has not approved. Those that have
// left are not waited for.
func (s *Service) awaited(tx *store.Tx, h *handshake) (bool, error) {
	o, err := organizations.Get(tx, h.Organization)
	if err != nil {
		return false, err
	}
	for part, err := range handshakes.Scan(tx, store.K(o.ID)) {
		if err != nil {
			return false, err
		}
		if part.Parent != h.ID || part.Answer == accepted {
			continue
		}
		if has, err := s.hasSay(tx, o, part.Account); has || err != nil {
			return has, err
		}
	}
	return false, nil
}

// gainFeatures is what all members have approved: policies are possible now.
func (s *Service) gainFeatures(tx *store.Tx, o *organization) error {
	o.AllFeatures = true
	return organizations.Put(tx, o)
}
