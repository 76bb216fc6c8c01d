package awstest

import (
	"testing"
	"time"

	"github.com/writ-iam/writ/sigv4"
	"github.com/writ-iam/writ/store"
)

// The records of an account and of an access key, as service/iam keeps them.
type (
	account   struct{ ID, Partition string }
	accessKey struct {
		ID, Account, UserID string
		Active              bool
		Created             time.Time
		Secret              store.Secret
	}
)

var (
	accounts   = store.NewTable("iam/account", func(a *account) store.Key { return store.K(a.ID) })
	accessKeys = store.NewTable("iam/access-key", func(k *accessKey) store.Key { return store.K(k.ID) })
)

// AddAccount adds an account to the lab and returns its root user's access key.
// No operation makes an account that is in no organization, so it writes the
// record of one.
func (l *Lab) AddAccount(t testing.TB, id string) sigv4.Credentials {
	t.Helper()
	err := l.Store.Maintain(t.Context(), "test", func(tx *store.Tx) error { return accounts.Insert(tx, &account{id, "aws"}) })
	if err != nil {
		t.Fatal(err)
	}
	return l.RootOf(t, id)
}

// RootOf gives the root user of an account an access key. It writes the record of
// one, as the root users of new accounts can't sign in yet.
func (l *Lab) RootOf(t testing.TB, id string) sigv4.Credentials {
	t.Helper()
	root := sigv4.Credentials{AccessKeyID: "rootof" + id, SecretAccessKey: "secret"}
	err := l.Store.Maintain(t.Context(), "test", func(tx *store.Tx) error {
		return accessKeys.Insert(tx, &accessKey{ID: root.AccessKeyID, Account: id, UserID: id, Active: true, Secret: store.NewSecret([]byte(root.SecretAccessKey))})
	})
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// AddMember makes an account in the organization of the lab's account and returns
// its number.
func (l *Lab) AddMember(t testing.TB, name string) string {
	t.Helper()
	begun := l.must(t, "CreateAccount", map[string]any{"AccountName": name, "Email": name + "@example.com"})
	id := begun["CreateAccountStatus"].(map[string]any)["Id"]
	ended := l.must(t, "DescribeCreateAccountStatus", map[string]any{"CreateAccountRequestId": id})
	return ended["CreateAccountStatus"].(map[string]any)["AccountId"].(string)
}

func (l *Lab) must(t testing.TB, operation string, params map[string]any) map[string]any {
	t.Helper()
	out, err := l.Call(Root, "organizations", operation, params)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
