package store_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/writ-iam/writ/store"
)

type note struct{ ID, Text string }

var notes = store.NewTable("test/note", func(n *note) store.Key { return store.K(n.ID) })

// late is a store, one that lags a minute behind it, and their clock.
type late struct {
	*testing.T
	db, lag *store.DB
	now     time.Time
}

func newLate(t *testing.T) *late {
	l := &late{T: t, now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	keys, err := store.NewKeyring(bytes.Repeat([]byte{1}, store.MasterKeySize))
	if err != nil {
		t.Fatal(err)
	}
	l.db, err = store.Open(t.Context(), "memory:", store.Options{Keys: keys, Now: func() time.Time { return l.now }})
	if err != nil {
		t.Fatal(err)
	}
	l.put("here before")
	if l.lag, err = l.db.Lag(time.Minute); err != nil {
		t.Fatal(err)
	}
	return l
}

func (l *late) put(text string) {
	l.Helper()
	err := l.db.Maintain(l.Context(), "test", func(tx *store.Tx) error { return notes.Put(tx, &note{"n", text}) })
	if err != nil {
		l.Fatal(err)
	}
}

func read(tx *store.Tx, id string) (string, error) {
	n, err := notes.Get(tx, id)
	if err != nil {
		return "", err
	}
	return n.Text, nil
}

// Each change is seen a minute after it was made, by Views and by caches.
func TestLag(t *testing.T) {
	l := newLate(t)
	cache := store.NewCache(l.lag, read)
	check := func(want string) {
		t.Helper()
		var viewed string
		err := l.lag.View(t.Context(), func(tx *store.Tx) (err error) { viewed, err = read(tx, "n"); return err })
		cached, _, errCached := cache.Get(t.Context(), "n")
		if viewed != want || cached != want || errors.Join(err, errCached) != nil {
			t.Errorf("viewed %q, cached %q, want %q; %v %v", viewed, cached, want, err, errCached)
		}
	}
	check("here before")
	l.put("first")
	check("here before")
	l.now = l.now.Add(30 * time.Second)
	l.put("second")
	check("here before")
	l.now = l.now.Add(30 * time.Second)
	check("first")
	l.now = l.now.Add(29 * time.Second)
	check("first")
	l.now = l.now.Add(time.Second)
	check("second")
	if l.lag.Revision() != l.db.Revision() {
		t.Errorf("revision %d, not %d", l.lag.Revision(), l.db.Revision())
	}
	l.put("third")
	check("second")
	l.lag.Settle()
	check("third")
}

// A reset is a change like others.
func TestLagReset(t *testing.T) {
	l := newLate(t)
	cache := store.NewCache(l.lag, read)
	if _, _, err := cache.Get(t.Context(), "n"); err != nil {
		t.Fatal(err)
	}
	if err := l.db.Reset(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := cache.Get(t.Context(), "n"); err != nil {
		t.Errorf("at once: %v", err)
	}
	l.lag.Settle()
	if _, _, err := cache.Get(t.Context(), "n"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("settled: %v", err)
	}
}

// A store that lags is written through the one that it lags behind, and has no
// other behind itself.
func TestLagReadOnly(t *testing.T) {
	l := newLate(t)
	err := l.lag.Maintain(t.Context(), "test", func(tx *store.Tx) error { return notes.Put(tx, &note{"n", "x"}) })
	if err == nil {
		t.Error("a store that lags was written")
	}
	if _, err := l.db.Lag(time.Minute); err == nil {
		t.Error("two stores lag behind one")
	}
	if _, err := l.lag.Lag(time.Minute); err == nil {
		t.Error("a store lags behind one that lags")
	}
}
