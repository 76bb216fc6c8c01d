package organizations

import (
	"cmp"
	"errors"
	"slices"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/organizations"
	"github.com/writ-iam/writ/store"
)

// adminRole is the role in a new account that the management account may assume,
// where the call names no other.
const adminRole = "OrganizationAccountAccessRole"

// CreateAccount makes an account that is a member from the start. What becomes of
// it is told by DescribeCreateAccountStatus, as with AWS, although here it is done
// when the call is.
func (s *Service) CreateAccount(c *writ.Call, in *api.CreateAccountInput) (*api.CreateAccountOutput, error) {
	role := cmp.Or(value(in.RoleName), adminRole)
	a := &writ.Account{ID: newAccountID(), Partition: c.Scope.Partition, Name: in.AccountName, Email: in.Email, Created: c.Time}
	r := &creation{ID: newID("car-", 32), Name: a.Name, Requested: c.Time}
	var management string
	err := s.change(c, func(tx *store.Tx, o *organization) (err error) {
		management = o.Management
		if err := s.roomForAccount(tx, c, o); err != nil {
			return err
		}
		if err := s.checkNewTags(in.Tags); err != nil {
			return err
		}
		r.Organization, r.Account = o.ID, a.ID
		if r.Failure, err = s.refusal(tx, a); err != nil {
			return err
		}
		if r.Failure != "" {
			r.Account = ""
			return creations.Insert(tx, r)
		}
		return errors.Join(creations.Insert(tx, r), s.accounts.OpenAccount(tx, a, o.Management, role),
			s.join(tx, o, &member{Account: a.ID, Organization: o.ID, Parent: o.Root, Method: created, Joined: c.Time}),
			s.setTags(tx, o, a.ID, in.Tags))
	})
	if err == nil {
		err = s.created(c, management, r)
	}
	begun := &api.CreateAccountStatus{Id: &r.ID, AccountName: &r.Name, State: new("IN_PROGRESS"), RequestedTimestamp: &r.Requested}
	return &api.CreateAccountOutput{CreateAccountStatus: begun}, err
}

// roomForAccount refuses an account too many. Those that are invited have a place.
func (s *Service) roomForAccount(tx *store.Tx, c *writ.Call, o *organization) error {
	sent, err := o.sent(tx, c.Time)
	if err != nil {
		return err
	}
	full, err := s.full(tx, c, o, sent.open)
	if err == nil && full {
		err = constraint("ACCOUNT_NUMBER_LIMIT_EXCEEDED", "You have exceeded the allowed number of AWS accounts.")
	}
	return err
}

// refusal is why an account can't be made, "" if it can.
func (s *Service) refusal(tx *store.Tx, a *writ.Account) (string, error) {
	_, err := s.accounts.AccountByEmail(tx, a.Email)
	switch {
	case err == nil:
		return "EMAIL_ALREADY_EXISTS", nil
	case !errors.Is(err, store.ErrNotFound):
		return "", err
	}
	if _, err = s.accounts.Account(tx, a.ID); err == nil {
		return "INTERNAL_FAILURE", nil // the number is taken: the next try has another
	}
	return "", or(err, nil)
}

// join makes an account a member, under the policies that everything begins with
// and with the role that members have.
func (s *Service) join(tx *store.Tx, o *organization, m *member) error {
	return errors.Join(members.Insert(tx, m), o.welcome(tx, m.Account), s.accounts.LinkRole(tx, m.Account, principal, m.Joined))
}

func (s *Service) DescribeCreateAccountStatus(c *writ.Call, in *api.DescribeCreateAccountStatusInput) (*api.DescribeCreateAccountStatusOutput, error) {
	out := new(api.DescribeCreateAccountStatusOutput)
	err := s.read(c, func(tx *store.Tx, o *organization) error {
		r, err := creations.Get(tx, o.ID, in.CreateAccountRequestId)
		if err != nil {
			return or(err, api.CreateAccountStatusNotFoundException("You specified a create account request that doesn't exist."))
		}
		out.CreateAccountStatus = r.shape()
		return nil
	})
	return out, err
}

func (r *creation) shape() *api.CreateAccountStatus {
	is := &api.CreateAccountStatus{Id: &r.ID, AccountName: &r.Name, State: new(r.state()),
		RequestedTimestamp: &r.Requested, CompletedTimestamp: &r.Requested}
	if r.Failure != "" {
		is.FailureReason = &r.Failure
	} else {
		is.AccountId = &r.Account
	}
	return is
}

func (r *creation) state() string {
	if r.Failure != "" {
		return "FAILED"
	}
	return "SUCCEEDED"
}

func (s *Service) ListCreateAccountStatus(c *writ.Call, in *api.ListCreateAccountStatusInput) (*api.ListCreateAccountStatusOutput, error) {
	out := &api.ListCreateAccountStatusOutput{CreateAccountStatuses: []api.CreateAccountStatus{}}
	err := s.read(c, func(tx *store.Tx, o *organization) error {
		rows, next, err := turn(s, c, paging{in.NextToken, in.MaxResults}, in.States, func(after store.Key, limit int) ([]*creation, store.Key, error) {
			return creations.Page(tx, store.K(o.ID), after, limit)
		})
		for _, r := range rows {
			if len(in.States) == 0 || slices.Contains(in.States, r.state()) {
				out.CreateAccountStatuses = append(out.CreateAccountStatuses, *r.shape())
			}
		}
		out.NextToken = next
		return err
	})
	return out, err
}
