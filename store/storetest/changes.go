package storetest

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/writ-iam/writ/store"
)

func history(t testing.TB, db *store.DB, from uint64) (list []store.Change) {
	t.Helper()
	err := db.Changes(t.Context(), from, func(c store.Change) error {
		list = append(list, c)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func (s suite) changes(t *testing.T) {
	db := s.open(t)
	start := time.Now().Add(-time.Second)
	insert(t, db, "a")                                                                            // 1
	maintain(t, db, "code", func(tx *store.Tx) error { return codes.Put(tx, &seen{"1"}) })        // 2
	maintain(t, db, "expire", func(tx *store.Tx) error { return users.Delete(tx, account, "a") }) // 3

	list := history(t, db, 0)
	if len(list) != 2 || list[0].Revision != 1 || list[1].Revision != 3 {
		t.Fatalf("history is %+v, want revisions 1 and 3", list)
	}
	created, deleted := list[0], list[1]
	if created.Node != "node-1" || created.Time.Before(start) || created.Time.After(time.Now()) {
		t.Errorf("made by %q at %v", created.Node, created.Time)
	}
	var event struct{ ID string }
	if err := json.Unmarshal(created.Event, &event); err != nil || event.ID != t.Name() || created.What != "" {
		t.Errorf("the event is %s, what is %q, %v", created.Event, created.What, err)
	}
	if deleted.What != "expire" || deleted.Event != nil {
		t.Errorf("what is %q, event %s", deleted.What, deleted.Event)
	}
	key := store.K("test/user", account, "a")
	if w := created.Writes; len(w) != 1 || !slices.Equal(w[0].Key, key) || !strings.Contains(string(w[0].Value), `"id":"AIDAa"`) {
		t.Errorf("writes %v", w)
	}
	if w := deleted.Writes; len(w) != 1 || !slices.Equal(w[0].Key, key) || w[0].Value != nil {
		t.Errorf("a deletion writes %v", w)
	}
	if got := history(t, db, 2); len(got) != 1 || got[0].Revision != 3 {
		t.Errorf("history from 2 is %v", got)
	}
	if err := db.Changes(t.Context(), 0, func(store.Change) error { return errRefused }); !errors.Is(err, errRefused) {
		t.Errorf("Changes = %v, want its function's error", err)
	}
}

func (s suite) trim(t *testing.T) {
	db := s.open(t)
	for range 300 {
		maintain(t, db, "x", func(tx *store.Tx) error { return users.Put(tx, &user{Account: account, Name: "a", ID: "a"}) })
	}
	middle := time.Now()
	insert(t, db, "b")
	if err := db.Trim(t.Context(), middle); err != nil {
		t.Fatal(err)
	}
	if list := history(t, db, 0); len(list) != 1 || list[0].Revision != 301 {
		t.Errorf("%d changes are left", len(list))
	}
	if got := names(t, db, nil); len(got) != 2 {
		t.Errorf("records left: %v", got)
	}
}

// watch writes from many goroutines: every change comes once, in order, and
// before its Update returns.
func (s suite) watch(t *testing.T) {
	db := s.open(t)
	insert(t, db, "a")
	var mu sync.Mutex
	var got []store.Change
	db.Watch(func(c store.Change) {
		mu.Lock()
		defer mu.Unlock()
		got = append(got, c)
	})
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			name := string(rune('b' + i))
			for n := range 10 {
				err := db.Maintain(t.Context(), "put", func(tx *store.Tx) error {
					return users.Put(tx, &user{Account: account, Name: name, ID: name, N: n})
				})
				mu.Lock()
				if err != nil || !slices.ContainsFunc(got, func(c store.Change) bool { return wrote(c, name, n) }) {
					t.Errorf("Update of %s=%d returned before its change came: %v", name, n, err)
				}
				mu.Unlock()
			}
		})
	}
	wait.Wait()
	maintain(t, db, "code", func(tx *store.Tx) error { return codes.Put(tx, &seen{"1"}) })
	if len(got) != 80 {
		t.Fatalf("%d changes came, want 80", len(got))
	}
	for i, c := range got {
		if c.Revision != uint64(i+2) {
			t.Fatalf("change %d has revision %d", i, c.Revision)
		}
	}
}

func wrote(c store.Change, name string, n int) bool {
	var u user
	return json.Unmarshal(c.Writes[0].Value, &u) == nil && u.Name == name && u.N == n
}
