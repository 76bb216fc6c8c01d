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
//	iam/ssh-key              account, key id
//	iam/signing-certificate  account, certificate id
//	iam/server-certificate   account, name in lower case
//	iam/service-credential   account, credential id
//	iam/last-use             id of an access key or role (unlogged)
//	iam/last-access          account, id of a user or role, action (unlogged)
//	iam/access-report        account, job id (unlogged)
//	iam/credential-report    account (unlogged)
package iam

import (
	"sync"

	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// Service carries out the operations of IAM and is the source of identities
// for authn and authz. It is safe for concurrent use.
type Service struct {
	db     *store.DB
	quotas map[string]int
	trust  *store.Cache[string, *policy.Policy] // by role id
	shared *store.Cache[managed, *policy.Policy]
	uses   notes[string, use]
	tried  notes[attempt, occasion]

	background sync.WaitGroup // what calls have left to be done, see Settle
}

// New makes the service on a store. quotas overrides AWS's numbers, by the
// names that LimitExceeded gives them ("UsersPerAccount"); nil overrides none.
func New(db *store.DB, quotas map[string]int) *Service {
	s := &Service{db: db, quotas: quotas}
	s.trust = store.NewCache(db, s.loadTrust)
	s.shared = store.NewCache(db, s.loadManaged)
	return s
}
