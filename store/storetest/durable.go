package storetest

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/writ-iam/writ/store"
)

const plaintext = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

func (s suite) secrets(t *testing.T) {
	db := s.open(t)
	u := &user{Account: account, Name: "a", ID: "a", Seed: store.NewSecret([]byte(plaintext + "-seed")),
		Keys: []accessKey{{"AKIA1", store.NewSecret([]byte(plaintext + "-1"))}, {"AKIA2", store.NewSecret([]byte(plaintext + "-2"))}}}
	update(t, db, func(tx *store.Tx) error { return users.Insert(tx, u) })
	reveal := func(name string) {
		t.Helper()
		view(t, db, func(tx *store.Tx) error {
			u, err := users.Get(tx, account, name)
			if err != nil {
				return err
			}
			for _, each := range []struct {
				secret store.Secret
				want   string
			}{{u.Seed, "-seed"}, {u.Keys[0].Secret, "-1"}, {u.Keys[1].Secret, "-2"}} {
				if got, err := each.secret.Reveal(); err != nil || string(got) != plaintext+each.want {
					t.Errorf("%s: Reveal() = %q, %v; want …%s", name, got, err, each.want)
				}
			}
			return nil
		})
	}
	reveal("a")
	update(t, db, func(tx *store.Tx) error { // as a rename does it
		u, err := users.Get(tx, account, "a")
		if err != nil {
			return err
		}
		u.Name, u.N = "b", 1
		return errors.Join(users.Delete(tx, account, "a"), users.Insert(tx, u))
	})
	reveal("b")
	update(t, db, func(tx *store.Tx) error {
		u, err := users.Get(tx, account, "b")
		if err != nil {
			return err
		}
		u.N = 2
		return users.Put(tx, u)
	})
	reveal("b")
	for _, change := range history(t, db, 0) {
		for _, w := range change.Writes {
			if v := string(w.Value); strings.Contains(v, "\n") || v != "" && strings.Count(v, `"[sealed]"`) != 3 {
				t.Errorf("history holds %s", v)
			}
		}
	}
}

func (s suite) reopen(t *testing.T) {
	address := s.address(t)
	if address == "memory:" {
		t.Skip("memory: forgets")
	}
	db := Open(t, address)
	insert(t, db, "a", "b")
	insert(t, db, "c")
	revision := db.Revision()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = Open(t, address)
	if got := names(t, db, nil); !slices.Equal(got, []string{"a", "b", "c"}) || db.Revision() != revision {
		t.Errorf("reopened: %v at revision %d, was %d", got, db.Revision(), revision)
	}
	insert(t, db, "d")
	if db.Revision() != revision+1 || len(history(t, db, 0)) != 3 {
		t.Errorf("revision %d after one more commit, history %d", db.Revision(), len(history(t, db, 0)))
	}
}

func (s suite) wrongKey(t *testing.T) {
	address := s.address(t)
	if address == "memory:" {
		t.Skip("memory: forgets")
	}
	db := Open(t, address)
	marker := db.SealMarker("scope", store.K("a"))
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), address, store.Options{Keys: keyring(t, 8)}); !errors.Is(err, store.ErrKey) {
		t.Errorf("Open with another master key: %v, want ErrKey", err)
	}
	db = Open(t, address)
	if key, err := db.OpenMarker("scope", marker); err != nil || key.String() != "a|" {
		t.Errorf("a marker from before: %v, %v", key, err)
	}
}
