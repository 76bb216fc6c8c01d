package storetest

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/writ-iam/writ/store"
)

// Nodes tests two nodes on one database, which they make at the same time.
func Nodes(t *testing.T, address string) {
	var one, two *store.DB
	var start sync.WaitGroup
	start.Go(func() { one = Open(t, address) })
	start.Go(func() { two = Open(t, address) })
	start.Wait()
	insert(t, one, "a")
	var wait sync.WaitGroup
	for _, db := range []*store.DB{one, two} {
		wait.Go(func() { add(t, db, 4, 20) })
	}
	wait.Wait()
	view(t, one, func(tx *store.Tx) error {
		u, err := users.Get(tx, account, "a")
		if u.N != 160 {
			t.Errorf("%d of 160 additions of two nodes were kept", u.N)
		}
		return err
	})
	propagation(t, one, two)
}

// propagation writes on one node and looks when the other's watcher and cache
// know of it.
func propagation(t *testing.T, one, two *store.DB) {
	numbers := store.NewCache(two, func(tx *store.Tx, name string) (int, error) {
		u, err := users.Get(tx, account, name)
		if err != nil {
			return 0, err
		}
		return u.N, nil
	})
	if n, _, err := numbers.Get(t.Context(), "a"); n != 160 || err != nil {
		t.Fatalf("the other node's cache says %d, %v", n, err)
	}
	seen := make(chan store.Change, 16)
	two.Watch(func(c store.Change) { seen <- c })
	update(t, one, addOne)
	written := time.Now()
	for change := range seen {
		if change.Revision == one.Revision() {
			break
		}
	}
	if waited := time.Since(written); waited > time.Second {
		t.Errorf("the other node knew after %v", waited)
	}
	if n, _, err := numbers.Get(t.Context(), "a"); n != 161 || err != nil {
		t.Errorf("the other node's cache says %d, %v", n, err)
	}
	if err := errors.Join(one.Confirmed(), two.Confirmed()); err != nil {
		t.Error(err)
	}
}

// Lost tests a node that loses its database and finds it again. It takes some
// seconds.
func Lost(t *testing.T, server *Postgres) {
	db := Open(t, server.Database(t))
	insert(t, db, "a")
	server.Stop()
	if err := db.Update(call(t), addOne); err == nil {
		t.Error("without a database an Update is no error")
	}
	if !eventually(func() bool { return db.Confirmed() != nil }) {
		t.Error("the node still says that it knows of all commits")
	}
	server.Start(t)
	if !eventually(func() bool { return db.Confirmed() == nil }) {
		t.Error("the node does not find its database again")
	}
	update(t, db, addOne)
	view(t, db, func(tx *store.Tx) error {
		u, err := users.Get(tx, account, "a")
		if err == nil && u.N != 1 {
			t.Errorf("%d additions, want 1", u.N)
		}
		return err
	})
}

func eventually(fn func() bool) bool {
	for range 100 {
		if fn() {
			return true
		}
		time.Sleep(100 * time.Millisecond)
	}
	return false
}
