package store_test

import (
	"bytes"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
)

type user struct {
	Account, Name, ID string
}

var users = store.NewTable("iam/user",
	func(u *user) store.Key { return store.K(u.Account, u.Name) },
	store.Unique("id", func(u *user) store.Key { return store.K(u.ID) }),
	store.Counted[user]())

func keyring(t testing.TB, fill byte, old ...[]byte) *store.Keyring {
	t.Helper()
	keys, err := store.NewKeyring(master(fill), old...)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func master(fill byte) []byte { return bytes.Repeat([]byte{fill}, store.MasterKeySize) }

// open opens a store that allows every call.
func open(t testing.TB, address string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), address, store.Options{Keys: keyring(t, 7)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	db.Guard = func(*store.Tx, *writ.Call) error { return nil }
	db.Describe = func(*writ.Call) []byte { return []byte("{}") }
	return db
}

func put(t testing.TB, db *store.DB, u *user) {
	t.Helper()
	if err := db.Update(&writ.Call{}, func(tx *store.Tx) error { return users.Put(tx, u) }); err != nil {
		t.Fatal(err)
	}
}

func parallelism() int { return runtime.GOMAXPROCS(0) }

func TestOpenErrors(t *testing.T) {
	keys := keyring(t, 7)
	for _, address := range []string{"", "memory", "memory:x", "sqlite:", "mysql://root:hunter2@host/db", "postgres://writ:hunter2@host:bad/db"} {
		db, err := store.Open(t.Context(), address, store.Options{Keys: keys})
		if err == nil {
			db.Close()
			t.Errorf("Open(%q) is no error", address)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("Open(%q) tells the password: %v", address, err)
		}
	}
	if _, err := store.Open(t.Context(), "memory:", store.Options{}); err == nil {
		t.Error("Open without a keyring is no error")
	}
}

func TestReset(t *testing.T) {
	db := open(t, "memory:")
	for i := range int64(20) {
		put(t, db, newUser(i))
	}
	revision := db.Revision()
	names := store.NewCache(db, func(tx *store.Tx, name string) (string, error) {
		u, err := users.Get(tx, "111122223333", name)
		if err != nil {
			return "", err
		}
		return u.ID, nil
	})
	first := newUser(1).Name
	if _, _, err := names.Get(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	var told store.Change
	db.Watch(func(c store.Change) { told = c })
	if err := db.Reset(); err != nil {
		t.Fatal(err)
	}
	if !told.Reset || told.Revision != revision+1 || db.Revision() != revision+1 {
		t.Errorf("watchers were told of %+v, revision %d was %d", told, db.Revision(), revision)
	}
	if _, _, err := names.Get(t.Context(), first); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a cache remembers what was forgotten: %v", err)
	}
	put(t, db, newUser(1)) // nothing is in its way
	if err := open(t, "sqlite:"+t.TempDir()).Reset(); err == nil {
		t.Error("a durable store can be reset")
	}
}

func TestMarkers(t *testing.T) {
	db := open(t, "memory:")
	position := store.K("111122223333", "bob")
	marker := db.SealMarker("111122223333 ListUsers", position)
	if strings.Contains(marker, "bob") || strings.ContainsAny(marker, "+/= ") {
		t.Errorf("marker %q is not opaque", marker)
	}
	got, err := db.OpenMarker("111122223333 ListUsers", marker)
	if err != nil || !slices.Equal(got, position) {
		t.Errorf("OpenMarker = %v, %v", got, err)
	}
	if got, err := db.OpenMarker("any", ""); got != nil || err != nil {
		t.Errorf("OpenMarker of the empty marker = %v, %v", got, err)
	}
	for name, bad := range map[string][2]string{
		"another account": {"444455556666 ListUsers", marker},
		"another query":   {"111122223333 ListRoles", marker},
		"changed":         {"111122223333 ListUsers", marker[:len(marker)-2] + "AA"},
		"cut":             {"111122223333 ListUsers", marker[:10]},
		"not base64":      {"111122223333 ListUsers", "!" + marker},
		"made up":         {"111122223333 ListUsers", "bob"},
	} {
		if got, err := db.OpenMarker(bad[0], bad[1]); !errors.Is(err, store.ErrMarker) {
			t.Errorf("%s: OpenMarker = %v, %v; want ErrMarker", name, got, err)
		}
	}
}

// TestCacheHit demands what the request path relies on.
func TestCacheHit(t *testing.T) {
	db := open(t, "memory:")
	put(t, db, newUser(1))
	type key struct{ account, name string }
	cache := store.NewCache(db, func(tx *store.Tx, k key) (*user, error) { return users.Get(tx, k.account, k.name) })
	k := key{"111122223333", newUser(1).Name}
	allocations := testing.AllocsPerRun(100, func() {
		if u, _, err := cache.Get(t.Context(), k); err != nil || u.Name != k.name {
			t.Errorf("Get = %v, %v", u, err)
		}
	})
	if allocations != 0 {
		t.Errorf("a hit allocates %v times", allocations)
	}
}

// TestCacheBound fills a cache far beyond its size.
func TestCacheBound(t *testing.T) {
	db := open(t, "memory:")
	loads := 0
	cache := store.NewCache(db, func(tx *store.Tx, name uint64) (int, error) {
		loads++
		_, err := users.Get(tx, "1", store.K(name))
		return 0, err
	})
	const many = 100_000
	for i := range uint64(many) {
		cache.Get(t.Context(), i)
	}
	if loads != many {
		t.Fatalf("%d loads", loads)
	}
	for i := range uint64(many) {
		cache.Get(t.Context(), i)
	}
	if again := loads - many; again < many-70_000 || again == many {
		t.Errorf("of %d entries %d were not there any more", many, again)
	}
}
