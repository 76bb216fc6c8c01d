package account

import (
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"net/mail"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/account"
	"github.com/writ-iam/writ/store"
)

// emailUpdate is an address that a root user is to have, once somebody has
// proved with the code that it was read there.
type emailUpdate struct {
	Account string
	Email   string
	Code    store.Secret
	Until   time.Time
	Wrong   int // codes that were tried in vain
}

var emailUpdates = store.NewTable("account/email-update",
	func(u *emailUpdate) store.Key { return store.K(u.Account) })

// How long a code is good, and how often another may be tried in its place.
const (
	codeLife  = time.Hour
	codeTries = 5
)

// newCode makes a code. Its letters can't be taken for one another.
func newCode() string { return rand.Text()[:6] }

func (s *Service) GetPrimaryEmail(c *writ.Call, in *api.GetPrimaryEmailInput) (*api.GetPrimaryEmailOutput, error) {
	out := new(api.GetPrimaryEmailOutput)
	err := s.db.View(c.Context, func(tx *store.Tx) error {
		a, err := s.accounts.Account(tx, in.AccountId)
		if err == nil {
			out.PrimaryEmail = &a.Email
		}
		return err
	})
	return out, err
}

// StartPrimaryEmailUpdate makes a code in place of one that was made before. AWS
// sends it to the new address; here EmailUpdate tells it.
func (s *Service) StartPrimaryEmailUpdate(c *writ.Call, in *api.StartPrimaryEmailUpdateInput) (*api.StartPrimaryEmailUpdateOutput, error) {
	if a, err := mail.ParseAddress(in.PrimaryEmail); err != nil || a.Address != in.PrimaryEmail {
		return nil, invalid(fieldFailed, "The primary email address is not valid.")
	}
	u := &emailUpdate{Account: in.AccountId, Email: in.PrimaryEmail, Code: store.NewSecret([]byte(newCode())), Until: c.Time.Add(codeLife)}
	err := s.db.Update(c, func(tx *store.Tx) error {
		_, err := s.accounts.AccountByEmail(tx, u.Email)
		switch {
		case err == nil:
			return emailTaken()
		case !errors.Is(err, store.ErrNotFound):
			return err
		}
		return emailUpdates.Put(tx, u)
	})
	return &api.StartPrimaryEmailUpdateOutput{Status: new("PENDING")}, err
}

func emailTaken() error {
	return api.ConflictException("The email address is already in use.")
}

// AcceptPrimaryEmailUpdate uses the code up.
func (s *Service) AcceptPrimaryEmailUpdate(c *writ.Call, in *api.AcceptPrimaryEmailUpdateInput) (*api.AcceptPrimaryEmailUpdateOutput, error) {
	var refused error
	err := s.db.Update(c, func(tx *store.Tx) (err error) {
		refused = nil
		u, err := pending(tx, in.AccountId, c.Time)
		if err != nil {
			return err
		}
		if u.Email != in.PrimaryEmail {
			return invalid(fieldFailed, "The primary email address is not the one that the update was started with.")
		}
		// What was tried in vain is kept: an error would take it back.
		if refused, err = u.try(in.Otp); err != nil || refused != nil {
			return errors.Join(err, u.miss(tx))
		}
		return errors.Join(s.changeEmail(tx, u), emailUpdates.Delete(tx, u.Account))
	})
	if err = errors.Join(err, refused); err != nil {
		return nil, err
	}
	return &api.AcceptPrimaryEmailUpdateOutput{Status: new("ACCEPTED")}, nil
}

// pending finds an update that still can be accepted.
func pending(tx *store.Tx, account string, now time.Time) (*emailUpdate, error) {
	u, err := emailUpdates.Get(tx, account)
	if err == nil && !now.Before(u.Until) {
		err = store.ErrNotFound
	}
	return u, or(err, api.ResourceNotFoundException("There is no pending update of the primary email address of the account %s.", account))
}

// try compares codes.
func (u *emailUpdate) try(code string) (refused, err error) {
	good, err := u.Code.Reveal()
	if err == nil && subtle.ConstantTimeCompare(good, []byte(code)) != 1 {
		refused = invalid(fieldFailed, "The OTP is not valid.")
	}
	return refused, err
}

// miss counts a wrong code, the last of which ends the update.
func (u *emailUpdate) miss(tx *store.Tx) error {
	if u.Wrong++; u.Wrong >= codeTries {
		return emailUpdates.Delete(tx, u.Account)
	}
	return emailUpdates.Put(tx, u)
}

func (s *Service) changeEmail(tx *store.Tx, u *emailUpdate) error {
	err := s.accounts.ChangeEmail(tx, u.Account, u.Email)
	if errors.Is(err, store.ErrExists) {
		return emailTaken()
	}
	return err
}

// EmailUpdate tells an account what the holder of the new address would read:
// the address, the code, and how long it is good. store.ErrNotFound if no update
// is pending.
func (s *Service) EmailUpdate(c *writ.Call) (email, code string, until time.Time, err error) {
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		u, err := emailUpdates.Get(tx, c.Scope.Account)
		if err != nil || !c.Time.Before(u.Until) {
			return errors.Join(err, store.ErrNotFound)
		}
		plain, err := u.Code.Reveal()
		email, code, until = u.Email, string(plain), u.Until
		return err
	})
	return email, code, until, err
}
