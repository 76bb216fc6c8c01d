// Package store keeps typed tables on ordered keys, in memory, in SQLite or in
// PostgreSQL, and everything above the keys is the same for all three.
//
// Its one idea is the change record. Every commit writes, beside what it
// changes, a record of what it changed, for which call, and as which revision.
// Caches (Cache), other nodes (Watch), history (Changes) and the completion of
// the audit after a crash all live on these records, and none of them needs to
// know which database is underneath.
//
//	var users = store.NewTable("iam/user",
//		func(u *user) store.Key { return store.K(u.Account, u.Name) },
//		store.Unique("id", func(u *user) store.Key { return store.K(u.ID) }))
//
//	err := db.Update(call, func(tx *store.Tx) error {
//		return users.Insert(tx, &user{Account: "111122223333", Name: "bob", ID: "AIDA…"})
//	})
package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store/driver"
	"github.com/writ-iam/writ/store/memory"
	"github.com/writ-iam/writ/store/postgres"
	"github.com/writ-iam/writ/store/sqlite"
)

// Errors that services tell apart.
var (
	ErrNotFound = errors.New("store: no such record")
	ErrExists   = errors.New("store: the key is taken")
)

// Errors of Open; they come wrapped in what was found.
var (
	ErrInUse   = driver.ErrInUse
	ErrNewer   = driver.ErrNewer
	ErrForeign = driver.ErrForeign
	ErrDamaged = driver.ErrDamaged
	ErrKey     = errors.New("the master key is not the one that the database was made with")
)

var (
	errUnwired  = errors.New("store: Guard and Describe must be set before a call can write")
	errReadOnly = errors.New("store: a View cannot write")
	errEnded    = errors.New("store: the transaction has ended")
)

// Options are what Open needs beside an address.
type Options struct {
	Keys *Keyring         // required
	Node string           // names this node in change records
	Now  func() time.Time // the clock of change records; nil means time.Now
}

// DB is an open store. Its methods may be called concurrently.
type DB struct {
	// Guard is called in every Update before the caller's function, in the
	// same transaction. An error refuses the update. It may run more than
	// once. It must be set before the first Update.
	Guard func(*Tx, *writ.Call) error

	// Describe returns the event, as JSON, that the change record of an Update
	// keeps: all that is known of the call before its answer, without its
	// secrets. It must be set before the first Update.
	Describe func(*writ.Call) []byte

	driver  driver.DB
	options Options
	feed    feed
	group   group
	trail   *trail             // of the store that lags behind this one; nil if none does
	behind  *trail             // nil if this store does not lag
	stop    context.CancelFunc // ends following other nodes
	stopped chan struct{}
}

// Open opens the database at an address, and makes it if it is not there:
//
//	memory:                      forgotten when the process ends
//	sqlite:DIR                   one process, durable, in the directory DIR
//	postgres://user@host/name    several nodes, durable
//
// A database that is in use, newer, damaged, not ours or of another master key
// is refused with one of the errors above, and nothing is touched.
func Open(ctx context.Context, address string, options Options) (*DB, error) {
	if options.Keys == nil {
		return nil, errors.New("store: Options.Keys is required")
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	d, err := open(ctx, address, options.Keys.stamp())
	if err != nil {
		return nil, fmt.Errorf("store: opening %s: %w", redact(address), err)
	}
	db := &DB{driver: d, options: options, stop: func() {}, stopped: make(chan struct{})}
	if err := db.follow(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("store: opening %s: %w", redact(address), err), d.Close())
	}
	return db, nil
}

func open(ctx context.Context, address string, stamp driver.Stamp) (driver.DB, error) {
	scheme, rest, _ := strings.Cut(address, ":")
	switch {
	case address == "memory:":
		return memory.New(), nil
	case scheme == "sqlite" && rest != "":
		return sqlite.Open(ctx, strings.TrimPrefix(rest, "//"), stamp)
	case scheme == "postgres" || scheme == "postgresql":
		return postgres.Open(ctx, address, stamp)
	}
	return nil, errors.New("the address is none of memory:, sqlite:DIR and postgres://…")
}

// redact leaves out what may hold a password.
func redact(address string) string {
	scheme, rest, ok := strings.Cut(address, "://")
	if !ok {
		return address
	}
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		rest = rest[at+1:]
	}
	rest, _, _ = strings.Cut(rest, "?")
	return scheme + "://" + rest
}

// stamp ties a database to its master key.
func (r *Keyring) stamp() driver.Stamp {
	context := []byte("master key")
	return driver.Stamp{
		New: func() []byte { return r.Seal(marks, context, context) },
		Verify: func(mark []byte) error {
			if _, err := r.Open(marks, mark, context); err != nil {
				return ErrKey
			}
			return nil
		},
	}
}

// Close closes the store. Nothing may be using it.
func (db *DB) Close() error {
	db.stop()
	<-db.stopped
	return db.driver.Close()
}

// View runs fn on a snapshot: what it reads is all of one revision.
func (db *DB) View(ctx context.Context, fn func(*Tx) error) error {
	db.behind.catchUp()
	tx := &Tx{ctx: ctx, db: db}
	err := db.driver.View(ctx, func(r driver.Reader) error {
		tx.reader = r
		defer tx.end()
		return fn(tx)
	})
	for _, fn := range tx.after {
		fn()
	}
	return err
}

// Update carries out a call that changes something. It asks Guard, runs fn, and
// commits what fn wrote together with its change record. If Guard or fn fails
// nothing is written. It returns when the commit is durable and this node's
// watchers and caches know of it.
//
// fn may run more than once: what it does outside the transaction must not
// depend on how often. It runs alone among all updates, so it must be quick,
// and must not call Update or View.
func (db *DB) Update(c *writ.Call, fn func(*Tx) error) error {
	if db.Guard == nil || db.Describe == nil {
		return errUnwired
	}
	ctx := c.Context
	if ctx == nil {
		ctx = context.Background()
	}
	guarded := func(tx *Tx) error {
		if err := db.Guard(tx, c); err != nil {
			return err
		}
		return fn(tx)
	}
	return db.update(ctx, guarded, func(change *Change) { change.Event = db.Describe(c) })
}

// Maintain is Update for the node's own work, which no caller asked for: what
// says what it is. A Maintain that writes only unlogged tables leaves no change
// record.
func (db *DB) Maintain(ctx context.Context, what string, fn func(*Tx) error) error {
	return db.update(ctx, fn, func(change *Change) { change.What = what })
}

func (db *DB) update(ctx context.Context, fn func(*Tx) error, describe func(*Change)) error {
	var change Change
	return db.driver.Update(ctx, func(r driver.Reader) ([]driver.Write, error) {
		tx := &Tx{ctx: ctx, db: db, reader: r, writable: true}
		defer tx.end()
		if err := fn(tx); err != nil {
			return nil, err
		}
		writes, err := tx.commit(&change, describe)
		if len(writes) > 0 {
			db.group.add(r, &change)
		}
		return writes, err
	}, func() { db.committed(change) })
}

func (db *DB) committed(change Change) {
	db.feed.commit(db, change)
	db.trail.follow(db, change)
}

// Reset forgets everything, in milliseconds. Only a store in memory can.
// Watchers are told of a Change whose Reset is true.
func (db *DB) Reset() error {
	r, ok := db.driver.(driver.Resetter)
	if !ok {
		return errors.New("store: only a store in memory can be reset")
	}
	return r.Reset(nil, func(revision uint64) {
		db.committed(Change{Revision: revision, Reset: true})
	})
}
