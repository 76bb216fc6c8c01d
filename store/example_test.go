package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
)

// group is a record, and groups the table that keeps it.
type group struct {
	Account string `json:"account"`
	Name    string `json:"name"`
	Path    string `json:"path"`
}

var groups = store.NewTable("example/group",
	func(g *group) store.Key { return store.K(g.Account, g.Name) },
	store.Index("path", func(g *group) store.Key { return store.K(g.Account, g.Path) }))

func Example() {
	keys, err := store.NewKeyring(bytes.Repeat([]byte{1}, store.MasterKeySize))
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	db, err := store.Open(ctx, "memory:", store.Options{Keys: keys})
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	db.Guard = func(*store.Tx, *writ.Call) error { return nil } // a server asks authz here
	db.Describe = func(*writ.Call) []byte { return []byte(`{"eventName":"CreateGroup"}`) }

	err = db.Update(&writ.Call{Context: ctx}, func(tx *store.Tx) error {
		return errors.Join(
			groups.Insert(tx, &group{"111122223333", "readers", "/staff/"}),
			groups.Insert(tx, &group{"111122223333", "admins", "/staff/"}))
	})
	if err != nil {
		log.Fatal(err)
	}

	err = db.View(ctx, func(tx *store.Tx) error {
		for g, err := range groups.ScanBy(tx, "path", store.K("111122223333", "/staff/")) {
			if err != nil {
				return err
			}
			fmt.Println(g.Name)
		}
		_, err := groups.Get(tx, "111122223333", "guests")
		fmt.Println(err)
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}

	err = db.Changes(ctx, 1, func(c store.Change) error {
		fmt.Println(c.Revision, string(c.Event), c.Writes[0].Key)
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// admins
	// readers
	// store: no such record
	// 1 {"eventName":"CreateGroup"} example/group|111122223333|admins|
}
