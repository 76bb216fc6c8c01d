package iam

import (
	"strings"
	"sync"
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/model"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// access is when and where a user, a role or the root user last tried an action,
// allowed or not.
type access struct {
	Account  string
	EntityID string
	Action   string // "iam:CreateUser"
	Time     time.Time
	Region   string
}

var accesses = store.NewTable("iam/last-access",
	func(a *access) store.Key { return store.K(a.Account, a.EntityID, a.Action) },
	store.Unlogged[access]())

// asked is a call as it is noted on the way of every call, where nothing is to
// be computed: who made it, and of which operation.
type asked struct {
	actorID
	operation *model.Operation
}

// actorID is a user or role by its account and unique id, or the root user, whose
// id is the account's.
type actorID struct{ account, id string }

type occasion struct {
	time   time.Time
	region string
}

// actor is who is behind a caller, also where it calls through a session; zero if
// that is nobody of an account.
func actor(c *writ.Caller) actorID {
	switch {
	case c.Session == nil && (c.Type == policy.User || c.Type == policy.RootUser):
		return actorID{c.Account, c.ID}
	case c.Session != nil:
		return actorID{c.Session.Issuer.Account, c.Session.Issuer.ID}
	}
	return actorID{}
}

func (a asked) record(when occasion) *access {
	return &access{a.account, a.id, actionOf(a.operation), when.time, when.region}
}

// actionOf is the action that an operation is: the one that permission is asked
// for first, or its own name where none is needed.
func actionOf(op *model.Operation) string {
	if op.Rule != nil && len(op.Rule.Checks) > 0 {
		return op.Rule.Checks[0].Action
	}
	return op.Service.Metadata.SigningName + ":" + op.Name
}

// tracked are the actions whose last access is known, by service: those of the
// operations that are served.
var tracked = sync.OnceValues(func() (map[string][]string, error) {
	all := map[string][]string{}
	for _, name := range model.Names() {
		m, err := model.Load(name)
		if err != nil {
			return nil, err
		}
		for _, op := range m.Operations {
			if op.Rule != nil {
				service, action, _ := strings.Cut(actionOf(op), ":")
				all[service] = append(all[service], action)
			}
		}
	}
	return all, nil
})

// trackingPeriod is how far back reports look (API reference,
// GenerateServiceLastAccessedDetails).
const trackingPeriod = 400 * 24 * time.Hour

// accessesOf returns what an entity last tried within the tracking period,
// written or not, each action once.
func accessesOf(tx *store.Tx, noted map[actorID][]access, who actorID, now time.Time) ([]access, error) {
	last := map[string]access{}
	for a, err := range accesses.Scan(tx, store.K(who.account, who.id)) {
		if err != nil {
			return nil, err
		}
		last[a.Action] = *a
	}
	for _, a := range noted[who] {
		last[a.Action] = a
	}
	var all []access
	for _, a := range last {
		if now.Sub(a.Time) < trackingPeriod {
			all = append(all, a)
		}
	}
	return all, nil
}

// notedAccesses are those that are not yet written.
func (s *Service) notedAccesses() map[actorID][]access {
	all := map[actorID][]access{}
	for a, when := range s.tried.all() {
		all[a.actorID] = append(all[a.actorID], *a.record(when))
	}
	return all
}

// accountAccesses returns what all of an account last tried within the tracking
// period, written or not.
func accountAccesses(tx *store.Tx, noted map[actorID][]access, account string, now time.Time) ([]access, error) {
	var all []access
	keep := func(a access) {
		if now.Sub(a.Time) < trackingPeriod {
			all = append(all, a)
		}
	}
	for a, err := range accesses.Scan(tx, store.K(account)) {
		if err != nil {
			return nil, err
		}
		keep(*a)
	}
	for who, tried := range noted {
		for _, a := range tried {
			if who.account == account {
				keep(a)
			}
		}
	}
	return all, nil
}
