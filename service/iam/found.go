package iam

import (
	"context"
	"errors"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// Foundation is the first account of an installation and how to get into it.
type Foundation struct {
	Partition    string // aws, aws-cn, aws-us-gov
	Account      string // 12 digits
	Email        string // of the root user
	RootPassword string // "" for a root user who can't sign in
	Root         Key    // root's access key; zero for none
	Admin        string // name of a user with AdministratorAccess; "" for none
	AdminKey     Key
}

// Key is an access key given from outside.
type Key struct{ ID, Secret string }

// Found makes the first account. It returns false, and changes nothing, if the
// store has one already.
func (s *Service) Found(ctx context.Context, f Foundation, now time.Time) (made bool, err error) {
	now = now.UTC().Truncate(time.Second)
	a := &account{ID: f.Account, Partition: f.Partition, Email: f.Email, Created: now}
	if f.RootPassword != "" {
		a.RootPassword = hashPassword(f.RootPassword)
	}
	err = s.db.Maintain(ctx, "first account", func(tx *store.Tx) error {
		if made, err = noAccount(tx); err != nil || !made {
			return err
		}
		return f.write(tx, a)
	})
	return made && err == nil, err
}

// Founded says whether the store has an account.
func (s *Service) Founded(ctx context.Context) (founded bool, err error) {
	err = s.db.View(ctx, func(tx *store.Tx) error {
		none, err := noAccount(tx)
		founded = !none
		return err
	})
	return founded, err
}

func noAccount(tx *store.Tx) (bool, error) {
	for _, err := range accounts.Scan(tx, store.K()) {
		return false, err
	}
	return true, nil
}

func (f *Foundation) write(tx *store.Tx, a *account) error {
	if err := accounts.Insert(tx, a); err != nil {
		return err
	}
	if err := f.key(tx, a, f.Root, a.ID); err != nil || f.Admin == "" {
		return err
	}
	u := &user{entity: entity{Partition: a.Partition, Account: a.ID, ID: writ.NewID(writ.UserID), Path: "/", Name: f.Admin, Created: a.Created}}
	admin := &attachment{Account: a.ID, EntityType: userKind.resource, EntityID: u.ID,
		PolicyARN: "arn:" + a.Partition + ":iam::aws:policy/AdministratorAccess"}
	return errors.Join(users.Insert(tx, u), attachments.Insert(tx, admin), f.key(tx, a, f.AdminKey, u.ID))
}

func (f *Foundation) key(tx *store.Tx, a *account, k Key, userID string) error {
	if k.ID == "" {
		return nil
	}
	return accessKeys.Insert(tx, &accessKey{ID: k.ID, Account: a.ID, UserID: userID, Active: true,
		Created: a.Created, Secret: store.NewSecret([]byte(k.Secret))})
}

// rootUser is what GetUser shows of the root user.
func (s *Service) rootUser(tx *store.Tx, c *writ.Call) (api.User, error) {
	a, err := accounts.Get(tx, c.Scope.Account)
	if err != nil {
		return api.User{}, err
	}
	last, err := s.passwordLastUsed(tx, a.ID)
	return api.User{Path: "/", UserName: a.Alias, UserId: a.ID, Arn: a.rootARN(), CreateDate: a.Created, PasswordLastUsed: last}, err
}
