// Package authz decides whether a caller may make a call.
//
// Its one idea: it gathers, and package policy decides. For each check of the
// operation's rule it joins the resource (asked from the service that owns it),
// the policies of the caller (asked from whoever keeps identities,
// organizations and endpoints) and the context keys of the request, and asks
// the policy engine. Whatever can't be found out denies.
//
// A decision is pinned to a revision of the store. The Update that carries the
// call out comes back here (Guard) and the decision is made again inside the
// transaction if anything has been written since, but for what it is known not to
// have been derived from: what is decided is what is done.
package authz

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/model"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// Identity is what the policies of a user or role say, compiled.
type Identity struct {
	Policies []*policy.Policy // inline and managed, with those of the user's groups
	Boundary []*policy.Policy // nil if there is none
}

// Identities is the source of identity-based policies.
type Identities interface {
	// Identity returns the policies of the user or role that has this unique
	// id, store.ErrNotFound if there is none with it any more.
	Identity(tx *store.Tx, issuer Issuer) (*Identity, error)
	// ManagedPolicy returns a managed policy of the account or of AWS by its ARN.
	ManagedPolicy(tx *store.Tx, account, arn string) (*policy.Policy, error)
}

// Issuer names the user or role whose policies are asked for.
type Issuer struct {
	Account, Type, Name, ID string
}

// Resources is what each service tells of the things that its calls act on.
type Resources interface {
	// Resource finds the thing of the check's type that an input names by id (a
	// name, an ARN or whatever the API takes). It is asked for things that do
	// not exist, too: then it returns the ARN that the thing would have.
	Resource(tx *store.Tx, c *writ.Call, check *model.Check, id string) (writ.Resource, error)
}

// Organizations is the source of what stands over accounts.
type Organizations interface {
	// Membership returns where in an organization an account is, nil if it is in none.
	Membership(tx *store.Tx, account string) (*Membership, error)
}

// Membership is an account's place in an organization.
type Membership struct {
	Organization string             // o-…
	Path         string             // of what the account lies in: "o-…/r-…/ou-…/"
	Management   string             // the organization's management account
	SCPs         [][]*policy.Policy // by level, from the root to the account; nil means that none apply
	RCPs         [][]*policy.Policy // the same
	Targets      []string           // ids of what the levels are attached to
}

// Endpoints is the source of VPC endpoint policies.
type Endpoints interface {
	EndpointPolicy(tx *store.Tx, vpce string) (*policy.Policy, error)
}

// Accounts tells what has become of accounts.
type Accounts interface {
	// Closed says whether an account is closed; one that is not there is not.
	Closed(tx *store.Tx, account string) (bool, error)
}

// Sources is all that decisions read, through the transaction that they are given
// alone: of nothing else would Guard know that it has changed. Organizations,
// TagPolicies and Endpoints may be nil: then no organization, no tag policy and no
// endpoint exists.
type Sources struct {
	Accounts      Accounts
	Identities    Identities
	Organizations Organizations
	TagPolicies   TagPolicies
	Endpoints     Endpoints
	Resources     map[string]Resources // by service name
	Factors       Factors              // required if an operation's rule says "mfa"
}

// Factors proves second factors.
type Factors interface {
	// ProveMFA uses up a one-time code of a device of the caller. The error is
	// for the caller. Either text is "" if the call has none.
	ProveMFA(c *writ.Call, serial, code string) error
}

// Authorizer decides calls. It is safe for concurrent use.
type Authorizer struct {
	db          *store.DB
	keys        *store.Keyring
	sources     Sources
	identities  *store.Cache[Issuer, *Identity]
	managed     *store.Cache[managedKey, *policy.Policy]
	members     *store.Cache[string, *Membership]
	closed      *store.Cache[string, bool]
	tagPolicies *store.Cache[string, TagPolicy]
}

type managedKey struct{ account, arn string }

// Clone implements store.Cloner.
func (k managedKey) Clone() managedKey {
	return managedKey{strings.Clone(k.account), strings.Clone(k.arn)}
}

// Len implements store.Cloner.
func (k managedKey) Len() int { return len(k.account) + len(k.arn) }

// New makes an Authorizer, which seals encoded messages with keys, and sets it as
// the store's Guard.
func New(db *store.DB, keys *store.Keyring, sources Sources) *Authorizer {
	a := &Authorizer{db: db, keys: keys, sources: sources}
	a.identities = store.NewCache(db, sources.Identities.Identity)
	a.managed = store.NewCache(db, func(tx *store.Tx, k managedKey) (*policy.Policy, error) {
		return sources.Identities.ManagedPolicy(tx, k.account, k.arn)
	})
	if sources.Accounts != nil {
		a.closed = store.NewCache(db, sources.Accounts.Closed)
	}
	if sources.Organizations != nil {
		a.members = store.NewCache(db, sources.Organizations.Membership)
	}
	if sources.TagPolicies != nil {
		a.tagPolicies = store.NewCache(db, sources.TagPolicies.TagPolicy)
	}
	db.Guard = a.Guard
	return a
}

// Authorize decides a call and sets its Decision. The error is the AccessDenied
// (or the service's form of it) that the caller is to get.
func (a *Authorizer) Authorize(c *writ.Call) error {
	rule := c.Operation.Rule
	if rule == nil {
		return fmt.Errorf("authz: %s has no authorization rule", c.Operation.Name)
	}
	if err := a.db.Confirmed(); err != nil {
		return unavailable(err)
	}
	// The revision is taken before anything is read: a decision made on newer
	// data than it claims is only decided once more than needed.
	revision := a.db.Revision()
	if rule.MFA {
		if err := a.prove(c, revision); err != nil {
			return err
		}
		revision = a.db.Revision()
	}
	return a.decideAt(c, revision)
}

// decideAt decides by the caches where these are enough, else by the store.
func (a *Authorizer) decideAt(c *writ.Call, revision uint64) error {
	decide := func(tx *store.Tx) error { return a.decide(tx, c, revision) }
	if needsStore(c, c.Operation.Rule) {
		return a.db.View(c.Context, decide)
	}
	reads, err := a.db.Recall(c.Context, decide)
	c.Decision.Reads = reads
	return err
}

// prove checks the second factor that a call may carry, for its decision may
// depend on it. Whom the kind of credentials forbids the call gets no try.
func (a *Authorizer) prove(c *writ.Call, revision uint64) error {
	c.Decision = &writ.Decision{Revision: revision}
	serial, code := text(c.Input, "SerialNumber"), text(c.Input, "TokenCode")
	if serial == "" && code == "" {
		return nil
	}
	if err := restricted(c); err != nil {
		return err
	}
	if err := a.sources.Factors.ProveMFA(c, serial, code); err != nil {
		return err
	}
	c.MFA = c.Time
	return nil
}

var errUndecided = errors.New("authz: a call would write without having been allowed to")

// Guard runs first in every Update. It lets the call's decision stand if nothing
// was committed since it was made, or nothing of what it is known to be derived
// from, else decides again on what is true now.
func (a *Authorizer) Guard(tx *store.Tx, c *writ.Call) error {
	if err := a.Decided(tx, c); err != nil {
		return err
	}
	if d := c.Decision; tx.Revision() == d.Revision || tx.Unchanged(d.Revision, d.Reads) {
		return nil
	}
	return a.decide(tx, c, tx.Revision())
}

// Decided is the Guard of a store whose changes take effect late: decisions are
// made on what it held some time ago, and stand.
func (a *Authorizer) Decided(_ *store.Tx, c *writ.Call) error {
	if c.Decision == nil || !c.Decision.Allowed {
		return errUndecided
	}
	return nil
}

// decide makes all checks of the call's rule, in order, until one denies. Of who
// may make the call the tags that it sets are then looked at.
func (a *Authorizer) decide(tx *store.Tx, c *writ.Call, revision uint64) error {
	c.Decision = &writ.Decision{Revision: revision}
	if err := restricted(c); err != nil {
		return err
	}
	var noncompliant error
	for i := range c.Operation.Rule.Checks {
		check := &c.Operation.Rule.Checks[i]
		if !due(c, check) {
			continue
		}
		before := len(c.Decision.Checks)
		if err := a.checkEach(tx, c, check); err != nil {
			c.Decision.Unasked = needsMore(c, check, c.Operation.Rule.Checks[i+1:])
			return err
		}
		if noncompliant == nil {
			noncompliant = a.checkTags(tx, c, check, c.Decision.Checks[before:])
		}
	}
	if noncompliant != nil {
		return noncompliant
	}
	c.Decision.Allowed = true
	return nil
}

// needsMore says whether a call needs another permission than the one that a
// check has refused.
func needsMore(c *writ.Call, refused *model.Check, rest []model.Check) bool {
	return slices.ContainsFunc(rest, func(next model.Check) bool { return next.Action != refused.Action && due(c, &next) })
}

// checkEach makes a check for each of the things that the input names.
func (a *Authorizer) checkEach(tx *store.Tx, c *writ.Call, check *model.Check) error {
	for _, id := range names(c, check) {
		made, err := a.check(tx, c, check, id)
		if err != nil {
			return err
		}
		if made.Result.Decision != policy.Allow {
			made.Refusal = a.refusal(c, check, made)
		}
		c.Decision.Checks = append(c.Decision.Checks, made)
		if err := made.Refused(); err != nil && !check.Lenient {
			return err
		}
	}
	return nil
}

// refusal leaves the text until somebody is told it.
func (a *Authorizer) refusal(c *writ.Call, check *model.Check, made writ.Check) func() error {
	return func() error { return a.denied(c, check, &made) }
}

// due says whether a check is made: always, or only where the call has something
// that needs it, of its own or handed on by the session that makes it.
func due(c *writ.Call, check *model.Check) bool {
	if check.Unless != "" && present(c.Input, check.Unless) || check.Absent && !absent(c.Decision) {
		return false
	}
	return check.When == "" || anyPresent(c, check.When) ||
		check.Inherited != "" && c.Caller.Session != nil && present(c.Caller.Session, check.Inherited)
}

func anyPresent(c *writ.Call, paths string) bool {
	for path := range strings.SplitSeq(paths, "|") {
		if present(asked(c, path), path) {
			return true
		}
	}
	return false
}

// absent says whether anything that was checked so far is not there.
func absent(d *writ.Decision) bool {
	return slices.ContainsFunc(d.Checks, func(c writ.Check) bool { return c.Resource.Absent })
}

// check decides one action on one resource.
func (a *Authorizer) check(tx *store.Tx, c *writ.Call, check *model.Check, id string) (writ.Check, error) {
	resource, err := a.resource(tx, c, check, id)
	if err != nil {
		return writ.Check{}, err
	}
	if resource.Account == "" {
		resource.Account = c.Scope.Account
	}
	if err := a.reachable(tx, c, &resource); err != nil {
		return writ.Check{}, err
	}
	action := check.Action
	if resource.Action != "" {
		action = resource.Action
	}
	over, err := a.organizations(tx, c, &resource)
	if err != nil {
		return writ.Check{}, err
	}
	policies, err := a.policies(tx, c, &resource, over)
	if err != nil {
		return writ.Check{}, err
	}
	request := &policy.Request{
		Principal:       &c.Caller.Principal,
		Action:          action,
		Resource:        resource.ARN,
		ResourceAccount: resource.Account,
		Context:         contextKeys(c, check, &resource, over),
	}
	return writ.Check{Action: action, Resource: resource, Request: request, Policies: policies, Result: policies.Evaluate(request)}, nil
}

// reachable refuses what is in a closed account, whatever its policy grants. (A
// caller's own account is open, or it would not be a caller.)
func (a *Authorizer) reachable(tx *store.Tx, c *writ.Call, r *writ.Resource) error {
	if a.closed == nil || r.Account == c.Caller.Account {
		return nil
	}
	closed, err := a.closed.GetTx(tx, r.Account)
	if err == nil && closed {
		return accessDenied(c, "All access to this resource has been disabled")
	}
	return err
}

// needsStore says whether a call names a thing that a service has to look up.
func needsStore(c *writ.Call, r *model.Rule) bool {
	for i := range r.Checks {
		check := &r.Checks[i]
		if check.Type != "" && !check.Cached && !check.Absent && due(c, check) {
			return true
		}
	}
	return false
}
