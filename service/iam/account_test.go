package iam

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/audit"
	"github.com/writ-iam/writ/model"
	"github.com/writ-iam/writ/store"
	"github.com/writ-iam/writ/store/events"
)

// newService is a service on a store in memory that lets every call write, with
// the accounts founded in it.
func newService(t testing.TB, all ...account) *Service {
	t.Helper()
	s, _ := newServiceWithLog(t, "memory:", all...)
	return s
}

func newServiceOn(t testing.TB, address string, all ...account) *Service {
	t.Helper()
	s, _ := newServiceWithLog(t, address, all...)
	return s
}

// newServiceWithLog has the log of its events beside it.
func newServiceWithLog(t testing.TB, address string, all ...account) (*Service, *events.Writer) {
	t.Helper()
	keys, err := store.NewKeyring(bytes.Repeat([]byte{1}, store.MasterKeySize))
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), address, store.Options{Keys: keys, Node: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	db.Guard = func(*store.Tx, *writ.Call) error { return nil }
	db.Describe = func(*writ.Call) []byte { return nil }
	err = db.Maintain(t.Context(), "accounts", func(tx *store.Tx) error {
		for _, a := range all {
			if err := accounts.Insert(tx, &a); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	log := events.NewWriter(events.NewMemory(10_000, 16<<20))
	t.Cleanup(func() { log.Close() })
	return New(db, audit.New(log, true), nil), log
}

func callIn(ctx context.Context, account string) *writ.Call {
	return &writ.Call{Context: ctx, Time: time.Now(), Scope: writ.Scope{Partition: "aws", Account: account}}
}

func TestNoTwoAccountsHaveTheSameAlias(t *testing.T) {
	s := newService(t, account{ID: "111111111111"}, account{ID: "222222222222"})
	one, two := callIn(t.Context(), "111111111111"), callIn(t.Context(), "222222222222")
	acme := &api.CreateAccountAliasInput{AccountAlias: "acme"}
	if _, err := s.CreateAccountAlias(one, acme); err != nil {
		t.Fatal(err)
	}
	_, err := s.CreateAccountAlias(two, acme)
	if e, _ := writ.AsError(err); e.Code != "EntityAlreadyExists" {
		t.Errorf("a taken alias gives %v", err)
	}
	if _, err := s.DeleteAccountAlias(one, &api.DeleteAccountAliasInput{AccountAlias: "acme"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.CreateAccountAlias(two, acme); err != nil {
		t.Errorf("an alias that was given up is still taken: %v", err)
	}
}

func TestSummaryTellsOfRootsCredentials(t *testing.T) {
	s := newService(t, account{ID: "111111111111", RootPassword: "$argon2id$"}, account{ID: "222222222222"})
	err := s.db.Maintain(t.Context(), "keys", func(tx *store.Tx) error {
		for _, id := range []string{"AKIA1", "AKIA2"} {
			k := &accessKey{ID: id, Account: "222222222222", UserID: "222222222222", Secret: store.NewSecret([]byte(id))}
			if err := accessKeys.Insert(tx, k); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		account        string
		password, keys int
	}{
		{"111111111111", 1, 0},
		{"222222222222", 0, 1},
	} {
		out, err := s.GetAccountSummary(callIn(t.Context(), test.account), nil)
		if err != nil {
			t.Fatal(err)
		}
		if n := out.SummaryMap["AccountPasswordPresent"]; n != test.password {
			t.Errorf("%s: AccountPasswordPresent is %d, want %d", test.account, n, test.password)
		}
		if n := out.SummaryMap["AccountAccessKeysPresent"]; n != test.keys {
			t.Errorf("%s: AccountAccessKeysPresent is %d, want %d", test.account, n, test.keys)
		}
	}
}

// operation is one of the model, for calls that ask theirs for its name.
func operation(t *testing.T, service, name string) *model.Operation {
	t.Helper()
	m, err := model.Load(service)
	if err != nil {
		t.Fatal(err)
	}
	return m.Operations[name]
}
