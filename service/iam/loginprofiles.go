package iam

import (
	"errors"
	"slices"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// loginProfile is a user's password.
type loginProfile struct {
	Account string
	UserID  string
	Created time.Time
	Hash    hashed
	Set     time.Time // when the password became this one
	// Earlier are the passwords before this one, the last one first. All of a
	// profile's hashes are made in the same way, salt included, so that one hash
	// finds a password among them.
	Earlier []hashed
	MustSet bool // the user has to set another one at the next sign-in
}

var loginProfiles = store.NewTable("iam/login-profile",
	func(p *loginProfile) store.Key { return store.K(p.Account, p.UserID) })

// remembered is how many earlier passwords are kept: as many as a policy may
// forbid to use again.
const remembered = 24

// passwordOf is all that a change of a user's password depends on.
type passwordOf struct {
	account *account
	policy  *passwordPolicy
	user    *user
	profile *loginProfile // nil if the user has none
}

func (s *Service) passwordOf(c *writ.Call, userName *string) (p passwordOf, err error) {
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		if p.user, err = ownOrNamed(tx, c, userName); err != nil {
			return err
		}
		if p.account, err = accounts.Get(tx, c.Scope.Account); err != nil {
			return err
		}
		if p.policy, err = accountPolicy(tx, c.Scope.Account); err != nil {
			return err
		}
		p.profile, err = profileOf(tx, p.user)
		return err
	})
	return p, err
}

// profileOf is a user's login profile; nil if there is none.
func profileOf(tx *store.Tx, u *user) (*loginProfile, error) {
	p, err := loginProfiles.Get(tx, u.Account, u.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return p, err
}

// hash checks a new password and hashes it.
func (s *Service) hash(c *writ.Call, p *passwordOf, password string) (hash hashed, err error) {
	if err := p.policy.check(p.account, password); err != nil {
		return "", err
	}
	err = s.hashing.turn(c.Context, func() {
		recipe := newRecipe()
		if p.profile != nil {
			recipe = p.profile.Hash.recipe()
		}
		hash = recipe.hash(password)
	})
	if err == nil && p.profile != nil && p.policy != nil && p.profile.uses(hash, p.policy.Reuse) {
		err = errReused()
	}
	return hash, err
}

// uses says whether a hash is among the last n, the present one included.
func (p *loginProfile) uses(hash hashed, n int) bool {
	last := append([]hashed{p.Hash}, p.Earlier...)
	return slices.ContainsFunc(last[:min(n, len(last))], hash.equal)
}

// set makes hash the password.
func (p *loginProfile) set(hash hashed, now time.Time) {
	p.Earlier = append([]hashed{p.Hash}, p.Earlier...)
	p.Earlier = p.Earlier[:min(remembered, len(p.Earlier))]
	p.Hash, p.Set = hash, now.Truncate(time.Second)
}

// CreateLoginProfile gives a user who has none a password.
func (s *Service) CreateLoginProfile(c *writ.Call, in *api.CreateLoginProfileInput) (*api.CreateLoginProfileOutput, error) {
	if assumedRoot(c, in.UserName) {
		return nil, writ.NotImplemented("The recovery of a root user's password is not implemented.")
	}
	if in.Password == nil {
		return nil, writ.ValidationError("Password must be specified.")
	}
	of, err := s.passwordOf(c, in.UserName)
	if err != nil {
		return nil, err
	}
	if of.profile != nil {
		return nil, profileExists(store.ErrExists, of.user)
	}
	p := &loginProfile{Account: of.user.Account, UserID: of.user.ID, Created: c.Time.Truncate(time.Second),
		Set: c.Time.Truncate(time.Second), MustSet: or(in.PasswordResetRequired, false)}
	if p.Hash, err = s.hash(c, &of, *in.Password); err != nil {
		return nil, err
	}
	err = s.db.Update(c, func(tx *store.Tx) error {
		u, err := ownOrNamed(tx, c, in.UserName)
		if err != nil {
			return err
		}
		if u.ID != p.UserID {
			return errMoved()
		}
		return profileExists(loginProfiles.Insert(tx, p), u)
	})
	return &api.CreateLoginProfileOutput{LoginProfile: p.shape(of.user)}, err
}

func profileExists(err error, u *user) error {
	if errors.Is(err, store.ErrExists) {
		return api.EntityAlreadyExistsException("Login Profile for user %s already exists.", u.Name)
	}
	return err
}

func (s *Service) GetLoginProfile(c *writ.Call, in *api.GetLoginProfileInput) (*api.GetLoginProfileOutput, error) {
	if assumedRoot(c, in.UserName) {
		return s.rootProfile(c)
	}
	of, err := s.passwordOf(c, in.UserName)
	if err != nil {
		return nil, err
	}
	if of.profile == nil {
		return nil, noProfile(of.user.Name)
	}
	return &api.GetLoginProfileOutput{LoginProfile: of.profile.shape(of.user)}, nil
}

func noProfile(name string) error {
	return api.NoSuchEntityException("Login Profile for User %s cannot be found.", name)
}

// UpdateLoginProfile is how an administrator sets a password, or makes the user
// set one. It opens what failed attempts have locked.
func (s *Service) UpdateLoginProfile(c *writ.Call, in *api.UpdateLoginProfileInput) (*api.UpdateLoginProfileOutput, error) {
	of, err := s.passwordOf(c, &in.UserName)
	if err != nil {
		return nil, err
	}
	if of.profile == nil {
		return nil, noProfile(in.UserName)
	}
	var hash hashed
	if in.Password != nil {
		if hash, err = s.hash(c, &of, *in.Password); err != nil {
			return nil, err
		}
	}
	err = s.updateProfile(c, &in.UserName, of.profile, func(p *loginProfile) {
		p.MustSet = or(in.PasswordResetRequired, p.MustSet)
		if hash != "" {
			p.set(hash, c.Time)
		}
	})
	if err == nil && hash != "" {
		err = s.db.Maintain(c.Context, "attempts forgiven", passwordOfUser(of.user.ID, c).forgive)
	}
	return &api.UpdateLoginProfileOutput{}, err
}

// updateProfile changes a login profile that is still as it was read, of whom the
// call still names: that is whom it was decided for.
func (s *Service) updateProfile(c *writ.Call, userName *string, read *loginProfile, change func(*loginProfile)) error {
	return s.db.Update(c, func(tx *store.Tx) error {
		u, err := ownOrNamed(tx, c, userName)
		if err != nil {
			return err
		}
		if u.ID != read.UserID {
			return errMoved()
		}
		p, err := loginProfiles.Get(tx, read.Account, read.UserID)
		if errors.Is(err, store.ErrNotFound) || err == nil && p.Hash != read.Hash {
			return errMoved()
		}
		if err != nil {
			return err
		}
		change(p)
		return loginProfiles.Put(tx, p)
	})
}

// errMoved refuses to act on what has changed while the password was hashed.
func errMoved() error {
	return api.EntityTemporarilyUnmodifiableException("The user was changed at the same time. Please try again.")
}

func (s *Service) DeleteLoginProfile(c *writ.Call, in *api.DeleteLoginProfileInput) (*api.DeleteLoginProfileOutput, error) {
	if assumedRoot(c, in.UserName) {
		return &api.DeleteLoginProfileOutput{}, s.deleteRootPassword(c)
	}
	err := s.db.Update(c, func(tx *store.Tx) error {
		u, err := ownOrNamed(tx, c, in.UserName)
		if err != nil {
			return err
		}
		err = loginProfiles.Delete(tx, u.Account, u.ID)
		if errors.Is(err, store.ErrNotFound) {
			return api.NoSuchEntityException("Cannot find Login Profile for User %s", u.Name)
		}
		return err
	})
	return &api.DeleteLoginProfileOutput{}, err
}

func (p *loginProfile) shape(u *user) api.LoginProfile {
	return api.LoginProfile{UserName: u.Name, CreateDate: p.Created, PasswordResetRequired: &p.MustSet}
}
