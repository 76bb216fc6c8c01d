package iam

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
)

// The methods of this file are what Organizations asks of accounts.

// Account returns an account, store.ErrNotFound if there is none.
func (s *Service) Account(tx *store.Tx, id string) (*writ.Account, error) {
	a, err := accounts.Get(tx, id)
	if err != nil {
		return nil, err
	}
	return a.public(), nil
}

// AccountByEmail returns the account whose root user has an address.
func (s *Service) AccountByEmail(tx *store.Tx, email string) (*writ.Account, error) {
	a, err := accounts.By(tx, "email", strings.ToLower(email))
	if err != nil {
		return nil, err
	}
	return a.public(), nil
}

func (a *account) public() *writ.Account {
	return &writ.Account{ID: a.ID, Partition: a.Partition, Name: a.Name, Email: a.Email, Created: a.Created, Closed: a.Closed}
}

// OpenAccount makes an account whose root user can't sign in yet, with a role of
// that name which the manager's account may assume and which may do everything.
func (s *Service) OpenAccount(tx *store.Tx, a *writ.Account, manager, name string) error {
	r := &role{entity: entity{Partition: a.Partition, Account: a.ID, ID: writ.NewID(writ.RoleID), Path: "/", Name: name, Created: a.Created},
		MaxSession: time.Hour, Trust: accountTrust(a.Partition, manager)}
	may := &attachment{Account: a.ID, EntityType: roleKind.resource, EntityID: r.ID, PolicyARN: "arn:" + a.Partition + ":iam::aws:policy/AdministratorAccess"}
	return errors.Join(
		accounts.Insert(tx, &account{ID: a.ID, Partition: a.Partition, Name: a.Name, Email: a.Email, Created: a.Created}),
		roles.Insert(tx, r), attachments.Insert(tx, may))
}

// accountTrust lets the principals of an account assume a role.
func accountTrust(partition, account string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:%s:iam::%s:root"},"Action":"sts:AssumeRole"}]}`, partition, account)
}

// CloseAccount suspends an account: its credentials are good for nothing.
func (s *Service) CloseAccount(tx *store.Tx, id string, at time.Time) error {
	a, err := accounts.Get(tx, id)
	if err != nil {
		return err
	}
	a.Closed = at
	return accounts.Put(tx, a)
}

// LinkRole gives an account the role that is linked to a service, if it has none
// yet.
func (s *Service) LinkRole(tx *store.Tx, id, service string, at time.Time) error {
	a, err := accounts.Get(tx, id)
	if err != nil {
		return err
	}
	r := &role{entity: entity{Partition: a.Partition, Account: a.ID, ID: writ.NewID(writ.RoleID), Path: linkedPath + service + "/",
		Name: linkedServices[service].role, Created: at}, MaxSession: time.Hour, Trust: serviceTrust(service)}
	if err := roles.Insert(tx, r); errors.Is(err, store.ErrExists) {
		return nil
	} else if err != nil {
		return err
	}
	return r.attachLinked(tx, service)
}
