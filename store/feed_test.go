package store

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"github.com/writ-iam/writ/store/driver"
	"github.com/writ-iam/writ/store/memory"
)

// shared is a database in memory that several nodes use, and may lose.
type shared struct {
	*memory.DB
	lost error
}

func (s *shared) View(ctx context.Context, fn func(driver.Reader) error) error {
	if s.lost != nil {
		return s.lost
	}
	return s.DB.View(ctx, fn)
}

func (s *shared) Revision(ctx context.Context) (revision uint64, err error) {
	err = s.View(ctx, func(r driver.Reader) error {
		revision = r.Revision()
		return nil
	})
	return revision, err
}

// node opens a node on a shared database that reads what others commit only
// when the test polls.
func node(t *testing.T, s *shared) *DB {
	t.Helper()
	keys, err := NewKeyring(bytes.Repeat([]byte{1}, MasterKeySize))
	if err != nil {
		t.Fatal(err)
	}
	db := &DB{driver: s, options: Options{Keys: keys, Now: time.Now}, stopped: make(chan struct{})}
	if err := db.follow(t.Context()); err != nil {
		t.Fatal(err)
	}
	db.stop()
	<-db.stopped
	return db
}

type counter struct {
	Name string
	N    int
}

var counters = NewTable("test/counter", func(c *counter) Key { return K(c.Name) })

func set(t *testing.T, db *DB, n int) {
	t.Helper()
	err := db.Maintain(t.Context(), "set", func(tx *Tx) error { return counters.Put(tx, &counter{"a", n}) })
	if err != nil {
		t.Fatal(err)
	}
}

// number caches the counter on a node.
func number(db *DB) func(*testing.T) int {
	cache := NewCache(db, func(tx *Tx, name string) (int, error) {
		c, err := counters.Get(tx, name)
		if err != nil {
			return 0, err
		}
		return c.N, nil
	})
	return func(t *testing.T) int {
		t.Helper()
		n, _, err := cache.Get(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
}

func TestFollow(t *testing.T) {
	s := &shared{DB: memory.New()}
	one, two := node(t, s), node(t, s)
	set(t, one, 1)
	get := number(two)
	var seen []uint64
	two.Watch(func(c Change) { seen = append(seen, c.Revision) })
	two.poll(t.Context(), s)
	if n := get(t); n != 1 {
		t.Errorf("the other node sees %d", n)
	}
	set(t, one, 2)
	set(t, one, 3)
	if n := get(t); n != 1 {
		t.Errorf("the cache was dropped before the change was heard of: %d", n)
	}
	two.poll(t.Context(), s)
	if n := get(t); n != 3 {
		t.Errorf("after the poll the other node sees %d", n)
	}
	set(t, one, 4)
	set(t, two, 5) // hears of revision 4 before its own
	if n := get(t); n != 5 {
		t.Errorf("after its own commit the node sees %d", n)
	}
	if want := []uint64{1, 2, 3, 4, 5}; len(seen) != len(want) || seen[3] != 4 || seen[4] != 5 {
		t.Errorf("changes came as %v, want %v", seen, want)
	}
}

// TestAway has a node miss changes that history holds no more.
func TestAway(t *testing.T) {
	s := &shared{DB: memory.New()}
	one, two := node(t, s), node(t, s)
	set(t, one, 1)
	two.poll(t.Context(), s)
	get := number(two)
	get(t)
	reset := false
	two.Watch(func(c Change) { reset = reset || c.Reset })
	set(t, one, 2)
	if err := one.Trim(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	two.poll(t.Context(), s)
	if n := get(t); n != 2 || !reset || two.Revision() != one.Revision() {
		t.Errorf("back after too long the node sees %d, reset %t, revision %d of %d", n, reset, two.Revision(), one.Revision())
	}
}

func TestConfirmed(t *testing.T) {
	s := &shared{DB: memory.New()}
	db := node(t, s)
	if err := db.Confirmed(); err != nil {
		t.Error(err)
	}
	long := time.Now().Add(-confirmFor - time.Second).UnixNano()
	s.lost = errors.New("no route to host")
	db.feed.confirmed.Store(long)
	db.poll(t.Context(), s)
	if db.Confirmed() == nil {
		t.Error("a node that cannot reach its database says that it knows all")
	}
	s.lost = nil
	db.poll(t.Context(), s)
	if err := db.Confirmed(); err != nil {
		t.Error(err)
	}

	// A commit whose predecessors cannot be read makes the node fall silent.
	other := node(t, s)
	set(t, other, 1)
	s.lost = errors.New("no route to host")
	set(t, db, 2)
	if db.Confirmed() == nil {
		t.Error("a node that misses a change says that it knows all")
	}
	s.lost = nil
	db.poll(t.Context(), s)
	if err := db.Confirmed(); err != nil || db.Revision() != 2 {
		t.Errorf("after the poll: %v at revision %d", err, db.Revision())
	}
}

// TestStaleLoad keeps a value whose source was changed while it was loaded.
func TestStaleLoad(t *testing.T) {
	s := &shared{DB: memory.New()}
	db := node(t, s)
	set(t, db, 1)
	during := func() {}
	cache := NewCache(db, func(tx *Tx, name string) (int, error) {
		c, err := counters.Get(tx, name)
		during()
		return c.N, err
	})
	get := func() int {
		n, _, err := cache.Get(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, changes := range []int{1, ringSize + 1} { // the second more than the ring holds
		last := get()
		cache.clear()
		during = func() {
			during = func() {}
			for i := range changes {
				set(t, db, last+1+i)
			}
		}
		if n := get(); n != last {
			t.Errorf("the load saw %d, its snapshot has %d", n, last)
		}
		if n := get(); n != last+changes {
			t.Errorf("after %d changes the cache says %d, want %d", changes, n, last+changes)
		}
	}
}

// TestUnchanged asks on one node whether what was recalled there is unchanged.
func TestUnchanged(t *testing.T) {
	s := &shared{DB: memory.New()}
	one, two := node(t, s), node(t, s)
	set(t, two, 1)
	cache := NewCache(two, func(tx *Tx, name string) (int, error) {
		c, err := counters.Get(tx, name)
		if err != nil {
			return 0, err
		}
		return c.N, nil
	})
	put := func(db *DB, name string) {
		err := db.Maintain(t.Context(), "put", func(tx *Tx) error { return counters.Put(tx, &counter{name, 2}) })
		if err != nil {
			t.Error(err)
		}
	}
	for what, c := range map[string]struct {
		name    string
		between func()
		want    bool
	}{
		"nothing":                     {"a", func() {}, true},
		"another record":              {"a", func() { put(two, "b") }, true},
		"the record":                  {"a", func() { put(two, "a") }, false},
		"a record that was not there": {"new", func() { put(two, "new") }, false},
		"one that is still not there": {"none", func() { put(two, "a") }, true},
		"heard of from another node":  {"a", func() { put(one, "b"); two.poll(t.Context(), s) }, true},
		"the record, on another node": {"a", func() { put(one, "a"); two.poll(t.Context(), s) }, false},
		"more than is remembered": {"a", func() {
			for range ringSize + 1 {
				put(two, "b")
			}
		}, false},
		"not heard of from another node": {"a", func() { put(one, "b") }, false},
	} {
		two.poll(t.Context(), s)
		since := two.Revision()
		reads, err := two.Recall(t.Context(), func(tx *Tx) error {
			_, err := cache.GetTx(tx, c.name)
			return err
		})
		if err != nil && !errors.Is(err, ErrNotFound) {
			t.Error(err)
		}
		c.between()
		two.Maintain(t.Context(), "ask", func(tx *Tx) error {
			if got := tx.Unchanged(since, reads); got != c.want {
				t.Errorf("%s: unchanged %t, want %t", what, got, c.want)
			}
			if tx.Unchanged(since, nil) || tx.Unchanged(tx.Revision()+1, reads) {
				t.Errorf("%s: what is not known is unchanged", what)
			}
			return nil
		})
	}
}

// TestRecall has a Recall read more than caches hold.
func TestRecall(t *testing.T) {
	db := node(t, &shared{DB: memory.New()})
	set(t, db, 1)
	_, err := db.Recall(t.Context(), func(tx *Tx) error {
		_, err := counters.Get(tx, "a")
		return err
	})
	if !errors.Is(err, errEnded) {
		t.Errorf("a table was read without a snapshot: %v", err)
	}
}
