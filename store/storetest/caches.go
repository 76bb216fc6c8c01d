package storetest

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/writ-iam/writ/store"
)

// team counts the users of a path, and how often it had to.
func team(db *store.DB, loads *atomic.Int64) *store.Cache[string, int] {
	return store.NewCache(db, func(tx *store.Tx, path string) (int, error) {
		loads.Add(1)
		n, err := users.CountBy(tx, "path", store.K(account, path))
		if n == 0 && err == nil {
			err = store.ErrNotFound
		}
		return n, err
	})
}

func (s suite) cache(t *testing.T) {
	db := s.open(t)
	var loads atomic.Int64
	teams := team(db, &loads)
	put := func(name, path string) {
		update(t, db, func(tx *store.Tx) error {
			return users.Put(tx, &user{Account: account, Name: name, ID: name, Path: path})
		})
	}
	check := func(path string, want int, wantLoads int64) {
		t.Helper()
		for range 2 {
			n, revision, err := teams.Get(t.Context(), path)
			if (err != nil) != (want == 0) || err != nil && !errors.Is(err, store.ErrNotFound) {
				t.Errorf("Get(%s): %v", path, err)
			}
			if n != want || revision != db.Revision() || loads.Load() != wantLoads {
				t.Errorf("Get(%s) = %d at %d with %d loads; want %d at %d with %d",
					path, n, revision, loads.Load(), want, db.Revision(), wantLoads)
			}
		}
	}
	check("/a/", 0, 1)
	put("x", "/a/")
	check("/a/", 1, 2)
	put("y", "/b/")
	check("/a/", 1, 2) // untouched
	put("x", "/b/")
	check("/a/", 0, 3)
	check("/b/", 2, 4)

	// Within an Update the cache shows what the Update sees.
	update(t, db, func(tx *store.Tx) error {
		if n, err := teams.GetTx(tx, "/b/"); n != 2 || err != nil || loads.Load() != 4 {
			t.Errorf("GetTx = %d, %v with %d loads", n, err, loads.Load())
		}
		err := users.Delete(tx, account, "x")
		if n, err := teams.GetTx(tx, "/b/"); n != 1 || err != nil {
			t.Errorf("GetTx after a deletion = %d, %v", n, err)
		}
		return err
	})
	check("/b/", 1, 6)
	s.cacheRefusals(t, db)
}

func (s suite) cacheRefusals(t *testing.T, db *store.DB) {
	bad := store.NewCache(db, func(tx *store.Tx, code string) (*seen, error) { return codes.Get(tx, code) })
	if _, _, err := bad.Get(t.Context(), "1"); err == nil || errors.Is(err, store.ErrNotFound) {
		t.Errorf("a cached value was derived from an unlogged table: %v", err)
	}
	failing, fail := 0, errors.New("for now")
	flaky := store.NewCache(db, func(*store.Tx, string) (int, error) { failing++; return 0, fail })
	for range 2 {
		if _, _, err := flaky.Get(t.Context(), "1"); !errors.Is(err, fail) {
			t.Errorf("Get = %v", err)
		}
	}
	if failing != 2 {
		t.Errorf("an error was kept")
	}
}

// cacheUnderWrites reads through caches, one of which is built on the other,
// while the record behind them is counted up: a reader must never see a number
// below one that was committed before it asked.
func (s suite) cacheUnderWrites(t *testing.T) {
	db := s.open(t)
	insert(t, db, "a")
	inner := store.NewCache(db, func(tx *store.Tx, name string) (int, error) {
		u, err := users.Get(tx, account, name)
		if err != nil {
			return 0, err
		}
		return u.N, nil
	})
	outer := store.NewCache(db, func(tx *store.Tx, name string) (int, error) { return inner.GetTx(tx, name) })
	var committed atomic.Int64
	done := make(chan struct{})
	var wait sync.WaitGroup
	for i := range 4 {
		wait.Go(func() {
			cache := []*store.Cache[string, int]{inner, outer}[i%2]
			for {
				least := committed.Load()
				n, _, err := cache.Get(t.Context(), "a")
				if err != nil || int64(n) < least {
					t.Errorf("cache says %d, %v after %d was committed", n, err, least)
					return
				}
				select {
				case <-done:
					return
				case <-time.After(50 * time.Microsecond):
				}
			}
		})
	}
	var writers sync.WaitGroup
	for range 4 {
		writers.Go(func() {
			for range 40 {
				err := db.Update(call(t), func(tx *store.Tx) error {
					u, err := users.Get(tx, account, "a")
					if n, cacheErr := outer.GetTx(tx, "a"); cacheErr != nil || n != u.N {
						t.Errorf("GetTx = %d, %v; the record says %d", n, cacheErr, u.N)
					}
					return errors.Join(err, addOne(tx))
				})
				if err != nil {
					t.Error(err)
				}
				committed.Add(1)
			}
		})
	}
	writers.Wait()
	close(done)
	wait.Wait()
}

// recallUnderWrites recalls values, and then asks in updates whether they are
// unchanged, while others write what they are derived from and what they are not: a
// value that is said to be unchanged must be what the update itself reads, and what
// nobody writes must mostly be said to be so.
func (s suite) recallUnderWrites(t *testing.T) {
	db := s.open(t)
	var loads atomic.Int64
	teams := team(db, &loads)
	put := func(tx *store.Tx, name, path string) error {
		return users.Put(tx, &user{Account: account, Name: name, ID: name, Path: path})
	}
	paths := []string{"/a/", "/b/", "/quiet/"} // two that the others write, and one that they don't
	var wait sync.WaitGroup
	var unchanged atomic.Int64
	for i := range 6 {
		wait.Go(func() {
			for j := range 30 {
				path := paths[(i+j)%len(paths)]
				n, since := 0, db.Revision()
				reads, err := db.Recall(t.Context(), func(tx *store.Tx) (err error) {
					n, err = teams.GetTx(tx, path)
					return err
				})
				if err != nil && !errors.Is(err, store.ErrNotFound) {
					t.Error(err)
				}
				err = db.Update(call(t), func(tx *store.Tx) error {
					now, err := users.CountBy(tx, "path", store.K(account, path))
					same := tx.Unchanged(since, reads)
					if same && now != n {
						t.Errorf("%s is unchanged, but there were %d and now are %d", path, n, now)
					}
					if same {
						unchanged.Add(1)
					}
					return errors.Join(err, put(tx, string(rune('k'+i)), paths[j%2]))
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	if unchanged.Load() < 30 {
		t.Errorf("only %d of 180 were unchanged, 60 of which nobody writes", unchanged.Load())
	}
}
