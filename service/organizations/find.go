package organizations

import (
	"errors"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/organizations"
	"github.com/writ-iam/writ/store"
)

// organizationOf finds the organization that an account is in, store.ErrNotFound
// if it is in none.
func organizationOf(tx *store.Tx, account string) (*organization, *member, error) {
	m, err := members.Get(tx, account)
	if err != nil {
		return nil, nil, err
	}
	o, err := organizations.Get(tx, m.Organization)
	return o, m, err
}

// own finds the organization of the caller.
func own(tx *store.Tx, c *writ.Call) (*organization, error) {
	o, _, err := organizationOf(tx, c.Scope.Account)
	if errors.Is(err, store.ErrNotFound) {
		return nil, api.AWSOrganizationsNotInUseException("Your account is not a member of an organization.")
	}
	return o, err
}

// read carries out an operation that changes nothing.
func (s *Service) read(c *writ.Call, do func(tx *store.Tx, o *organization) error) error {
	return s.db.View(c.Context, func(tx *store.Tx) error {
		o, err := own(tx, c)
		if err != nil {
			return err
		}
		return do(tx, o)
	})
}

// change carries out an operation that writes.
func (s *Service) change(c *writ.Call, do func(tx *store.Tx, o *organization) error) error {
	return s.db.Update(c, func(tx *store.Tx) error {
		o, err := own(tx, c)
		if err != nil {
			return err
		}
		return do(tx, o)
	})
}

// or gives the service's error for what is not there.
func or(err, missing error) error {
	if errors.Is(err, store.ErrNotFound) {
		return missing
	}
	return err
}

// holds finds an account in the organization, store.ErrNotFound if it is not there.
func (o *organization) holds(tx *store.Tx, account string) (*member, error) {
	m, err := members.Get(tx, account)
	if err == nil && m.Organization != o.ID {
		return nil, store.ErrNotFound
	}
	return m, err
}

// member is holds with the error that callers are told.
func (o *organization) member(tx *store.Tx, account string) (*member, error) {
	m, err := o.holds(tx, account)
	return m, or(err, noAccount())
}

func noAccount() error {
	return api.AccountNotFoundException("You specified an account that doesn't exist.")
}

func (o *organization) unit(tx *store.Tx, id string) (*unit, error) {
	u, err := units.Get(tx, o.ID, id)
	return u, or(err, api.OrganizationalUnitNotFoundException("You specified an organizational unit that doesn't exist."))
}

// within says whether a root or unit is there, and which units lead from below
// the root to it, itself included.
func (o *organization) within(tx *store.Tx, parent string) (path []string, err error) {
	if parent == o.Root {
		return nil, nil
	}
	u, err := units.Get(tx, o.ID, parent)
	if err != nil {
		return nil, err
	}
	return u.path(), nil
}

// path is the ids of the units from below the root to this one.
func (u *unit) path() []string { return append(u.Above[:len(u.Above):len(u.Above)], u.ID) }

// node is a root, unit or account: what policies are attached to.
type node struct {
	ID, Name, Type string
}

// The types of nodes.
const rootType, unitType, accountType = "ROOT", "ORGANIZATIONAL_UNIT", "ACCOUNT"

// node finds what policies are attached to, store.ErrNotFound if it is not there.
func (s *Service) node(tx *store.Tx, o *organization, id string) (*node, error) {
	switch kindOf(id) {
	case rootKind:
		if id == o.Root {
			return &node{id, rootName, rootType}, nil
		}
	case unitKind:
		u, err := units.Get(tx, o.ID, id)
		if err != nil {
			return nil, err
		}
		return &node{id, u.Name, unitType}, nil
	case accountKind:
		if _, err := o.holds(tx, id); err != nil {
			return nil, err
		}
		a, err := s.accounts.Account(tx, id)
		if err != nil {
			return nil, err
		}
		return &node{id, a.Name, accountType}, nil
	}
	return nil, store.ErrNotFound
}

const rootName = "Root"
