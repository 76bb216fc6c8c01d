package store

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/writ-iam/writ/store/driver"
)

const (
	pollEvery  = 100 * time.Millisecond // how often the revision of a shared database is read
	pollWithin = 2 * time.Second        // how long one reading may take
	confirmFor = 5 * time.Second        // how long a reading holds
)

// feed tells this node of every commit once, in the order of revisions.
type feed struct {
	shared    bool         // other nodes write too
	confirmed atomic.Int64 // when applied was last known to be the newest revision, in Unix nanoseconds
	applied   atomic.Uint64

	mu       sync.Mutex // held while a change is delivered
	recent   ring
	watchers []func(Change)
	caches   []dropper
}

// dropper is a Cache, of whatever types.
type dropper interface{ drop(Change) }

// Watch has fn called for every change from now on, one at a time and in the
// order of revisions: for this node's commits before Update returns, for those
// of other nodes within half a second. fn must be quick and must not use the
// store.
func (db *DB) Watch(fn func(Change)) {
	db.feed.mu.Lock()
	defer db.feed.mu.Unlock()
	db.feed.watchers = append(db.feed.watchers, fn)
}

// Revision is the newest revision that this node knows of.
func (db *DB) Revision() uint64 {
	db.behind.catchUp()
	return db.feed.applied.Load()
}

// Confirmed returns an error if this node has not been able to confirm for five
// seconds that it knows of all commits. It must not decide anything then.
func (db *DB) Confirmed() error {
	if db.feed.shared && time.Since(time.Unix(0, db.feed.confirmed.Load())) > confirmFor {
		return errors.New("store: the database has not confirmed its revision for five seconds")
	}
	return nil
}

// commit takes a change that this node has just committed.
func (f *feed) commit(db *DB, change Change) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if change.Revision > f.applied.Load()+1 && db.catchUp(context.Background(), change.Revision-1) != nil {
		// What other nodes committed before cannot be read. This node decides
		// nothing more until the poll has made up for it.
		f.confirmed.Store(0)
		return
	}
	f.apply(change)
}

// apply delivers the next change.
func (f *feed) apply(change Change) {
	if change.Revision <= f.applied.Load() {
		return
	}
	f.recent.add(change)
	for _, c := range f.caches {
		c.drop(change)
	}
	if change.logged() || change.Reset {
		for _, fn := range f.watchers {
			fn(change)
		}
	}
	f.applied.Store(change.Revision)
}

// follow starts at the newest revision and, if other nodes write too, reads
// from then on what they commit.
func (db *DB) follow(ctx context.Context) error {
	err := db.driver.View(ctx, func(r driver.Reader) error {
		db.feed.applied.Store(r.Revision())
		db.feed.recent.since = r.Revision()
		return nil
	})
	d, shared := db.driver.(driver.Shared)
	if err != nil || !shared {
		close(db.stopped)
		return err
	}
	db.feed.shared = true
	db.feed.confirmed.Store(time.Now().UnixNano())
	ctx, db.stop = context.WithCancel(context.Background())
	go func() {
		defer close(db.stopped)
		for tick := time.NewTicker(pollEvery); ; {
			select {
			case <-ctx.Done():
				tick.Stop()
				return
			case <-tick.C:
				db.poll(ctx, d)
			}
		}
	}()
	return nil
}

// poll makes one attempt to confirm the revision; what fails is tried again at
// the next tick, and Confirmed tells of it.
func (db *DB) poll(ctx context.Context, d driver.Shared) {
	ctx, cancel := context.WithTimeout(ctx, pollWithin)
	defer cancel()
	start := time.Now()
	revision, err := d.Revision(ctx)
	if err != nil {
		return
	}
	db.feed.mu.Lock()
	defer db.feed.mu.Unlock()
	if revision > db.feed.applied.Load() && db.catchUp(ctx, revision) != nil {
		return
	}
	db.feed.confirmed.Store(start.UnixNano())
}

// catchUp reads and delivers the changes up to a revision. feed.mu is held.
func (db *DB) catchUp(ctx context.Context, revision uint64) error {
	ctx, cancel := context.WithTimeout(ctx, pollWithin)
	defer cancel()
	f := &db.feed
	for f.applied.Load() < revision {
		var list []Change
		err := db.View(ctx, func(tx *Tx) error {
			gone, err := trimmed(tx.reader)
			if err != nil {
				return err
			}
			if gone > f.applied.Load() {
				list = []Change{{Revision: gone, Reset: true}}
				return nil
			}
			list, err = tx.changes(f.applied.Load()+1, 256)
			return err
		})
		if err != nil {
			return err
		}
		for _, change := range list {
			if change.Revision <= revision {
				f.apply(change)
			}
		}
		if len(list) == 0 || list[len(list)-1].Revision >= revision {
			// The rest wrote nothing that is logged.
			f.apply(Change{Revision: revision})
		}
	}
	return nil
}
