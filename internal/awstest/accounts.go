package awstest

import (
	"errors"
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
// No operation makes a second account, so it writes the records of one.
func (l *Lab) AddAccount(t testing.TB, id string) sigv4.Credentials {
	t.Helper()
	root := sigv4.Credentials{AccessKeyID: "root-of-" + id, SecretAccessKey: "secret"}
	err := l.Store.Maintain(t.Context(), "test", func(tx *store.Tx) error {
		key := &accessKey{ID: root.AccessKeyID, Account: id, UserID: id, Active: true, Secret: store.NewSecret([]byte(root.SecretAccessKey))}
		return errors.Join(accounts.Insert(tx, &account{id, "aws"}), accessKeys.Insert(tx, key))
	})
	if err != nil {
		t.Fatal(err)
	}
	return root
}
