// Package writ is Writ's own service: what people ask of their IAM and AWS has
// no API for. It is modeled, signed, authorized and audited like any other.
package writ

import (
	"github.com/writ-iam/writ/store"
	"github.com/writ-iam/writ/store/events"
)

// Service carries out the operations of the service writ. It is safe for
// concurrent use.
type Service struct {
	db    *store.DB
	log   *events.Writer
	hosts Hosts
	at    *store.Cache[string, *address]
}

// New makes the service on a store and an event log. hosts is nil where no
// instance can run.
func New(db *store.DB, log *events.Writer, hosts Hosts) *Service {
	at := store.NewCache(db, func(tx *store.Tx, ip string) (*address, error) { return addresses.Get(tx, ip) })
	return &Service{db, log, hosts, at}
}
