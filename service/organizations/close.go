package organizations

import (
	"errors"
	"iter"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/organizations"
	"github.com/writ-iam/writ/store"
)

// closure says that an account was closed not long ago.
type closure struct {
	Organization string
	Account      string
	Time         time.Time
}

var closures = store.NewTable("organizations/closure",
	func(c *closure) store.Key { return store.K(c.Organization, c.Account) })

// CloseAccount suspends a member, at once: its credentials are good for nothing
// from now on. It stays a member until it is gone for good.
func (s *Service) CloseAccount(c *writ.Call, in *api.CloseAccountInput) (*api.CloseAccountOutput, error) {
	err := s.change(c, func(tx *store.Tx, o *organization) error {
		m, err := o.member(tx, in.AccountId)
		if err != nil {
			return err
		}
		if err := s.closable(tx, o, m); err != nil {
			return err
		}
		if err := s.roomForClosure(tx, o, c.Time); err != nil {
			return err
		}
		return errors.Join(closures.Put(tx, &closure{o.ID, m.Account, c.Time}), s.accounts.CloseAccount(tx, m.Account, c.Time))
	})
	return &api.CloseAccountOutput{}, err
}

func (s *Service) closable(tx *store.Tx, o *organization, m *member) error {
	a, err := s.accounts.Account(tx, m.Account)
	switch {
	case err != nil:
		return err
	case m.Account == o.Management:
		return constraint("CANNOT_CLOSE_MANAGEMENT_ACCOUNT", "You can't close the management account of an organization with this operation.")
	case !o.AllFeatures:
		return constraint("ORGANIZATION_NOT_IN_ALL_FEATURES_MODE", "To close accounts, the organization must have all features enabled.")
	case !a.Closed.IsZero():
		return api.AccountAlreadyClosedException("You attempted to close an account that is already closed.")
	}
	return nil
}

// closurePeriod is how long an account that was closed counts.
const closurePeriod = 30 * 24 * time.Hour

// roomForClosure refuses an account too many, and forgets those that no longer count.
func (s *Service) roomForClosure(tx *store.Tx, o *organization, at time.Time) error {
	closed := 0
	for r, err := range closures.Scan(tx, store.K(o.ID)) {
		switch {
		case err == nil && at.Before(r.Time.Add(closurePeriod)):
			closed++
		case err == nil:
			err = closures.Delete(tx, r.Organization, r.Account)
		}
		if err != nil {
			return err
		}
	}
	n, err := members.CountBy(tx, "organization", store.K(o.ID))
	if err == nil && closed >= closuresOf(n-1, s.quotas["ClosedAccountsPer30Days"]) {
		err = constraint("CLOSE_ACCOUNT_QUOTA_EXCEEDED", "You have exceeded close account quota for the past 30 days.")
	}
	return err
}

// closuresOf is how many of so many members may be closed: a fifth, but as many
// as least, and never more than 1,000 (API reference, CloseAccount).
func closuresOf(members, least int) int { return min(max(members/5, least), 1000) }

// present are those of a page of members that are not closed for good.
func (s *Service) present(tx *store.Tx, at time.Time, page []*member) ([]*member, error) {
	var here []*member
	for _, m := range page {
		lost, err := s.lost(tx, at, m)
		if err != nil {
			return nil, err
		}
		if !lost {
			here = append(here, m)
		}
	}
	return here, nil
}

// lost says whether a member is closed for good.
func (s *Service) lost(tx *store.Tx, at time.Time, m *member) (bool, error) {
	a, err := s.accounts.Account(tx, m.Account)
	return err == nil && a.State(at) == writ.AccountClosed, err
}

// bury takes those members out of the organization that are closed for good.
func (s *Service) bury(tx *store.Tx, c *writ.Call, o *organization, from iter.Seq2[*member, error]) error {
	for m, err := range from {
		if err != nil {
			return err
		}
		lost, err := s.lost(tx, c.Time, m)
		if lost {
			err = o.release(tx, c, m.Account)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
