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
// Accounts that operations make are in an organization; this one is in none.
func (l *Lab) AddAccount(t testing.TB, id string) sigv4.Credentials {
	t.Helper()
	l.put(t, func(tx *store.Tx) error { return accounts.Insert(tx, &account{id, "aws"}) })
	return l.RootKey(t, id)
}

// RootKey gives the root user of an account an access key, which no operation
// does for an account that has none.
func (l *Lab) RootKey(t testing.TB, id string) sigv4.Credentials {
	t.Helper()
	root := sigv4.Credentials{AccessKeyID: "root-of-" + id, SecretAccessKey: "secret"}
	l.put(t, func(tx *store.Tx) error {
		return accessKeys.Insert(tx, &accessKey{ID: root.AccessKeyID, Account: id, UserID: id, Active: true, Secret: store.NewSecret([]byte(root.SecretAccessKey))})
	})
	return root
}

func (l *Lab) put(t testing.TB, do func(tx *store.Tx) error) {
	t.Helper()
	if err := l.Store.Maintain(t.Context(), "test", do); err != nil {
		t.Fatal(err)
	}
}
