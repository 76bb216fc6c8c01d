// Package organizations is AWS Organizations: accounts that are managed
// together, in a tree of units, under policies.
//
// Its one idea: who may call what is itself policy. The management account owns
// the organization and everything in it; whatever another account may do there
// is granted by a resource policy, the organization's own or the one that
// follows from what it is registered for (access.go). So authz decides it as it
// decides any call from account to account, and no operation asks who calls.
//
// The tree is read from below: a unit holds the path from the root to itself,
// which never changes, and an account the unit that it is in. What stands over an
// account (ceilings.go) is therefore a handful of reads, which the store's
// caches keep until one of just these records changes. Management policies are
// merged the same way (effective.go) by package inherit.
//
// Tables and their keys:
//
//	organizations/organization     id
//	organizations/unit             organization, id
//	organizations/member           account
//	organizations/policy           organization, id
//	organizations/attachment       organization, target, policy type, policy
//	organizations/creation         organization, request id
//	organizations/tag              organization, resource id, key
//	organizations/handshake        organization, id
//	organizations/closure          organization, account
//	organizations/trusted-access   organization, service principal
//	organizations/delegate         organization, account
//	organizations/resource-policy  organization
package organizations

import (
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/audit"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// Service carries out the operations of Organizations, and is the source of what
// stands over accounts. It is safe for concurrent use.
type Service struct {
	db        *store.DB
	accounts  Accounts
	log       *audit.Log
	quotas    writ.Quotas
	compiled  *store.Cache[policyKey, *policy.Policy]
	delegated *store.Cache[string, *policy.Policy] // by organization
	effective *store.Cache[effectiveKey, *effective]
}

// Accounts is what Organizations asks of whoever keeps accounts and their
// identities. What is not there is store.ErrNotFound.
type Accounts interface {
	// Account returns an account.
	Account(tx *store.Tx, id string) (*writ.Account, error)
	// AccountByEmail returns the account whose root user has the address.
	AccountByEmail(tx *store.Tx, email string) (*writ.Account, error)
	// OpenAccount makes an account with a role of that name, which the manager's
	// account may assume and which may do everything.
	OpenAccount(tx *store.Tx, a *writ.Account, manager, role string) error
	// LinkRole gives an account the role that is linked to a service, if it has
	// none yet.
	LinkRole(tx *store.Tx, account, service string, at time.Time) error
	// CloseAccount suspends an account: its credentials are good for nothing.
	CloseAccount(tx *store.Tx, id string, at time.Time) error
	// StoredPrincipal is an AWS principal as policies keep it, users and roles by
	// their unique ids; one that is not there is store.ErrNotFound.
	StoredPrincipal(tx *store.Tx, partition, text string) (string, error)
	// ShownPrincipal is what people read for a stored principal.
	ShownPrincipal(tx *store.Tx, stored string) (string, error)
}

// New makes the service on a store; memberships are recorded in log. quotas
// overrides AWS's numbers.
func New(db *store.DB, accounts Accounts, log *audit.Log, quotas map[string]int) *Service {
	s := &Service{db: db, accounts: accounts, log: log, quotas: Quotas.With(quotas)}
	s.compiled = store.NewCache(db, compile)
	s.delegated = store.NewCache(db, s.delegation)
	s.effective = store.NewCache(db, mergeFor)
	return s
}
