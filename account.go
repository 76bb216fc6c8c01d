package writ

import (
	"time"

	"github.com/writ-iam/writ/policy"
)

// Account is one account of an installation: what is true of it whatever
// organization it is in.
type Account struct {
	ID        string // 12 digits
	Partition string
	Name      string
	Email     string // of its root user
	Created   time.Time
	Closed    time.Time // zero while it is open
}

// States of accounts (Organizations API Reference, Account.State).
const (
	AccountActive    = "ACTIVE"
	AccountSuspended = "SUSPENDED" // closed, may still be opened again
	AccountClosed    = "CLOSED"    // for good
)

// PostClosure is how long a closed account is there before it is gone for good
// (Account Management Reference Guide, "Post-closure period").
const PostClosure = 90 * 24 * time.Hour

// State returns the account's state at a time.
func (a *Account) State(at time.Time) string {
	switch {
	case a.Closed.IsZero():
		return AccountActive
	case at.Before(a.Closed.Add(PostClosure)):
		return AccountSuspended
	}
	return AccountClosed
}

// Organization is what a service has to know of the organization that an account
// is in.
type Organization struct {
	ID                string // o-…
	ManagementAccount string
	AllFeatures       bool     // its feature set is ALL, not CONSOLIDATED_BILLING
	Trusted           bool     // trusted access is enabled for the service
	Administrators    []string // accounts that are its delegated administrators for the service
}

// OrganizationEntity is a root, unit or account of an organization.
type OrganizationEntity struct {
	Accounts map[string]string  // in it, by number: their paths, "o-…/r-…/ou-…/123456789012"
	SCPs     [][]*policy.Policy // over it by level, from the root; none for the management account
}
