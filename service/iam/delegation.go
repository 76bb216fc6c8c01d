package iam

import (
	"errors"
	"slices"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/store"
)

// delegation is a request of one account, a provider of a product, for temporary
// rights in another (IAM User Guide, "IAM temporary delegation").
type delegation struct {
	ID        string
	Partition string
	Requestor string // account
	Workflow  string // what the requestor calls it
	Created   time.Time
	Updated   time.Time
	Expires   time.Time // when it ends if nothing becomes of it

	Description     string
	Message         string
	Template        string
	Parameters      []parameter
	Policy          string // the template with its parameters: what is asked for
	Channel         string
	RedirectURL     string
	Duration        time.Duration
	OnlySendByOwner bool

	State        string
	OwnerAccount string // "" as long as any account may take the request
	OwnerARN     string // who looks after it, "" while nobody does
	OwnerID      string // unique id: whoever is made again under that ARN does not
	Notes        string
	Rejection    string

	ApproverARN string
	Session     *writ.Session // what the approver was when accepting; nil before
	Sent        time.Time     // when the token was sent; zero before
}

type parameter struct {
	Name, Type string
	Values     []string
}

var delegations = store.NewTable("iam/delegation",
	func(d *delegation) store.Key { return store.K(d.ID) },
	store.Unique("workflow", func(d *delegation) store.Key { return store.K(d.Requestor, d.Workflow) }),
	store.Index("requestor", func(d *delegation) store.Key { return store.K(d.Requestor, d.Expires, d.ID) }),
	store.Index("owner", func(d *delegation) store.Key {
		if d.OwnerARN == "" {
			return nil
		}
		return store.K(d.OwnerAccount, d.Created, d.ID)
	}))

// States of a request.
const (
	unassigned      = "UNASSIGNED"
	assigned        = "ASSIGNED"
	pendingApproval = "PENDING_APPROVAL"
	accepted        = "ACCEPTED"
	finalized       = "FINALIZED"
	rejected        = "REJECTED"
	outdated        = "EXPIRED"
)

// enter makes it the request's state, from now until it expires in it.
func (d *delegation) enter(state string, now time.Time) {
	life := 7 * 24 * time.Hour
	if state == unassigned {
		life = 24 * time.Hour
	}
	d.State, d.Updated = state, now.Truncate(time.Second)
	d.Expires = d.Updated.Add(life)
}

// state is the request's at a time.
func (d *delegation) state(now time.Time) string {
	if !now.Before(d.Expires) {
		return outdated
	}
	return d.State
}

func delegationARN(partition, account, id string) string {
	return arn.ARN{Partition: partition, Service: "iam", Account: account, Resource: delegationRequest + "/" + id}.String()
}

// owns says whether the caller looks after the request.
func (d *delegation) owns(c *writ.Caller) bool { return d.OwnerID != "" && d.OwnerID == c.ID }

// findDelegation finds a request that the caller's account may see: its own, and
// those that nobody has. Others are as absent as those that do not exist.
func findDelegation(tx *store.Tx, c *writ.Call, id string) (*delegation, error) {
	d, err := delegations.Get(tx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && !d.visible(c) {
		return nil, api.NoSuchEntityException("The delegation request with id %s cannot be found.", id)
	}
	return d, err
}

func (d *delegation) visible(c *writ.Call) bool {
	return d.Partition == c.Scope.Partition && (d.OwnerAccount == "" || d.OwnerAccount == c.Scope.Account)
}

// change takes a request that is in one of the states from there to another.
func (s *Service) changeDelegation(c *writ.Call, id string, from []string, change func(d *delegation) error) error {
	return s.db.Update(c, func(tx *store.Tx) error {
		d, err := findDelegation(tx, c, id)
		if err != nil {
			return err
		}
		if state := d.state(c.Time); !slices.Contains(from, state) {
			return api.InvalidInputException("The delegation request is in the state %s.", state)
		}
		if err := change(d); err != nil {
			return err
		}
		return delegations.Put(tx, d)
	})
}

// Delegation is for STS: what was granted to an account, store.ErrNotFound if
// the account has made no such request.
func (s *Service) Delegation(tx *store.Tx, requestor, id string, now time.Time) (*writ.Delegation, error) {
	d, err := delegations.Get(tx, id)
	if err != nil {
		return nil, err
	}
	if d.Requestor != requestor {
		return nil, store.ErrNotFound
	}
	granted := &writ.Delegation{State: d.state(now)}
	if !d.Sent.IsZero() {
		granted.Until, granted.Session = d.Sent.Add(d.Duration), d.Session
	}
	return granted, nil
}
