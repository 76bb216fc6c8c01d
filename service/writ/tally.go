package writ

import (
	"cmp"
	"slices"
	"strings"
	"time"

	api "github.com/writ-iam/writ/api/writ"
	"github.com/writ-iam/writ/audit"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store/events"
)

// tally is what has come out of a simulation.
type tally struct {
	from time.Time
	read int  // events
	cut  bool // there are more
	uses map[use]*count
}

// use is a permission that a principal has used.
type use struct {
	verdict                            verdict
	account, principal, action, reason string
}

type count struct {
	times int
	last  time.Time
}

const unrecorded = "how it was decided was not recorded"

// add decides what one event tells again. Callers from elsewhere stand under
// their own account's policies, and what was refused before it was decided is
// not decided now.
func (t *tally) add(account string, over *ceilings, e events.Entry) error {
	t.read++
	p, err := audit.ReadPast(e)
	if err != nil {
		return err
	}
	is := p.Principal()
	if is == nil {
		return nil
	}
	if p.Reasons == nil && p.Event.ErrorCode == "" {
		service, _, _ := strings.Cut(p.Event.EventSource, ".")
		t.count(use{unknown, account, principalOf(is), service + ":" + p.Event.EventName, unrecorded}, e.Time)
	}
	for i := range p.Reasons {
		v, reason := over.decide(p, is, &p.Reasons[i])
		t.count(use{v, account, principalOf(is), p.Reasons[i].Action, reason}, e.Time)
	}
	return nil
}

// principalOf is the user or root user, or the role behind a session.
func principalOf(is *policy.Principal) string {
	if is.Type == policy.RoleSession {
		return is.RoleARN
	}
	return is.ARN
}

func (t *tally) count(u use, at time.Time) {
	if u.verdict == same {
		return
	}
	c := t.uses[u]
	if c == nil {
		c = new(count)
		t.uses[u] = c
	}
	c.times++
	if at.After(c.last) {
		c.last = at
	}
}

func (t *tally) shape(accounts int) *api.SimulateAttachmentOutput {
	return &api.SimulateAttachmentOutput{Accounts: accounts, Events: t.read, From: t.from, Complete: !t.cut,
		Denied: t.list(denied), Allowed: t.list(allowed), Unknown: t.list(unknown)}
}

// list is what ended with a verdict, by account, principal and action.
func (t *tally) list(v verdict) []api.RecordedUse {
	all := []api.RecordedUse{}
	for u, c := range t.uses {
		if u.verdict == v {
			all = append(all, api.RecordedUse{AccountId: u.account, Principal: u.principal, Action: u.action,
				Count: c.times, LastTime: c.last, Reason: optional(u.reason)})
		}
	}
	slices.SortFunc(all, func(a, b api.RecordedUse) int {
		return cmp.Or(cmp.Compare(a.AccountId, b.AccountId), cmp.Compare(a.Principal, b.Principal), cmp.Compare(a.Action, b.Action))
	})
	return all
}
