package iam

import (
	"errors"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// serviceCredential is what a user shows one service that does not take signed
// requests: a user name and password, or an API key.
type serviceCredential struct {
	ID      string
	Account string
	UserID  string
	Service string // "codecommit.amazonaws.com"
	Login   string // the public half: a user name, or an API key's alias
	Active  bool
	Created time.Time
	Expires time.Time // zero for never
	Secret  []byte    // SHA-256 of the password: it is random, and long enough not to be guessed
}

var serviceCredentials = store.NewTable("iam/service-credential",
	func(k *serviceCredential) store.Key { return store.K(k.Account, k.ID) },
	store.Unique("login", func(k *serviceCredential) store.Key { return store.K(k.Account, k.Service, k.Login) }),
	store.Index("user", func(k *serviceCredential) store.Key {
		return store.K(k.Account, k.UserID, k.Service, k.Created, k.ID)
	}),
	store.Index("service", func(k *serviceCredential) store.Key { return store.K(k.Account, k.Service, k.ID) }))

// CreateServiceSpecificCredential is the only time, beside a reset, that the
// password is shown.
func (s *Service) CreateServiceSpecificCredential(c *writ.Call, in *api.CreateServiceSpecificCredentialInput) (out *api.CreateServiceSpecificCredentialOutput, err error) {
	service, err := credentialService(in.ServiceName)
	if err != nil {
		return nil, err
	}
	password := newServicePassword()
	k := &serviceCredential{ID: writ.NewID(writ.ServiceCredentialID), Account: c.Scope.Account, Service: service, Active: true,
		Created: c.Time.Truncate(time.Second), Secret: hashServicePassword(password)}
	if in.CredentialAgeDays != nil {
		k.Expires = k.Created.AddDate(0, 0, *in.CredentialAgeDays)
	}
	err = s.db.Update(c, func(tx *store.Tx) error {
		u, err := findUser(tx, c, in.UserName)
		if err != nil {
			return err
		}
		k.UserID = u.ID
		if err := s.insertServiceCredential(tx, k, u); err != nil {
			return err
		}
		out = &api.CreateServiceSpecificCredentialOutput{ServiceSpecificCredential: k.shape(u.Name, c.Time, password)}
		return nil
	})
	return out, err
}

func (s *Service) insertServiceCredential(tx *store.Tx, k *serviceCredential, u *user) (err error) {
	n, err := serviceCredentials.CountBy(tx, "user", store.K(k.Account, k.UserID, k.Service))
	if err != nil {
		return err
	}
	if err := s.within("ContextSpecificCredentialsPerUserPerContext", n+1); err != nil {
		return err
	}
	if k.Login, err = freeLogin(tx, k.Account, k.Service, u.Name); err != nil {
		return err
	}
	return serviceCredentials.Insert(tx, k)
}

// ResetServiceSpecificCredential gives the credential a new password and leaves
// everything else as it is.
func (s *Service) ResetServiceSpecificCredential(c *writ.Call, in *api.ResetServiceSpecificCredentialInput) (out *api.ResetServiceSpecificCredentialOutput, err error) {
	password := newServicePassword()
	hash := hashServicePassword(password)
	err = s.db.Update(c, func(tx *store.Tx) error {
		u, k, err := findServiceCredential(tx, c, in.UserName, in.ServiceSpecificCredentialId)
		if err != nil {
			return err
		}
		k.Secret = hash
		out = &api.ResetServiceSpecificCredentialOutput{ServiceSpecificCredential: k.shape(u.Name, c.Time, password)}
		return serviceCredentials.Put(tx, k)
	})
	return out, err
}

func (s *Service) UpdateServiceSpecificCredential(c *writ.Call, in *api.UpdateServiceSpecificCredentialInput) (*api.UpdateServiceSpecificCredentialOutput, error) {
	isActive, err := activation(in.Status)
	if err != nil {
		return nil, err
	}
	err = s.db.Update(c, func(tx *store.Tx) error {
		_, k, err := findServiceCredential(tx, c, in.UserName, in.ServiceSpecificCredentialId)
		if err != nil {
			return err
		}
		k.Active = isActive
		return serviceCredentials.Put(tx, k)
	})
	return &api.UpdateServiceSpecificCredentialOutput{}, err
}

func (s *Service) DeleteServiceSpecificCredential(c *writ.Call, in *api.DeleteServiceSpecificCredentialInput) (*api.DeleteServiceSpecificCredentialOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		_, k, err := findServiceCredential(tx, c, in.UserName, in.ServiceSpecificCredentialId)
		if err != nil {
			return err
		}
		return serviceCredentials.Delete(tx, k.Account, k.ID)
	})
	return &api.DeleteServiceSpecificCredentialOutput{}, err
}

// findServiceCredential finds a credential of the named user or the caller.
func findServiceCredential(tx *store.Tx, c *writ.Call, userName *string, id string) (*user, *serviceCredential, error) {
	u, err := ownOrNamed(tx, c, userName)
	if err != nil {
		return nil, nil, err
	}
	k, err := serviceCredentials.Get(tx, c.Scope.Account, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil, api.NoSuchEntityException("No such credential %s exists", id)
	}
	if err == nil && k.UserID != u.ID {
		return nil, nil, writ.ValidationError("User %s does not have a service specific credential with id %s", u.Name, id)
	}
	return u, k, err
}

// status is "Expired" from the moment on at which it expires.
func (k *serviceCredential) status(now time.Time) string {
	if !k.Expires.IsZero() && !now.Before(k.Expires) {
		return expired
	}
	return statusOf(k.Active)
}

// shape is the credential with its password, as it is shown once.
func (k *serviceCredential) shape(userName string, now time.Time, password string) *api.ServiceSpecificCredential {
	shape := &api.ServiceSpecificCredential{CreateDate: k.Created, ExpirationDate: date(k.Expires), ServiceName: k.Service,
		ServiceSpecificCredentialId: k.ID, UserName: userName, Status: k.status(now)}
	if prefix, ok := k.tokenPrefix(); ok {
		shape.ServiceCredentialAlias, shape.ServiceCredentialSecret = &k.Login, new(token(prefix, k.Login, password))
	} else {
		shape.ServiceUserName, shape.ServicePassword = &k.Login, &password
	}
	return shape
}
