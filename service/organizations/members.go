package organizations

import (
	"errors"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/organizations"
	"github.com/writ-iam/writ/store"
)

func (s *Service) DescribeAccount(c *writ.Call, in *api.DescribeAccountInput) (*api.DescribeAccountOutput, error) {
	out := new(api.DescribeAccountOutput)
	err := s.read(c, func(tx *store.Tx, o *organization) error {
		m, err := o.member(tx, in.AccountId)
		if err != nil {
			return err
		}
		a, err := s.memberShape(tx, c, o, m)
		if err == nil && *a.State == writ.AccountClosed {
			return noAccount()
		}
		out.Account = &a
		return err
	})
	return out, err
}

func (s *Service) memberShape(tx *store.Tx, c *writ.Call, o *organization, m *member) (api.Account, error) {
	a, err := s.accounts.Account(tx, m.Account)
	if err != nil {
		return api.Account{}, err
	}
	above, err := o.within(tx, m.Parent)
	if err != nil {
		return api.Account{}, err
	}
	state := a.State(c.Time)
	return api.Account{Id: &m.Account, Arn: new(o.nodeARN(m.Account)), Email: &a.Email, Name: &a.Name, State: &state, Status: statusOf(state),
		Paths: []string{o.pathOf(above) + m.Account + "/"}, JoinedMethod: &m.Method, JoinedTimestamp: &m.Joined}, nil
}

// statusOf is the older name of a state, which knows of no closed accounts.
func statusOf(state string) *string {
	if state == writ.AccountClosed {
		return nil
	}
	return &state
}

func (s *Service) ListAccounts(c *writ.Call, in *api.ListAccountsInput) (*api.ListAccountsOutput, error) {
	out := new(api.ListAccountsOutput)
	err := s.read(c, func(tx *store.Tx, o *organization) error {
		rows, next, err := turn(s, c, paging{in.NextToken, in.MaxResults}, nil, func(after store.Key, limit int) ([]*member, store.Key, error) {
			return members.PageBy(tx, "organization", store.K(o.ID), after, limit)
		})
		if err != nil {
			return err
		}
		out.NextToken = next
		if rows, err = s.present(tx, c.Time, rows); err != nil {
			return err
		}
		out.Accounts, err = each(rows, func(m *member) (api.Account, error) { return s.memberShape(tx, c, o, m) })
		return err
	})
	return out, err
}

func (s *Service) ListAccountsForParent(c *writ.Call, in *api.ListAccountsForParentInput) (*api.ListAccountsForParentOutput, error) {
	out := new(api.ListAccountsForParentOutput)
	err := s.read(c, func(tx *store.Tx, o *organization) error {
		rows, next, err := s.accountsIn(tx, c, o, in.ParentId, paging{in.NextToken, in.MaxResults})
		if err != nil {
			return err
		}
		out.NextToken = next
		out.Accounts, err = each(rows, func(m *member) (api.Account, error) { return s.memberShape(tx, c, o, m) })
		return err
	})
	return out, err
}

func (s *Service) accountsIn(tx *store.Tx, c *writ.Call, o *organization, parent string, p paging) ([]*member, *string, error) {
	if _, err := o.within(tx, parent); err != nil {
		return nil, nil, or(err, noParent())
	}
	rows, next, err := turn(s, c, p, []string{parent, accountType}, func(after store.Key, limit int) ([]*member, store.Key, error) {
		return members.PageBy(tx, "parent", store.K(o.ID, parent), after, limit)
	})
	if err != nil {
		return nil, nil, err
	}
	rows, err = s.present(tx, c.Time, rows)
	return rows, next, err
}

func (s *Service) ListChildren(c *writ.Call, in *api.ListChildrenInput) (*api.ListChildrenOutput, error) {
	out := new(api.ListChildrenOutput)
	p := paging{in.NextToken, in.MaxResults}
	err := s.read(c, func(tx *store.Tx, o *organization) (err error) {
		if in.ChildType == accountType {
			var rows []*member
			if rows, out.NextToken, err = s.accountsIn(tx, c, o, in.ParentId, p); err == nil {
				out.Children, err = each(rows, func(m *member) (api.Child, error) { return child(m.Account, accountType), nil })
			}
			return err
		}
		var rows []*unit
		if rows, out.NextToken, err = s.unitsBelow(tx, c, o, in.ParentId, p); err == nil {
			out.Children, err = each(rows, func(u *unit) (api.Child, error) { return child(u.ID, unitType), nil })
		}
		return err
	})
	return out, err
}

func child(id, childType string) api.Child { return api.Child{Id: &id, Type: &childType} }

// ListParents has one parent, so there is never a second page.
func (s *Service) ListParents(c *writ.Call, in *api.ListParentsInput) (*api.ListParentsOutput, error) {
	out := new(api.ListParentsOutput)
	err := s.read(c, func(tx *store.Tx, o *organization) error {
		parent, err := o.parent(tx, in.ChildId)
		if err != nil {
			return err
		}
		parentType := rootType
		if parent != o.Root {
			parentType = unitType
		}
		out.Parents = []api.Parent{{Id: &parent, Type: &parentType}}
		return first(in.NextToken)
	})
	return out, err
}

func (o *organization) parent(tx *store.Tx, id string) (string, error) {
	missing := api.ChildNotFoundException("You specified a child that doesn't exist.")
	if kindOf(id) == unitKind {
		u, err := units.Get(tx, o.ID, id)
		if err != nil {
			return "", or(err, missing)
		}
		return u.Parent, nil
	}
	m, err := o.holds(tx, id)
	if err != nil {
		return "", or(err, missing)
	}
	return m.Parent, nil
}

// MoveAccount puts an account into another unit of the tree. What it may do from
// now on is what the policies there let it.
func (s *Service) MoveAccount(c *writ.Call, in *api.MoveAccountInput) (*api.MoveAccountOutput, error) {
	err := s.change(c, func(tx *store.Tx, o *organization) error {
		m, err := o.member(tx, in.AccountId)
		if err != nil {
			return err
		}
		_, from := o.within(tx, in.SourceParentId)
		_, to := o.within(tx, in.DestinationParentId)
		switch {
		case errors.Is(from, store.ErrNotFound), from == nil && m.Parent != in.SourceParentId:
			return api.SourceParentNotFoundException("We can't find a source root or OU with the ParentId that you specified.")
		case errors.Is(to, store.ErrNotFound):
			return api.DestinationParentNotFoundException("We can't find the destination container (a root or OU) with the ParentId that you specified.")
		case from != nil || to != nil:
			return errors.Join(from, to)
		case in.SourceParentId == in.DestinationParentId:
			return api.DuplicateAccountException("That account is already present in the specified destination.")
		}
		m.Parent = in.DestinationParentId
		return members.Put(tx, m)
	})
	return &api.MoveAccountOutput{}, err
}
