package iam

import (
	"errors"
	"net/netip"
	"strings"
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/audit"
	"github.com/writ-iam/writ/store"
)

// tries are the attempts at a secret, since it was last right.
type tries struct {
	At     string // what is tried: a password or the one-time codes of somebody
	From   string // where from; "" for everywhere
	Failed int
	Last   time.Time
	Until  time.Time // locked until then
}

// Attempts are short-lived, and no client's change writes them.
var triesTable = store.NewTable("iam/tries",
	func(t *tries) store.Key { return store.K(t.At, t.From) },
	store.Index("last", func(t *tries) store.Key { return store.K(t.Last) }),
	store.Unlogged[tries]())

// target is a secret that may be tried so many times before it is locked: for
// a while that doubles with each further failure.
type target struct {
	at             string
	from           string // "" for everywhere
	free           int
	first, longest time.Duration
}

// A password is locked for the source that tried it and for no other: else
// anybody could lock anybody out, root above all.
func passwordOfUser(id string, c *writ.Call) target {
	return target{at: "password/" + id, from: source(c), free: 5, first: 30 * time.Second, longest: time.Hour}
}

// Codes are tried by who has the password or the access key already, and there
// are only a million of them: they are counted wherever they come from, and the
// owner is kept waiting for no more than a minute.
func codesOf(id string) target {
	return target{at: "code/" + id, free: 10, first: time.Minute, longest: time.Minute}
}

// forgotten is when attempts no longer count.
const forgotten = 24 * time.Hour

// source is the network that a call came from: its address, or that of the
// subscriber (RFC 6177) for IPv6, where one has more addresses than can be counted.
func source(c *writ.Call) string {
	ip := c.Source.IP.Unmap()
	if !ip.IsValid() {
		return "local"
	}
	if ip.Is6() {
		return netip.PrefixFrom(ip.WithZone(""), 64).Masked().String()
	}
	return ip.String()
}

// attempt is one that has been counted.
type attempt struct {
	target
	locked bool      // it must not be made
	until  time.Time // when the lock ends, if there is one, that the attempt has caused or met
	opened bool      // it is the first after a lock
}

// attempt counts an attempt as failed before it is made: attempts at the same
// time must not all find the door open. Who then is right calls forget.
func (t target) attempt(tx *store.Tx, now time.Time) (attempt, error) {
	n, err := triesTable.Get(tx, t.at, t.from)
	if errors.Is(err, store.ErrNotFound) || err == nil && now.Sub(n.Last) > forgotten {
		n, err = &tries{At: t.at, From: t.from}, nil
	}
	if err != nil {
		return attempt{}, err
	}
	if now.Before(n.Until) {
		return attempt{target: t, locked: true, until: n.Until}, nil
	}
	made := attempt{target: t, opened: !n.Until.IsZero()}
	n.Failed, n.Last, n.Until = n.Failed+1, now, time.Time{}
	if n.Failed >= t.free {
		n.Until = now.Add(t.delay(n.Failed - t.free))
	}
	made.until = n.Until
	return made, errors.Join(triesTable.Put(tx, n), sweep(tx, now))
}

func (t target) delay(beyond int) time.Duration {
	return min(t.first<<min(beyond, 16), t.longest)
}

// forget is for an attempt that was right.
func (t target) forget(tx *store.Tx) error {
	err := triesTable.Delete(tx, t.at, t.from)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// forgive opens a target for all sources.
func (t target) forgive(tx *store.Tx) error {
	for n, err := range triesTable.Scan(tx, store.K(t.at)) {
		if err != nil {
			return err
		}
		if err := triesTable.Delete(tx, n.At, n.From); err != nil {
			return err
		}
	}
	return nil
}

// sweep drops a few of those that no longer count, so that they do not pile up.
func sweep(tx *store.Tx, now time.Time) error {
	left := 8
	for n, err := range triesTable.ScanBy(tx, "last", store.K()) {
		if err != nil {
			return err
		}
		if now.Sub(n.Last) <= forgotten || left == 0 {
			return nil
		}
		left--
		if err := triesTable.Delete(tx, n.At, n.From); err != nil {
			return err
		}
	}
	return nil
}

// try counts an attempt by itself.
func (s *Service) try(c *writ.Call, t target) (made attempt, err error) {
	err = s.db.Maintain(c.Context, "attempt", func(tx *store.Tx) error {
		made, err = t.attempt(tx, c.Time)
		return err
	})
	return made, err
}

// right forgets the attempts at what was right at last.
func (s *Service) right(c *writ.Call, t target) error {
	return s.db.Maintain(c.Context, "attempt", t.forget)
}

// subject is whose secret is tried.
type subject struct {
	account  string       // "" if there is no such account
	caller   *writ.Caller // nil if there is no such user
	identity audit.UserIdentity
}

// signin is the event source of sign-ins (CloudTrail User Guide, "AWS Management
// Console sign-in events").
const signin = "signin.amazonaws.com"

// tell records the lock that an attempt has found ended and, if the attempt has
// failed, the one that it has caused. AWS has no such events.
func (s *Service) tell(c *writ.Call, who subject, made attempt, failed bool) error {
	notice := audit.Notice{Type: audit.ServiceEvent, Source: signin, Account: who.account, Caller: who.caller, Identity: who.identity}
	kind, _, _ := strings.Cut(made.at, "/")
	if made.opened {
		notice.Name, notice.Details = "SignInUnlocked", map[string]any{"secret": kind, "sourceNetwork": made.from}
		if err := s.log.Notify(c, notice); err != nil {
			return err
		}
	}
	if !failed || made.locked || made.until.IsZero() {
		return nil
	}
	notice.Name, notice.Details = "SignInLocked", map[string]any{"secret": kind, "sourceNetwork": made.from,
		"lockedUntil": made.until.UTC().Format(time.RFC3339)}
	return s.log.Notify(c, notice)
}
