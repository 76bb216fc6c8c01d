package store

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/writ-iam/writ/store/driver"
	"github.com/writ-iam/writ/store/memory"
)

// trail is the database of a store that lags: it shows snapshots of another some
// time after they were committed.
type trail struct {
	lagging *DB
	delay   time.Duration

	mu    sync.Mutex
	shown driver.Reader
	ahead []step // not shown yet, oldest first
}

type step struct {
	due    time.Time
	reader driver.Reader // the snapshot after the change
	change Change
}

// Lag returns a store that holds what db held a delay ago, by the clock of its
// Options. It can only be read; its caches follow it. What db holds now is shown
// at once. Only a store in memory can have one, and only one.
func (db *DB) Lag(delay time.Duration) (*DB, error) {
	if _, ok := db.driver.(*memory.DB); !ok || db.trail != nil {
		return nil, errors.New("store: only a store in memory can lag")
	}
	t := &trail{delay: delay}
	t.lagging = &DB{driver: t, options: db.options, behind: t, stop: func() {}, stopped: make(chan struct{})}
	db.trail = t
	err := db.driver.View(context.Background(), func(r driver.Reader) error {
		t.shown = r // a snapshot in memory stays good
		return nil
	})
	return t.lagging, errors.Join(err, t.lagging.follow(context.Background()))
}

// Settle shows all that was committed, without waiting. On a store that does not
// lag it does nothing.
func (db *DB) Settle() {
	if db.behind != nil {
		db.behind.show(func(step) bool { return true })
	}
}

// catchUp shows what has become due.
func (t *trail) catchUp() {
	if t == nil {
		return
	}
	now := t.lagging.options.Now()
	t.show(func(s step) bool { return !now.Before(s.due) })
}

func (t *trail) show(due func(step) bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for len(t.ahead) > 0 && due(t.ahead[0]) {
		next := t.ahead[0]
		t.ahead = t.ahead[1:]
		t.shown = next.reader
		t.lagging.feed.commit(t.lagging, next.change)
	}
}

// follow notes a commit of db, which is its newest.
func (t *trail) follow(db *DB, change Change) {
	if t == nil {
		return
	}
	db.driver.View(context.Background(), func(r driver.Reader) error {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.ahead = append(t.ahead, step{db.options.Now().Add(t.delay), r, change})
		return nil
	})
}

// View implements driver.DB.
func (t *trail) View(ctx context.Context, fn func(driver.Reader) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	t.mu.Lock()
	shown := t.shown
	t.mu.Unlock()
	return fn(shown)
}

// Update implements driver.DB.
func (t *trail) Update(context.Context, func(driver.Reader) ([]driver.Write, error), func()) error {
	return errReadOnly
}

// Close implements driver.DB.
func (t *trail) Close() error { return nil }
