// Package account is AWS Account Management: what an account is called, who is
// behind it, and in which regions it acts.
//
// Its one idea: a member account is looked after from two sides. Itself, it owns
// arn:…:account::ID:account. From the management account, and from the delegated
// administrators for account.amazonaws.com, the same things are reached as
// arn:…:account::MANAGEMENT:account/o-…/ID, which belongs to the management
// account and which a resource policy that follows from the registration opens to
// the administrators (access.go). So authz decides it all, and no operation asks
// who calls.
//
// Names and e-mail addresses are those of the accounts' own records, which IAM
// keeps.
//
// Tables and their keys:
//
//	account/contact            account
//	account/alternate-contact  account, type
//	account/email-update       account
//	account/region             account, region
package account

import (
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/account"
	"github.com/writ-iam/writ/store"
)

// Service carries out the operations of Account Management, and is the source of
// the regions that accounts have enabled. It is safe for concurrent use.
type Service struct {
	db            *store.DB
	accounts      Accounts
	organizations Organizations
}

// Accounts is what Account Management asks of whoever keeps accounts. What is
// not there is store.ErrNotFound.
type Accounts interface {
	// Account returns an account.
	Account(tx *store.Tx, id string) (*writ.Account, error)
	// AccountByEmail returns the account whose root user has the address.
	AccountByEmail(tx *store.Tx, email string) (*writ.Account, error)
	// RenameAccount changes the name.
	RenameAccount(tx *store.Tx, id, name string) error
	// ChangeEmail changes the address of the root user, store.ErrExists if
	// another one has it.
	ChangeEmail(tx *store.Tx, id, email string) error
	// LastOpen says whether every other account is closed.
	LastOpen(tx *store.Tx, id string) (bool, error)
	// CloseAccount suspends an account: its credentials are good for nothing.
	CloseAccount(tx *store.Tx, id string, at time.Time) error
}

// Organizations is the source of organizations. An account that is in none is
// store.ErrNotFound.
type Organizations interface {
	// Organization returns the one that an account is in, with what it lets a
	// service do.
	Organization(tx *store.Tx, account, service string) (*writ.Organization, error)
	// Place returns where in it an account is, as aws:PrincipalOrgPaths has it,
	// and with which tags.
	Place(tx *store.Tx, account string) (path string, tags map[string]string, err error)
}

// New makes the service on a store.
func New(db *store.DB, accounts Accounts, organizations Organizations) *Service {
	return &Service{db, accounts, organizations}
}

// of is the account that a call is about: the caller's own where it names none.
func of(c *writ.Call, id *string) string {
	if id == nil {
		return c.Scope.Account
	}
	return *id
}

// The reasons of ValidationException.
const fieldFailed, regionFailed = "fieldValidationFailed", "invalidRegionOptTarget"

func invalid(reason, format string, args ...any) error {
	e := api.ValidationException(format, args...)
	e.Fields = map[string]any{"reason": reason}
	return e
}
