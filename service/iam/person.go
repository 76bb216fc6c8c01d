package iam

import (
	"errors"
	"strings"
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/audit"
	"github.com/writ-iam/writ/store"
)

// person is who wants to sign in, as far as there is such a one.
type person struct {
	subject
	in      SignIn
	id      string // user, or account for root; for nobody the names that were given
	hash    hashed // "" if there is no password
	policy  *passwordPolicy
	profile *loginProfile // nil for root
	devices []*mfaDevice
}

// longest is how much of a name that does not exist is remembered.
const longest = 128

func (s *Service) person(c *writ.Call, in SignIn) (p *person, err error) {
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		p, err = findPerson(tx, in)
		return err
	})
	return p, err
}

func (p *person) again(tx *store.Tx) (*person, error) { return findPerson(tx, p.in) }

func findPerson(tx *store.Tx, in SignIn) (*person, error) {
	given := strings.ToLower(in.Account + "/" + in.User)
	p := &person{in: in, id: given[:min(longest, len(given))]}
	a, err := accountNamed(tx, in)
	if errors.Is(err, store.ErrNotFound) {
		return p, nil
	}
	if err != nil {
		return nil, err
	}
	given = a.ID + "/" + strings.ToLower(in.User) // whatever the account was called by
	p.id = given[:min(longest, len(given))]
	p.account, p.identity = a.ID, audit.UserIdentity{Type: "IAMUser", AccountID: a.ID, UserName: hiddenName}
	if in.User == "" {
		p.id, p.hash = a.ID, a.RootPassword
		return p, p.complete(tx, a)
	}
	u, err := users.Get(tx, a.ID, strings.ToLower(in.User))
	if errors.Is(err, store.ErrNotFound) {
		return p, nil
	}
	if err != nil {
		return nil, err
	}
	return p, p.user(tx, a, u)
}

// accountNamed finds the account by its number or alias, or that of root's
// e-mail address. Nobody signs in to a closed one.
func accountNamed(tx *store.Tx, in SignIn) (a *account, err error) {
	switch {
	case in.User == "" && strings.Contains(in.Account, "@"):
		a, err = accounts.By(tx, "email", strings.ToLower(in.Account))
	case accountNumber.MatchString(in.Account):
		a, err = accounts.Get(tx, in.Account)
	default:
		a, err = accounts.By(tx, "alias", in.Account)
	}
	if err == nil && !a.Closed.IsZero() {
		return nil, store.ErrNotFound
	}
	return a, err
}

func (p *person) user(tx *store.Tx, a *account, u *user) (err error) {
	p.id = u.ID
	if p.policy, err = accountPolicy(tx, a.ID); err != nil {
		return err
	}
	if p.profile, err = profileOf(tx, u); err != nil {
		return err
	}
	if p.profile != nil {
		p.hash = p.profile.Hash
	}
	return p.complete(tx, a)
}

// complete adds what is known of everybody who exists.
func (p *person) complete(tx *store.Tx, a *account) (err error) {
	if p.caller, err = principal(tx, a, p.id); err != nil {
		return err
	}
	p.devices, err = devicesOf(tx, a.ID, p.id)
	return err
}

// outcome compares who somebody is now with who has proved it.
func (p *person) outcome(proved *person, now time.Time) Outcome {
	same := p.id == proved.id && p.hash == proved.hash && p.caller != nil && len(p.devices) == len(proved.devices)
	switch {
	case !same:
		return Refused
	case p.profile == nil:
		return Admitted
	case p.policy.expired(p.profile.Set, now) && p.policy.HardExpiry:
		return PasswordExpired
	case p.policy.expired(p.profile.Set, now) || p.profile.MustSet:
		return ChangeNeeded
	}
	return Admitted
}

// keys are the security keys, and the devices that they are.
func (p *person) keys() (keys []SecurityKey, devices []*mfaDevice) {
	for _, d := range p.devices {
		if d.Type == securityKey {
			keys, devices = append(keys, *d.Key), append(devices, d)
		}
	}
	return keys, devices
}

// factors are what somebody may prove the second factor by.
func (p *person) factors() *SignedIn {
	keys, _ := p.keys()
	return &SignedIn{Outcome: FactorNeeded, Keys: keys, Codes: len(keys) < len(p.devices)}
}
