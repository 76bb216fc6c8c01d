// Package iam is AWS Identity and Access Management: users, groups, roles,
// managed and inline policies, access keys and other credentials, instance
// profiles, the account itself and the reports about it.
//
// Its one idea: an entity is found by its name and known by its unique id.
// Whatever belongs to an entity (its keys, its policies, its memberships) is
// kept under the id, so that a rename moves nothing and an entity made again
// under an old name inherits nothing.
//
// An operation is a method named as in the API. Reads are a View, writes an
// Update; ids and everything slow are made before the Update, whose function
// may run more than once.
//
// Tables and their keys:
//
//	iam/account              account
//	iam/user                 account, name in lower case
//	iam/group                account, name in lower case
//	iam/role                 account, name in lower case
//	iam/policy               account, name in lower case
//	iam/instance-profile     account, name in lower case
//	iam/policy-version       account, policy id, number
//	iam/membership           account, user id, group id
//	iam/attachment           account, entity id, policy ARN
//	iam/inline-policy        account, entity id, policy name
//	iam/access-key           access key id
//	iam/login-profile        account, user id
//	iam/password-policy      account
//	iam/mfa-device           account, serial number in lower case
//	iam/ssh-key              account, key id
//	iam/signing-certificate  account, certificate id
//	iam/server-certificate   account, name in lower case
//	iam/service-credential   account, credential id
//	iam/oidc-provider        account, URL without https:// in lower case
//	iam/saml-provider        account, name in lower case
//	iam/deletion             account, id of the task
//	iam/outbound-federation  account
//	iam/delegation           request id
//	iam/root-access          organization
//	iam/last-use             id of an access key, role or user (unlogged)
//	iam/last-access          account, id of a user or role (- of all that are gone), action (unlogged)
//	iam/access-report        account, job id (unlogged)
//	iam/credential-report    account (unlogged)
//	iam/tries                what is tried, where from (unlogged)
//	iam/used-code            device id (unlogged)
package iam

import (
	"sync"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/audit"
	"github.com/writ-iam/writ/authn"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// Service carries out the operations of IAM and is the source of identities
// for authn and authz. It is safe for concurrent use.
type Service struct {
	// Issuers is the URL under which the issuers of web identity tokens are;
	// the last part of an account's own follows it. It is set before use.
	Issuers string

	// Effective is what decisions are made on, where that is not the newest:
	// changes then take effect late. It is nil or set before use.
	Effective *store.DB

	// Outside is what it asks of servers that identity providers run. It must be
	// set before a provider is made.
	Outside Outside

	// Organizations tells which accounts are in organizations. It is nil, for
	// none, or set before use.
	Organizations Organizations

	db      *store.DB
	log     *audit.Log // of sign-ins, which are no calls
	quotas  writ.Quotas
	trust   *store.Cache[string, *policy.Policy] // by role id
	assumed *store.Cache[string, *role]          // by ARN
	shared  *store.Cache[managed, *policy.Policy]
	saml    *store.Cache[string, *authn.SAMLProvider] // by ARN
	uses    notes[string, use]
	tried   notes[asked, occasion]
	hashing hashing

	background sync.WaitGroup // what calls have left to be done, see Settle
}

// New makes the service on a store; sign-ins are recorded in log. quotas
// overrides AWS's numbers, by the names that LimitExceeded gives them
// ("UsersPerAccount"); nil overrides none.
func New(db *store.DB, log *audit.Log, quotas map[string]int) *Service {
	s := &Service{db: db, log: log, quotas: Quotas.With(quotas), hashing: newHashing()}
	s.trust = store.NewCache(db, s.loadTrust)
	s.assumed = store.NewCache(db, roleByARN)
	s.shared = store.NewCache(db, s.loadManaged)
	s.saml = store.NewCache(db, loadSAMLProvider)
	return s
}
