package iam

import (
	"errors"
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
)

// SignIn is what somebody presents at a door for people.
type SignIn struct {
	Account  string // number or alias; or, for root, its e-mail address
	User     string // name of an IAM user; "" for root
	Password string
	Code     string // one-time code; "" if none was asked for yet
	// Signed finds the security key that has signed the door's challenge among
	// those of the user, by its place; -1 if none has. nil if none was asked for.
	Signed func([]SecurityKey) int
}

// Outcome is how an attempt to sign in has ended.
type Outcome int

const (
	// Refused: something was wrong. Nobody is told what.
	Refused Outcome = iota
	// Locked: there were too many attempts from this source. Until says for how long.
	Locked
	// FactorNeeded: the password is right, and the user has MFA devices. The
	// attempt is to be made again, with a code or a security key.
	FactorNeeded
	// PasswordExpired: an administrator has to set another password.
	PasswordExpired
	// ChangeNeeded: it is proved who it is, and all that they may do is change
	// their password, if they have permission for iam:ChangePassword. Once they
	// have they are admitted.
	ChangeNeeded
	// Admitted: it is proved who it is.
	Admitted
)

// SignedIn is what came of an attempt.
type SignedIn struct {
	Outcome
	Caller *writ.Caller  // of ChangeNeeded and Admitted; the door adds the session
	MFA    time.Time     // when a second factor was proved; zero if none was
	Until  time.Time     // of Locked
	Keys   []SecurityKey // of FactorNeeded: those that may sign a challenge
	Codes  bool          // of FactorNeeded: there are devices that give codes
}

// SignIn proves who somebody is by password and second factor. Of the call it
// needs ID, Time, Source, Scope.Region and Context. Every attempt is in the
// audit before SignIn returns: an error says that it could not be made, and
// nobody may be let in.
//
// Attempts are counted for each user and source: after five that failed the
// source is locked out, for half a minute at first and twice as long each
// further time, up to an hour. Users who do not exist are treated alike, and
// take as long.
func (s *Service) SignIn(c *writ.Call, in SignIn) (*SignedIn, error) {
	p, err := s.person(c, in)
	if err != nil {
		return nil, err
	}
	t := passwordOfUser(p.id, c)
	made, err := s.try(c, t)
	if err != nil {
		return nil, err
	}
	if made.locked {
		return &SignedIn{Outcome: Locked, Until: made.until}, s.refused(c, p)
	}
	right := false
	if err := s.hashing.turn(c.Context, func() { right = p.hash.matches(in.Password) }); err != nil {
		return nil, err
	}
	if err := s.tell(c, p.subject, made, !right); err != nil {
		return nil, err
	}
	if !right || p.caller == nil {
		return &SignedIn{Outcome: Refused, Until: made.until}, s.refused(c, p)
	}
	return s.second(c, p, t, in)
}

// second asks for the second factor of somebody whose password was right.
func (s *Service) second(c *writ.Call, p *person, t target, in SignIn) (*SignedIn, error) {
	if len(p.devices) == 0 {
		return s.admit(c, p, t, nil)
	}
	if in.Code == "" && in.Signed == nil {
		if err := s.right(c, t); err != nil {
			return nil, err
		}
		return p.factors(), s.challenged(c, p)
	}
	device, err := s.factor(c, p, in)
	if err != nil {
		return nil, err
	}
	if device == nil {
		return &SignedIn{Outcome: Refused}, s.refused(c, p)
	}
	return s.admit(c, p, t, device)
}

// factor is the device that has proved the second factor; nil if none has.
func (s *Service) factor(c *writ.Call, p *person, in SignIn) (*mfaDevice, error) {
	if in.Signed == nil {
		return s.useCode(c, p.subject, p.id, "", in.Code)
	}
	keys, devices := p.keys()
	if i := in.Signed(keys); i >= 0 && i < len(devices) {
		return devices[i], nil
	}
	return nil, nil
}

// admit lets somebody in, if all is still as it was when it was proved.
func (s *Service) admit(c *writ.Call, p *person, t target, device *mfaDevice) (*SignedIn, error) {
	var now *person
	outcome := Refused
	err := s.db.Maintain(c.Context, "sign-in", func(tx *store.Tx) (err error) {
		if now, err = p.again(tx); err != nil {
			return err
		}
		if outcome = now.outcome(p, c.Time); outcome != ChangeNeeded && outcome != Admitted {
			return nil
		}
		return errors.Join(t.forget(tx), usesTable.Put(tx, &use{ID: p.id, Time: c.Time}))
	})
	switch {
	case err != nil:
		return nil, err
	case outcome == Refused:
		return &SignedIn{}, s.refused(c, p)
	case outcome == PasswordExpired:
		return &SignedIn{Outcome: outcome}, s.expired(c, p, device)
	}
	admitted := &SignedIn{Outcome: outcome, Caller: now.caller}
	if device != nil {
		admitted.MFA = c.Time
	}
	return admitted, s.welcomed(c, p, device)
}
