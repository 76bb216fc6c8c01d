// Package writ is Writ's own service: what people ask of their IAM and AWS has
// no API for. It is modeled, signed, authorized and audited like any other.
package writ

import (
	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
	"github.com/writ-iam/writ/store/events"
)

// Service carries out the operations of the service writ. It is safe for
// concurrent use.
type Service struct {
	db            *store.DB
	log           *events.Writer
	hosts         Hosts
	devices       Devices
	delegations   Delegations
	accounts      Accounts
	organizations Organizations
	at            *store.Cache[string, *address]
}

// Devices is what keeps MFA devices.
type Devices interface {
	// ImportDevice keeps a hardware device of the caller's account, with the
	// seed of its codes. It is false if there is one of that serial number.
	ImportDevice(c *writ.Call, serial string, seed []byte) (added bool, err error)
}

// New makes the service on a store and an event log. hosts is nil where no
// instance can run.
func New(db *store.DB, log *events.Writer, hosts Hosts, devices Devices, delegations Delegations, accounts Accounts, organizations Organizations) *Service {
	at := store.NewCache(db, func(tx *store.Tx, ip string) (*address, error) { return addresses.Get(tx, ip) })
	return &Service{db, log, hosts, devices, delegations, accounts, organizations, at}
}
