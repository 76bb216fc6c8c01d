package organizations

import (
	"errors"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/organizations"
	"github.com/writ-iam/writ/store"
)

// InviteAccountToOrganization asks another account of the installation to join.
// One that is in another organization may be asked, but must leave it before it
// can accept.
func (s *Service) InviteAccountToOrganization(c *writ.Call, in *api.InviteAccountToOrganizationInput) (*api.InviteAccountToOrganizationOutput, error) {
	h := &handshake{ID: newID("h-", 10), Action: invite, Notes: value(in.Notes), Requested: c.Time, Expires: c.Time.Add(invitationTime)}
	out := new(api.InviteAccountToOrganizationOutput)
	err := s.change(c, func(tx *store.Tx, o *organization) error {
		if err := s.checkNewTags(in.Tags); err != nil {
			return err
		}
		if err := s.address(tx, o, h, &in.Target); err != nil {
			return err
		}
		if err := s.invitable(tx, c, o, h); err != nil {
			return err
		}
		h.Organization, h.Tags = o.ID, keptTags(in.Tags)
		if err := handshakes.Insert(tx, h); err != nil {
			return err
		}
		var err error
		out.Handshake, err = s.handshakeShape(tx, h, c.Time)
		return err
	})
	return out, err
}

// address fills in whom an invitation is for. Nobody is told whether an account
// is closed, or of another partition, or not there.
func (s *Service) address(tx *store.Tx, o *organization, h *handshake, target *api.HandshakeParty) (err error) {
	var a *writ.Account
	unknown := invalid("TARGET_NOT_SUPPORTED", "You can't perform the specified operation on that target entity.")
	switch {
	case target.Type == "EMAIL":
		a, err = s.accounts.AccountByEmail(tx, target.Id)
		h.Email = target.Id
		unknown = invalid("INVALID_EMAIL_ADDRESS_TARGET", "You specified an invalid email address for the invited account owner.")
	case target.Type != "ACCOUNT":
		return invalid("INVALID_PARTY_TYPE_TARGET", "You specified the wrong type of entity (account, organization, or email) as a party.")
	case kindOf(target.Id) != accountKind:
		return invalid("INVALID_PATTERN", "You provided a value that does not match the required pattern.")
	default:
		a, err = s.accounts.Account(tx, target.Id)
	}
	if err != nil {
		return or(err, unknown)
	}
	if a.Partition != o.Partition || !a.Closed.IsZero() {
		return unknown
	}
	h.Account = a.ID
	return nil
}

// invitable refuses an invitation too many.
func (s *Service) invitable(tx *store.Tx, c *writ.Call, o *organization, h *handshake) error {
	_, err := o.holds(tx, h.Account)
	switch {
	case err == nil:
		return already()
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return err
	}
	sent, err := o.sent(tx, c.Time)
	if err != nil {
		return err
	}
	full, err := s.full(tx, c, o, sent.open)
	switch {
	case err != nil:
		return err
	case sent.migrating:
		return migrating()
	case sent.asked[h.Account]:
		return api.DuplicateHandshakeException("A handshake with the same action and target already exists.")
	case full:
		return tooMany()
	case sent.today >= max(invitationsPerDay, s.quotas["AccountsPerOrganization"]):
		return unshakeable("HANDSHAKE_RATE_LIMIT_EXCEEDED", "You have exceeded the number of handshakes that you can send in one day.")
	}
	return nil
}

// invitationsPerDay is how many small organizations may send (Organizations User
// Guide, "Quotas and service limits for AWS Organizations").
const invitationsPerDay = 20

// sent is what an organization has asked of whom.
type sent struct {
	open      int             // invitations without an answer
	today     int             // invitations in the last 24 hours but for those that were accepted
	asked     map[string]bool // accounts that have an open invitation
	migrating bool            // all members are being asked for all features
}

// sent adds it up, and deletes what is gone.
func (o *organization) sent(tx *store.Tx, at time.Time) (sent, error) {
	all := sent{asked: map[string]bool{}}
	for h, err := range handshakes.Scan(tx, store.K(o.ID)) {
		if err == nil && h.isGone(at) {
			err = handshakes.Delete(tx, h.Organization, h.ID)
		}
		if err != nil {
			return sent{}, err
		}
		switch {
		case h.Action == enableAll:
			all.migrating = all.migrating || h.isOpen(at)
		case h.Action == invite:
			all.add(h, at)
		}
	}
	return all, nil
}

func (s *sent) add(h *handshake, at time.Time) {
	if h.isOpen(at) {
		s.open++
		s.asked[h.Account] = true
	}
	if h.Answer != accepted && at.Before(h.Requested.Add(24*time.Hour)) {
		s.today++
	}
}

// full says whether an organization has no room for one account more, with so
// many invitations that may yet be accepted. It makes room by forgetting those
// that are closed for good, but only then: it looks at all members.
func (s *Service) full(tx *store.Tx, c *writ.Call, o *organization, invitations int) (bool, error) {
	room := s.quotas["AccountsPerOrganization"] - invitations
	n, err := members.CountBy(tx, "organization", store.K(o.ID))
	if err != nil || n < room {
		return false, err
	}
	if err := s.bury(tx, c, o, members.ScanBy(tx, "organization", store.K(o.ID))); err != nil {
		return false, err
	}
	n, err = members.CountBy(tx, "organization", store.K(o.ID))
	return n >= room, err
}

func unshakeable(reason, format string, args ...any) *writ.Error {
	return reasoned(api.HandshakeConstraintViolationException(format, args...), reason)
}

func tooMany() *writ.Error {
	return unshakeable("ACCOUNT_NUMBER_LIMIT_EXCEEDED", "You have exceeded the allowed number of AWS accounts.")
}

func already() *writ.Error {
	return unshakeable("ALREADY_IN_AN_ORGANIZATION", "The account is already a member of an organization.")
}

func migrating() *writ.Error {
	return unshakeable("INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES", "You can't invite accounts to your organization while it's in the process of enabling all features.")
}

func keptTags(all []api.Tag) (kept []writ.Tag) {
	for _, t := range all {
		kept = append(kept, writ.Tag{Key: t.Key, Value: t.Value})
	}
	return kept
}

func (h *handshake) tags() (all []api.Tag) {
	for _, t := range h.Tags {
		all = append(all, api.Tag{Key: t.Key, Value: t.Value})
	}
	return all
}
