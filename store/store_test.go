package store_test

import (
	"bytes"
	"context"
	"runtime"
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

func open(t testing.TB, address string) *store.DB {
	keys, err := store.NewKeyring(bytes.Repeat([]byte{7}, store.MasterKeySize))
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), address, store.Options{Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	db.Guard = func(*store.Tx, *writ.Call) error { return nil }
	db.Describe = func(*writ.Call) []byte { return []byte("{}") }
	return db
}

func TestSmoke(t *testing.T) {
	db := open(t, "sqlite:"+t.TempDir())
	ctx := context.Background()
	for range 3 {
		err := db.Update(&writ.Call{}, func(tx *store.Tx) error {
			return users.Insert(tx, &user{"1", "bob", "AIDA"})
		})
		t.Log(err)
	}
	db.View(ctx, func(tx *store.Tx) error {
		u, err := users.By(tx, "id", "AIDA")
		n, _ := users.Count(tx, store.K("1"))
		t.Log(u, err, n)
		return nil
	})
	db.Changes(ctx, 0, func(c store.Change) error { t.Logf("%+v", c); return nil })
}

func parallelism() int { return runtime.GOMAXPROCS(0) }
