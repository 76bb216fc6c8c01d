package organizations

import (
	"errors"
	"strings"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/organizations"
	"github.com/writ-iam/writ/store"
)

// handshake is what an organization asks of an account, or of all its members at
// once: then it has a part for each that is asked.
type handshake struct {
	Organization string
	ID           string // h-…
	Action       string
	Account      string     // that is asked; "" if it is the organization itself
	Email        string     // by which the account was named, "" if by its number
	Parent       string     // the handshake that it is a part of, "" if it is none
	Notes        string     // to the account that is asked
	Tags         []writ.Tag // that the account gets
	Requested    time.Time
	Expires      time.Time
	Answer       string    // ACCEPTED, DECLINED, CANCELED; "" until there is one
	Ended        time.Time // when the answer came
}

var handshakes = store.NewTable("organizations/handshake",
	func(h *handshake) store.Key { return store.K(h.Organization, h.ID) },
	store.Unique("id", func(h *handshake) store.Key { return store.K(h.ID) }),
	store.Index("account", func(h *handshake) store.Key {
		if h.Account == "" {
			return nil
		}
		return store.K(h.Account, h.Organization, h.ID)
	}))

// What handshakes are about.
const invite, enableAll, approveAll = "INVITE", "ENABLE_ALL_FEATURES", "APPROVE_ALL_FEATURES"

// The states of handshakes, beside those that an answer is.
const requested, open, expired = "REQUESTED", "OPEN", "EXPIRED"

// The answers.
const accepted, declined, canceled = "ACCEPTED", "DECLINED", "CANCELED"

// How long handshakes last (Organizations User Guide, "Expiration times for
// handshakes").
const (
	invitationTime = 15 * 24 * time.Hour // to answer
	migrationTime  = 90 * 24 * time.Hour // to approve and confirm all features
	remembered     = 30 * 24 * time.Hour // after the end
)

// isOpen says whether a handshake can still be answered.
func (h *handshake) isOpen(at time.Time) bool { return h.Answer == "" && at.Before(h.Expires) }

// isGone says whether a handshake ended so long ago that it is as if it had never been.
func (h *handshake) isGone(at time.Time) bool {
	end := h.Ended
	if h.Answer == "" {
		end = h.Expires
	}
	return !at.Before(end.Add(remembered))
}

// state is computed: handshakes expire by themselves, and one that all members
// are asked by is open once those have approved that have to.
func (s *Service) state(tx *store.Tx, h *handshake, at time.Time) (string, error) {
	switch {
	case h.Answer != "":
		return h.Answer, nil
	case !h.isOpen(at):
		return expired, nil
	case h.Action != enableAll:
		return open, nil
	}
	if waiting, err := s.awaited(tx, h); waiting || err != nil {
		return requested, err
	}
	return open, nil
}

// handshakeOf finds a handshake that the caller takes part in: as the account
// that is asked, or in the organization that asks. Any other is store.ErrNotFound.
func handshakeOf(tx *store.Tx, c *writ.Call, id string) (*organization, *handshake, error) {
	h, err := handshakes.By(tx, "id", id)
	if err != nil {
		return nil, nil, err
	}
	if h.isGone(c.Time) {
		return nil, nil, store.ErrNotFound
	}
	o, err := organizations.Get(tx, h.Organization)
	if err != nil || h.Account == c.Scope.Account {
		return o, h, err
	}
	_, err = o.holds(tx, c.Scope.Account)
	return o, h, err
}

func noHandshake() error {
	return api.HandshakeNotFoundException("You specified a handshake that doesn't exist.")
}

// handshakeResource is a handshake for authz: to answer it is the own business of
// the account that is asked, all else the organization's.
func (s *Service) handshakeResource(tx *store.Tx, c *writ.Call, id string) (writ.Resource, error) {
	o, h, err := handshakeOf(tx, c, id)
	if errors.Is(err, store.ErrNotFound) {
		return writ.Resource{ARN: "*"}, nil
	}
	if err != nil {
		return writ.Resource{}, err
	}
	r := writ.Resource{ARN: o.handshakeARN(h)}
	if h.Account == c.Scope.Account {
		return r, nil
	}
	return r, s.belongs(tx, c, o, &r)
}

func (o *organization) handshakeARN(h *handshake) string {
	return o.arnOf("handshake", strings.ToLower(h.Action), h.ID)
}
