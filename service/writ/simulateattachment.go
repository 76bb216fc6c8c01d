package writ

import (
	"context"
	"errors"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/writ"
	"github.com/writ-iam/writ/authz"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
	"github.com/writ-iam/writ/store/events"
)

// Organizations is what tells of the accounts of an organization.
type Organizations interface {
	// AccountsBelow returns the accounts that lie in a root or unit of an
	// account's organization, or just the account that the target is.
	// store.ErrNotFound if there is no such organization, or no such target in it.
	AccountsBelow(tx *store.Tx, account, target string) ([]string, error)
	// Membership returns what stands over an account.
	Membership(tx *store.Tx, account string) (*authz.Membership, error)
}

const (
	defaultDays = 7
	maxPast     = 100_000 // events that one simulation reads
	pastPage    = 500
)

// SimulateAttachment tells what a service control policy would have changed: it
// decides what the accounts at or below the target have done in the last days
// again, under the policies as they are and as they would be, and lists the
// permissions that would be lost, and those that would be won. Nothing is written.
func (s *Service) SimulateAttachment(c *writ.Call, in *api.SimulateAttachmentInput) (*api.SimulateAttachmentOutput, error) {
	p, err := readProposal(in)
	if err != nil {
		return nil, err
	}
	over, err := s.ceilings(c, p)
	if err != nil {
		return nil, err
	}
	days := defaultDays
	if in.Days != nil {
		days = *in.Days
	}
	t := &tally{from: c.Time.AddDate(0, 0, -days), uses: map[use]*count{}}
	for account, ceilings := range over {
		if err := s.replay(c.Context, account, ceilings, t); err != nil {
			return nil, err
		}
	}
	return t.shape(len(over)), nil
}

func readProposal(in *api.SimulateAttachmentInput) (*proposal, error) {
	p := &proposal{target: in.TargetId}
	if in.Detach != nil {
		p.detach = *in.Detach
	}
	if in.Attach == nil {
		if in.Detach == nil {
			return nil, api.ValidationException("Name a policy to attach, or one to detach.")
		}
		return p, nil
	}
	doc, err := policy.ParseAs(policy.ServiceControlPolicy, []byte(*in.Attach))
	if err != nil {
		return nil, api.ValidationException("The policy to attach is no service control policy: %s", err)
	}
	p.attach = policy.Compile("proposed", doc)
	return p, nil
}

// ceilings finds what stands and would stand over each account that the proposal
// concerns.
func (s *Service) ceilings(c *writ.Call, p *proposal) (over map[string]*ceilings, err error) {
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		over = map[string]*ceilings{}
		accounts, err := s.organizations.AccountsBelow(tx, c.Scope.Account, p.target)
		if errors.Is(err, store.ErrNotFound) {
			return api.ResourceNotFoundException("There is no %s in an organization of this account.", p.target)
		}
		for _, account := range accounts {
			m, err := s.organizations.Membership(tx, account)
			if err != nil {
				return err
			}
			if m == nil {
				return api.ResourceNotFoundException("The account %s is in no organization.", account)
			}
			changed, err := p.over(account, m)
			if err != nil {
				return err
			}
			if changed != nil {
				over[account] = changed
			}
		}
		return err
	})
	return over, err
}

// replay decides what an account has done again.
func (s *Service) replay(ctx context.Context, account string, over *ceilings, t *tally) error {
	q := events.Query{Account: account, From: t.from, Limit: pastPage}
	for {
		page, next, err := s.log.Lookup(ctx, q)
		if err != nil {
			return err
		}
		for _, e := range page {
			if t.read >= maxPast {
				t.cut = true
				return nil
			}
			if err := t.add(account, over, e); err != nil {
				return err
			}
		}
		if next == "" {
			return nil
		}
		q.After = next
	}
}
