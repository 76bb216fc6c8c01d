package authn_test

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/authn"
	"github.com/writ-iam/writ/model"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/sigv4"
	"github.com/writ-iam/writ/store"
)

// record is a key or an entity of the tests' own credential store, which is a
// table like any other: what is changed there must be seen by the next call.
type record struct {
	ID     string
	Active bool
	Tags   map[string]string
}

var records = store.NewTable("authn-test/record", func(r *record) store.Key { return store.K(r.ID) })

type source struct{}

func (source) AccessKey(tx *store.Tx, id string) (*authn.Key, error) {
	r, err := records.Get(tx, id)
	if err != nil {
		return nil, err
	}
	caller := writ.Caller{Partition: "aws", ID: bobID, Name: "bob", AccessKeyID: id,
		Principal: policy.Principal{Type: policy.User, Account: account, ARN: bobARN}}
	return &authn.Key{Secret: secret, Active: r.Active, Caller: caller}, nil
}

func (source) Provider(tx *store.Tx, id string) (string, error) {
	r, err := records.Get(tx, id)
	if err != nil {
		return "", err
	}
	return r.ID, nil
}

// RegionEnabled has a record for each region that is enabled.
func (source) RegionEnabled(tx *store.Tx, account, region string) (bool, error) {
	_, err := records.Get(tx, account+region)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

func (source) Entity(tx *store.Tx, i writ.Issuer) (*authn.Entity, error) {
	r, err := records.Get(tx, i.ID)
	if err != nil {
		return nil, err
	}
	return &authn.Entity{ARN: i.ARN, Name: i.Name, Tags: r.Tags}, nil
}

const (
	account = "111122223333"
	keyID   = "AKIAIOSFODNN7EXAMPLE"
	secret  = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	bobID   = "AIDAIOSFODNN7EXAMPLE2"
	bobARN  = "arn:aws:iam::111122223333:user/bob"
	roleID  = "AROAIOSFODNN7EXAMPLE2"
	roleARN = "arn:aws:iam::111122223333:role/path/r"
)

var now = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

// bench is an Authenticator over a store with bob, his key, and a role.
type bench struct {
	*authn.Authenticator
	db   *store.DB
	keys *store.Keyring
}

func newBench(t testing.TB) *bench {
	t.Helper()
	keys, err := store.NewKeyring(bytes.Repeat([]byte{1}, store.MasterKeySize))
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), "memory:", store.Options{Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	b := &bench{authn.New(db, keys, source{}, source{}), db, keys}
	b.put(t, record{ID: keyID, Active: true})
	b.put(t, record{ID: bobID, Tags: map[string]string{"team": "a"}})
	b.put(t, record{ID: roleID, Tags: map[string]string{"Department": "role", "kind": "role"}})
	b.put(t, record{ID: account})
	return b
}

func (b *bench) put(t testing.TB, r record) {
	t.Helper()
	if err := b.db.Maintain(t.Context(), "test", func(tx *store.Tx) error { return records.Put(tx, &r) }); err != nil {
		t.Fatal(err)
	}
}

func (b *bench) remove(t testing.TB, id string) {
	t.Helper()
	if err := b.db.Maintain(t.Context(), "test", func(tx *store.Tx) error { return records.Delete(tx, id) }); err != nil {
		t.Fatal(err)
	}
}

// request is a signed call of an operation; without credentials it is not signed.
func request(t testing.TB, service, operation string, creds sigv4.Credentials) (*writ.Call, *http.Request, []byte) {
	t.Helper()
	m, err := model.Load(service)
	if err != nil {
		t.Fatal(err)
	}
	body := "Action=" + operation
	r := httptest.NewRequest("POST", "http://localhost/", strings.NewReader(body))
	c := &writ.Call{Time: now, Operation: m.Operations[operation], Scope: writ.Scope{Partition: "aws", Region: "us-east-1"}, Context: t.Context()}
	if creds.AccessKeyID != "" {
		scope := sigv4.Scope{Region: "us-east-1", Service: m.Metadata.SigningName}
		if err := sigv4.Sign(r, creds, scope, sigv4.HashPayload([]byte(body)), now); err != nil {
			t.Fatal(err)
		}
	}
	return c, r, digest(body)
}
