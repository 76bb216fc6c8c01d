package driver

import (
	"context"
	"sync"
	"sync/atomic"
)

// maxGroup bounds how many updates wait for one commit.
const maxGroup = 256

// Group runs updates one after another and lets those that arrive while the
// database is busy share one transaction, so that they share its fsync. Each
// update runs on the goroutine that asked for it, and a failing one takes only
// its own writes with it, because writes are applied after it has returned.
type Group struct {
	Begin func() (Batch, error) // opens a transaction on the newest revision

	waiting atomic.Int64 // updates that have come and not yet run
	mu      sync.Mutex   // held to run an update, and to commit
	open    *group       // the transaction being filled; nil if none
}

// Batch is an open transaction: a Reader that sees its own writes.
type Batch interface {
	Reader
	Apply(writes []Write) error // as the next revision
	Commit() error              // durably; ends the batch
	Rollback()                  // ends the batch
}

type group struct {
	Batch
	size      int
	committed []func()
	err       error // why the transaction cannot commit, or did not
	done      chan struct{}
}

// Update is DB.Update.
func (g *Group) Update(ctx context.Context, fn func(Reader) ([]Write, error), committed func()) error {
	g.waiting.Add(1)
	joined, err := g.run(ctx, fn, committed)
	if joined == nil {
		return err
	}
	<-joined.done
	if joined.err != nil {
		return joined.err // before err: what fn saw may never have been
	}
	return err
}

// run runs one update in the open transaction. The last of those waiting
// commits for all; a deferred call does it, so that a panic in fn leaves
// nobody waiting.
func (g *Group) run(ctx context.Context, fn func(Reader) ([]Write, error), committed func()) (*group, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	defer g.finish()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if g.open == nil {
		batch, err := g.Begin()
		if err != nil {
			return nil, err
		}
		g.open = &group{Batch: batch, done: make(chan struct{})}
	}
	t := g.open
	if t.err != nil {
		return t, nil
	}
	writes, err := fn(t.Batch)
	if err != nil || len(writes) == 0 {
		return t, err
	}
	if t.err = t.Apply(writes); t.err == nil {
		t.size++
		t.committed = append(t.committed, committed)
	}
	return t, nil
}

// finish ends the open transaction unless another update will join it.
func (g *Group) finish() {
	left, t := g.waiting.Add(-1), g.open
	if t == nil || left > 0 && t.size < maxGroup && t.err == nil {
		return
	}
	g.open = nil
	defer close(t.done)
	if t.err != nil || t.size == 0 {
		t.Rollback()
		return
	}
	if t.err = t.Commit(); t.err != nil {
		return
	}
	for _, committed := range t.committed {
		committed()
	}
}
