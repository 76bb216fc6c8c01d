package organizations

import (
	"errors"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
)

// joinInvited makes the account that accepts an invitation a member.
func (s *Service) joinInvited(tx *store.Tx, c *writ.Call, o *organization, h *handshake) error {
	if err := o.joinable(tx, c, h); err != nil {
		return err
	}
	sent, err := o.sent(tx, c.Time)
	if err != nil {
		return err
	}
	full, err := s.full(tx, c, o, 0)
	switch {
	case err != nil:
		return err
	case sent.migrating:
		return migrating()
	case full:
		return tooMany()
	}
	m := &member{Account: h.Account, Organization: o.ID, Parent: o.Root, Method: invited, Joined: c.Time}
	return errors.Join(s.join(tx, o, m), s.setTags(tx, o, h.Account, h.tags()))
}

// joinable refuses who is in an organization, and who may not make the role that
// members have.
func (o *organization) joinable(tx *store.Tx, c *writ.Call, h *handshake) error {
	in, _, err := organizationOf(tx, h.Account)
	switch {
	case err == nil && in.Management == h.Account:
		return mainstay()
	case err == nil:
		return already()
	case !errors.Is(err, store.ErrNotFound):
		return err
	case o.AllFeatures:
		return mayLink(c)
	}
	return nil
}
