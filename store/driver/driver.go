// Package driver is what a database must do to carry package store: keep
// ordered byte keys, show snapshots of them, apply batches one after another,
// and count the batches. Everything else (tables, indexes, sealing, history)
// is built above, once, so that a driver stays a few hundred lines.
package driver

import (
	"context"
	"errors"
)

// Errors of opening a database. Drivers wrap them with what they found; the
// database is left as it was.
var (
	ErrInUse   = errors.New("the database is in use by another process")
	ErrNewer   = errors.New("the database was written by a newer version")
	ErrForeign = errors.New("this is not a database of ours")
	ErrDamaged = errors.New("the database is damaged")
)

// DB is a database of ordered byte keys. Its methods may be called
// concurrently. Values are never empty.
type DB interface {
	// View runs fn on a snapshot of one revision.
	View(ctx context.Context, fn func(Reader) error) error

	// Update runs fn on the newest revision, alone, and commits the writes
	// that it returns as the next revision, durably, before it returns. If fn
	// returns no writes or an error nothing is committed and the revision
	// stays. fn may run more than once.
	//
	// Updates that share a commit are given the same Reader value; one that
	// follows sees what those before it wrote. committed is called once after
	// the commit, in the order of revisions, before the next commit begins.
	Update(ctx context.Context, fn func(Reader) ([]Write, error), committed func()) error

	Close() error
}

// Shared is implemented by databases that other processes write to as well.
type Shared interface {
	// Revision is the newest committed revision.
	Revision(ctx context.Context) (uint64, error)
}

// Resetter is implemented by databases that can forget everything at once.
type Resetter interface {
	// Reset replaces all that is stored by writes, as the next revision.
	Reset(writes []Write, committed func(revision uint64)) error
}

// Reader reads a snapshot. It is used by one goroutine at a time, and not
// after the function that it was given to has returned. The slices that it
// returns are not to be changed.
type Reader interface {
	// Revision is the number of commits that the snapshot holds.
	Revision() uint64

	// Get returns the value of each key, nil where there is none.
	Get(keys ...[]byte) ([][]byte, error)

	// Scan returns, in order, the first limit pairs with from <= key < to.
	Scan(from, to []byte, limit int) ([]Pair, error)
}

// Pair is a key and its value.
type Pair struct{ Key, Value []byte }

// Write sets a key to a value, or deletes the key if the value is empty. The
// keys of one batch are distinct.
type Write = Pair

// Stamp marks a database for good when it is made. When it is opened again,
// Verify is shown the mark before anything is touched, and may refuse it.
type Stamp struct {
	New    func() []byte
	Verify func(mark []byte) error
}
