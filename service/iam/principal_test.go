package iam

import (
	"bytes"
	"errors"
	"testing"

	"github.com/writ-iam/writ/store"
)

// inStore runs fn in a transaction on a new store with the user /team/Bob and
// the role /apps/App of account 000000000000.
func inStore(t *testing.T, fn func(tx *store.Tx, u *user, r *role)) {
	t.Helper()
	keys, err := store.NewKeyring(bytes.Repeat([]byte{7}, store.MasterKeySize))
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), "memory:", store.Options{Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.Maintain(t.Context(), "test", func(tx *store.Tx) error {
		u := &user{entity: entity{Partition: "aws", Account: "000000000000", ID: "AIDAQQQQQQQQQQQQQQQQQ", Path: "/team/", Name: "Bob"}}
		r := &role{entity: entity{Partition: "aws", Account: "000000000000", ID: "AROAQQQQQQQQQQQQQQQQQ", Path: "/apps/", Name: "App"}}
		if err := errors.Join(users.Insert(tx, u), roles.Insert(tx, r)); err != nil {
			return err
		}
		fn(tx, u, r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestPrincipals(t *testing.T) {
	const absent = ""
	cases := []struct{ text, stored string }{
		{"arn:aws:iam::000000000000:user/team/Bob", "AIDAQQQQQQQQQQQQQQQQQ"},
		{"arn:aws:iam::000000000000:role/apps/App", "AROAQQQQQQQQQQQQQQQQQ"},
		{"arn:aws:sts::000000000000:assumed-role/App/monday", "AROAQQQQQQQQQQQQQQQQQ:monday"},
		{"AIDAQQQQQQQQQQQQQQQQQ", "AIDAQQQQQQQQQQQQQQQQQ"},
		{"AROAQQQQQQQQQQQQQQQQQ", "AROAQQQQQQQQQQQQQQQQQ"},
		{"*", "*"},
		{"111122223333", "111122223333"},
		{"arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:root"},
		{"arn:aws:sts::000000000000:federated-user/jin", "arn:aws:sts::000000000000:federated-user/jin"},

		{"arn:aws:iam::000000000000:user/Bob", absent},
		{"arn:aws:iam::000000000000:user/team/bob", absent},
		{"arn:aws:iam::000000000000:role/team/Bob", absent},
		{"arn:aws:iam:us-east-1:000000000000:user/team/Bob", absent},
		{"arn:aws-cn:iam::000000000000:user/team/Bob", absent},
		{"arn:aws:iam::111122223333:user/team/Bob", absent},
		{"arn:aws:sts::000000000000:assumed-role/apps/App/monday", absent},
		{"arn:aws:sts::000000000000:assumed-role/App", absent},
		{"arn:aws:sts::000000000000:assumed-role/App/", absent},
		{"arn:aws:sts::000000000000:federated-user/", absent},
		{"arn:aws:iam::000000000000:group/devs", absent},
		{"arn:aws:iam::000000000000:root/x", absent},
		{"arn:aws:iam::0:root", absent},
		{"arn:aws:iam", absent},
		{"arn:aws:s3:::bucket", absent},
		{"AIDAZZZZZZZZZZZZZZZZZ", absent},
		{"AROAZZZZZZZZZZZZZZZZZ", absent},
		{"AGPAQQQQQQQQQQQQQQQQQ", absent},
		{"bob", absent},
		{"", absent},
	}
	inStore(t, func(tx *store.Tx, _ *user, _ *role) {
		for _, c := range cases {
			stored, err := storedPrincipal(tx, "aws", c.text)
			switch {
			case c.stored == absent && !errors.Is(err, store.ErrNotFound):
				t.Errorf("storedPrincipal(%q) = %q, %v, want ErrNotFound", c.text, stored, err)
			case c.stored != absent && (stored != c.stored || err != nil):
				t.Errorf("storedPrincipal(%q) = %q, %v, want %q", c.text, stored, err, c.stored)
			}
		}
	})
}

// What is stored is shown under the name that the entity has now, and as the
// bare id once it is gone, also if another has the name.
func TestPrincipalsShown(t *testing.T) {
	inStore(t, func(tx *store.Tx, u *user, r *role) {
		shows := func(stored, want string) {
			t.Helper()
			if got, err := shownPrincipal(tx, stored); got != want || err != nil {
				t.Errorf("shownPrincipal(%q) = %q, %v, want %q", stored, got, err, want)
			}
		}
		shows(u.ID, "arn:aws:iam::000000000000:user/team/Bob")
		shows(r.ID, "arn:aws:iam::000000000000:role/apps/App")
		shows(r.ID+":monday", "arn:aws:sts::000000000000:assumed-role/App/monday")
		shows("arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:root")
		shows("*", "*")

		gone, oldRole := u.ID, r.ID
		if err := errors.Join(remove(tx, users, &u.entity), remove(tx, roles, &r.entity)); err != nil {
			t.Fatal(err)
		}
		u.ID, r.ID = "AIDAZZZZZZZZZZZZZZZZZ", "AROAZZZZZZZZZZZZZZZZZ"
		if err := errors.Join(users.Insert(tx, u), roles.Insert(tx, r)); err != nil {
			t.Fatal(err)
		}
		shows(gone, gone)
		shows(oldRole, oldRole)
		shows(oldRole+":monday", oldRole+":monday")
	})
}
