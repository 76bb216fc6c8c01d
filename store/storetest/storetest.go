// Package storetest is the conformance suite of package store: what every
// driver must do, said once. A driver's own tests call Run with addresses of
// empty databases, and Crash if what it keeps outlives the process.
package storetest

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
)

// suite is one database that the tests of the suite run on.
type suite struct {
	address func(t *testing.T) string
}

// Run runs the suite. address returns the address of a new empty database each
// time it is called.
func Run(t *testing.T, address func(t *testing.T) string) {
	s := suite{address}
	t.Run("Order", s.order)
	t.Run("Scopes", s.scopes)
	t.Run("LargeAndMany", s.largeAndMany)
	t.Run("OwnWrites", s.ownWrites)
	t.Run("Indexes", s.indexes)
	t.Run("Groups", s.groups)
	t.Run("IndexConflict", s.indexConflict)
	t.Run("Pages", s.pages)
	t.Run("Counts", s.counts)
	t.Run("Atomicity", s.atomicity)
	t.Run("Panic", s.panics)
	t.Run("Isolation", s.isolation)
	t.Run("Revision", s.revision)
	t.Run("Guard", s.guard)
	t.Run("Cancellation", s.cancellation)
	t.Run("Ended", s.ended)
	t.Run("Concurrency", s.concurrency)
	t.Run("Changes", s.changes)
	t.Run("Trim", s.trim)
	t.Run("Watch", s.watch)
	t.Run("Cache", s.cache)
	t.Run("CacheUnderWrites", s.cacheUnderWrites)
	t.Run("RecallUnderWrites", s.recallUnderWrites)
	t.Run("Secrets", s.secrets)
	t.Run("Reopen", s.reopen)
	t.Run("WrongKey", s.wrongKey)
}

// user is a record with everything that a record can have.
type user struct {
	Account string       `json:"account"`
	Name    string       `json:"name"`
	ID      string       `json:"id"`
	Path    string       `json:"path,omitempty"`
	N       int          `json:"n,omitempty"`
	Note    string       `json:"note,omitempty"`
	Seed    store.Secret `json:"seed,omitzero"`
	Keys    []accessKey  `json:"keys,omitempty"`
}

type accessKey struct {
	ID     string       `json:"id"`
	Secret store.Secret `json:"secret"`
}

var users = store.NewTable("test/user",
	func(u *user) store.Key { return store.K(u.Account, strings.ToLower(u.Name)) },
	store.Unique("id", func(u *user) store.Key { return store.K(u.ID) }),
	store.Index("path", func(u *user) store.Key {
		if u.Path == "" {
			return nil
		}
		return store.K(u.Account, u.Path)
	}),
	store.Grouped[user]("path", 2),
	store.Counted[user]())

// seen is a record of a short-lived thing.
type seen struct{ Code string }

var codes = store.NewTable("test/code",
	func(s *seen) store.Key { return store.K(s.Code) },
	store.Unlogged[seen]())

const account = "111122223333"

// open opens a new database.
func (s suite) open(t *testing.T) *store.DB {
	t.Helper()
	return Open(t, s.address(t))
}

// Keyring returns the keyring that the suite's databases are made with.
func Keyring(t testing.TB) *store.Keyring {
	t.Helper()
	return keyring(t, 7)
}

func keyring(t testing.TB, fill byte) *store.Keyring {
	t.Helper()
	keys, err := store.NewKeyring(bytes.Repeat([]byte{fill}, store.MasterKeySize))
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// Open opens a database that allows every call, and closes it with the test.
func Open(t testing.TB, address string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), address, store.Options{Keys: Keyring(t), Node: "node-1"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	allow(db)
	return db
}

func allow(db *store.DB) {
	db.Guard = func(*store.Tx, *writ.Call) error { return nil }
	db.Describe = func(c *writ.Call) []byte { return []byte(`{"id":"` + c.ID + `"}`) }
}

func call(t testing.TB) *writ.Call { return &writ.Call{ID: t.Name(), Context: t.Context()} }

func update(t testing.TB, db *store.DB, fn func(*store.Tx) error) {
	t.Helper()
	if err := db.Update(call(t), fn); err != nil {
		t.Fatal(err)
	}
}

func view(t testing.TB, db *store.DB, fn func(*store.Tx) error) {
	t.Helper()
	if err := db.View(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// insert inserts users into the account, named and with ids after their names.
func insert(t testing.TB, db *store.DB, names ...string) {
	t.Helper()
	update(t, db, func(tx *store.Tx) error {
		for _, name := range names {
			if err := users.Insert(tx, &user{Account: account, Name: name, ID: "AIDA" + name}); err != nil {
				return err
			}
		}
		return nil
	})
}

// names returns the names of the users below a prefix, in the order of Scan.
func names(t testing.TB, db *store.DB, prefix store.Key) (list []string) {
	t.Helper()
	view(t, db, func(tx *store.Tx) (err error) {
		list, err = collect(users.Scan(tx, prefix))
		return err
	})
	return list
}

func collect(rows func(func(*user, error) bool)) (list []string, err error) {
	for u, err := range rows {
		if err != nil {
			return nil, err
		}
		list = append(list, u.Name)
	}
	return list, nil
}

// background is for what must outlive the test's own context.
var background = context.Background()
