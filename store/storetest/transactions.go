package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
)

var errRefused = errors.New("refused")

func (s suite) atomicity(t *testing.T) {
	db := s.open(t)
	insert(t, db, "a")
	before := db.Revision()
	err := db.Update(call(t), func(tx *store.Tx) error {
		err := errors.Join(users.Delete(tx, account, "a"), users.Insert(tx, &user{Account: account, Name: "b", ID: "b"}))
		if err != nil {
			t.Error(err)
		}
		return errRefused
	})
	if !errors.Is(err, errRefused) {
		t.Errorf("Update = %v, want what its function returned", err)
	}
	if got := names(t, db, nil); !slices.Equal(got, []string{"a"}) || db.Revision() != before {
		t.Errorf("after a failed Update: %v at revision %d, was %d", got, db.Revision(), before)
	}
}

// panics lets some of many concurrent updates panic; the rest must not notice.
func (s suite) panics(t *testing.T) {
	db := s.open(t)
	var wait sync.WaitGroup
	for i := range 24 {
		wait.Go(func() {
			defer func() {
				if r := recover(); (r != nil) != (i%3 == 0) {
					t.Errorf("update %d recovered %v", i, r)
				}
			}()
			err := db.Update(call(t), func(tx *store.Tx) error {
				err := users.Insert(tx, &user{Account: account, Name: fmt.Sprint(i), ID: fmt.Sprint(i)})
				if i%3 == 0 {
					panic("on purpose")
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if got := names(t, db, nil); len(got) != 16 {
		t.Errorf("%d records, want 16", len(got))
	}
}

// isolation looks twice at the same place within a View, and writes in between.
func (s suite) isolation(t *testing.T) {
	db := s.open(t)
	insert(t, db, "a")
	view(t, db, func(tx *store.Tx) error {
		at := tx.Revision()
		look := func() {
			t.Helper()
			got, err := collect(users.Scan(tx, store.K(account)))
			if err != nil || !slices.Equal(got, []string{"a"}) || tx.Revision() != at {
				t.Errorf("View at %d sees %v at %d, %v", at, got, tx.Revision(), err)
			}
			if u, err := users.Get(tx, account, "a"); err != nil || u.N != 0 {
				t.Errorf("View sees %v, %v", u, err)
			}
		}
		look()
		update(t, db, func(tx *store.Tx) error {
			return errors.Join(users.Put(tx, &user{Account: account, Name: "a", ID: "AIDAa", N: 1}),
				users.Insert(tx, &user{Account: account, Name: "b", ID: "b"}))
		})
		look()
		return nil
	})
	if got := names(t, db, nil); len(got) != 2 {
		t.Errorf("a later View sees %v", got)
	}
}

func (s suite) revision(t *testing.T) {
	db := s.open(t)
	start := db.Revision()
	check := func(want uint64) {
		t.Helper()
		view(t, db, func(tx *store.Tx) error {
			if tx.Revision() != start+want || db.Revision() != start+want {
				t.Errorf("revision %d in a View, %d of the store; want %d", tx.Revision(), db.Revision(), start+want)
			}
			return nil
		})
	}
	check(0)
	insert(t, db, "a")
	check(1)
	update(t, db, func(tx *store.Tx) error {
		if tx.Revision() != start+1 {
			t.Errorf("an Update stands on revision %d, want %d", tx.Revision(), start+1)
		}
		_, err := users.Get(tx, account, "a")
		return err
	})
	check(1) // it wrote nothing
	maintain(t, db, "unlogged", func(tx *store.Tx) error { return codes.Put(tx, &seen{"1"}) })
	check(2)
	insert(t, db, "b")
	check(3)
	if err := db.Confirmed(); err != nil {
		t.Error(err)
	}
}

func maintain(t testing.TB, db *store.DB, what string, fn func(*store.Tx) error) {
	t.Helper()
	if err := db.Maintain(t.Context(), what, fn); err != nil {
		t.Fatal(err)
	}
}

func (s suite) guard(t *testing.T) {
	db := s.open(t)
	insert(t, db, "a")
	write := func(tx *store.Tx) error { return users.Delete(tx, account, "a") }
	db.Guard = func(tx *store.Tx, c *writ.Call) error {
		if _, err := users.Get(tx, account, "a"); err != nil || tx.Revision() != db.Revision() {
			t.Errorf("Guard reads at revision %d of %d: %v", tx.Revision(), db.Revision(), err)
		}
		if c.ID != t.Name() {
			t.Errorf("Guard got the call %q", c.ID)
		}
		return errRefused
	}
	if err := db.Update(call(t), write); !errors.Is(err, errRefused) {
		t.Errorf("Update = %v, want Guard's error", err)
	}
	db.Guard = nil
	if err := db.Update(call(t), write); err == nil {
		t.Error("without Guard a call can write")
	}
	allow(db)
	db.Describe = nil
	if err := db.Update(call(t), write); err == nil {
		t.Error("without Describe a call can write")
	}
	if got := names(t, db, nil); len(got) != 1 {
		t.Error("a refused Update has written")
	}
}

func (s suite) cancellation(t *testing.T) {
	db := s.open(t)
	ctx, cancel := context.WithCancel(background)
	write := func(tx *store.Tx) error { return users.Insert(tx, &user{Account: account, Name: "a", ID: "a"}) }
	err := db.Update(&writ.Call{Context: ctx}, func(tx *store.Tx) error {
		defer cancel()
		return write(tx)
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("an Update that was cancelled while it ran: %v", err)
	}
	if err := db.Update(&writ.Call{Context: ctx}, write); !errors.Is(err, context.Canceled) {
		t.Errorf("an Update that was cancelled before: %v", err)
	}
	if err := db.View(ctx, func(*store.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("a View that was cancelled before: %v", err)
	}
	if got := names(t, db, nil); len(got) != 0 {
		t.Error("a cancelled Update has written")
	}
}

// ended uses transactions in ways that they are not meant for.
func (s suite) ended(t *testing.T) {
	db := s.open(t)
	var kept *store.Tx
	view(t, db, func(tx *store.Tx) error {
		kept = tx
		if err := users.Put(tx, &user{Account: account, Name: "a", ID: "a"}); err == nil {
			t.Error("a View can write")
		}
		return nil
	})
	if _, err := users.Get(kept, account, "a"); err == nil || errors.Is(err, store.ErrNotFound) {
		t.Errorf("Get after the end: %v", err)
	}
	for _, err := range users.Scan(kept, nil) {
		if err == nil {
			t.Error("Scan after the end is no error")
		}
	}
	update(t, db, func(tx *store.Tx) error { kept = tx; return nil })
	if err := users.Put(kept, &user{Account: account, Name: "a", ID: "a"}); err == nil {
		t.Error("Put after the end is no error")
	}
}

// concurrency adds up numbers in one record from many goroutines.
func (s suite) concurrency(t *testing.T) {
	db := s.open(t)
	insert(t, db, "a")
	add(t, db, 16, 20)
	view(t, db, func(tx *store.Tx) error {
		u, err := users.Get(tx, account, "a")
		if u.N != 16*20 {
			t.Errorf("%d of %d additions were kept", u.N, 16*20)
		}
		return err
	})
	if want := uint64(1 + 16*20); db.Revision() != want {
		t.Errorf("revision %d, want %d", db.Revision(), want)
	}
}

// add lets several goroutines each add 1 to the number of user a, times times.
func add(t *testing.T, db *store.DB, goroutines, times int) {
	var wait sync.WaitGroup
	for range goroutines {
		wait.Go(func() {
			for range times {
				if err := db.Update(call(t), addOne); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wait.Wait()
}

func addOne(tx *store.Tx) error {
	u, err := users.Get(tx, account, "a")
	if err != nil {
		return err
	}
	u.N++
	return users.Put(tx, u)
}
