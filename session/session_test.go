package session

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
)

func ring(t testing.TB, master ...byte) *store.Keyring {
	t.Helper()
	var all [][]byte
	for _, b := range master {
		all = append(all, bytes.Repeat([]byte{b}, store.MasterKeySize))
	}
	keys, err := store.NewKeyring(all[0], all[1:]...)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// full has every field set.
func full() *writ.Session {
	return &writ.Session{
		Operation: "AssumeRole", Name: "s",
		Issuer: writ.Issuer{Type: writ.IssuerRole, Partition: "aws", Account: "111122223333", Name: "r", ID: "AROAIOSFODNN7EXAMPLE2", ARN: "arn:aws:iam::111122223333:role/p/r"},
		Issued: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC), Expires: time.Date(2026, 5, 1, 13, 0, 0, 0, time.UTC),
		Policy: `{"Version":"2012-10-17"}`, PolicyARNs: []string{"arn:aws:iam::aws:policy/ReadOnlyAccess"},
		Tags: map[string]string{"team": "a"}, TransitiveTags: []string{"team"}, SourceIdentity: "alice",
		MFA: time.Date(2026, 5, 1, 11, 59, 0, 0, time.UTC), Provider: "p", ParentKey: "AKIAIOSFODNN7EXAMPLE", Delegate: "444455556666",
		Instance: &writ.Instance{ARN: "arn:aws:ec2:us-east-1:111122223333:instance/i-1", VPC: "vpc-1", PrivateIP: "172.31.0.5", Delivery: "2.0"},
	}
}

func TestRoundTrip(t *testing.T) {
	keys := ring(t, 1)
	creds, err := Mint(keys, full())
	if err != nil {
		t.Fatal(err)
	}
	secret, s, err := Open(keys, creds.AccessKeyID, creds.Token)
	if err != nil || secret != creds.SecretKey {
		t.Fatalf("secret differs, %v", err)
	}
	if diff := cmp.Diff(full(), s); diff != "" {
		t.Errorf("session differs (-minted +opened):\n%s", diff)
	}
	if account, ok := writ.AccountOfKey(creds.AccessKeyID); !ok || account != "111122223333" || !strings.HasPrefix(creds.AccessKeyID, "ASIA") {
		t.Errorf("key id %s is of account %q", creds.AccessKeyID, account)
	}
	if !creds.Expires.Equal(full().Expires) {
		t.Errorf("credentials say they expire %v", creds.Expires)
	}
}

// A session that was minted under a master key lives on when the key is rotated.
func TestRotation(t *testing.T) {
	creds, err := Mint(ring(t, 1), full())
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := Open(ring(t, 2, 1), creds.AccessKeyID, creds.Token); err != nil {
		t.Error(err)
	}
}

func TestRefused(t *testing.T) {
	keys := ring(t, 1)
	creds, err := Mint(keys, full())
	if err != nil {
		t.Fatal(err)
	}
	other, err := Mint(keys, full())
	if err != nil {
		t.Fatal(err)
	}
	sealed, _ := base64.StdEncoding.DecodeString(creds.Token)
	flipped := bytes.Clone(sealed)
	flipped[len(flipped)/2] ^= 1
	encode := base64.StdEncoding.EncodeToString
	for _, test := range []struct {
		name, id, token string
		keys            *store.Keyring
	}{
		{"another key id", other.AccessKeyID, creds.Token, keys},
		{"another installation", creds.AccessKeyID, creds.Token, ring(t, 2)},
		{"one bit", creds.AccessKeyID, encode(flipped), keys},
		{"cut off", creds.AccessKeyID, encode(sealed[:len(sealed)-1]), keys},
		{"not base64", creds.AccessKeyID, "!" + creds.Token, keys},
		{"empty", creds.AccessKeyID, "", keys},
		{"sealed for another purpose", creds.AccessKeyID, encode(keys.Seal(store.Markers, []byte(`{"k":"x","s":{}}`), []byte(creds.AccessKeyID))), keys},
		{"no session inside", creds.AccessKeyID, encode(keys.Seal(store.SessionTokens, []byte(`{"k":"x"}`), []byte(creds.AccessKeyID))), keys},
		{"not JSON inside", creds.AccessKeyID, encode(keys.Seal(store.SessionTokens, []byte(`x`), []byte(creds.AccessKeyID))), keys},
	} {
		if secret, s, err := Open(test.keys, test.id, test.token); !errors.Is(err, ErrInvalid) || secret != "" || s != nil {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// The token hides the secret key and the policy from whoever carries it.
func TestOpaque(t *testing.T) {
	creds, err := Mint(ring(t, 1), full())
	if err != nil {
		t.Fatal(err)
	}
	sealed, _ := base64.StdEncoding.DecodeString(creds.Token)
	for _, text := range []string{creds.SecretKey, "AssumeRole", "alice"} {
		if bytes.Contains(sealed, []byte(text)) {
			t.Errorf("the token shows %q", text)
		}
	}
}

// Whatever opens is what was minted: nothing can be forged or altered.
func FuzzOpen(f *testing.F) {
	keys := ring(f, 1)
	creds, err := Mint(keys, full())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(creds.AccessKeyID, creds.Token)
	f.Add(creds.AccessKeyID, creds.Token+"\n")
	f.Add("", "")
	f.Fuzz(func(t *testing.T, id, token string) {
		if _, s, err := Open(keys, id, token); err == nil && !cmp.Equal(full(), s) {
			t.Errorf("opened %q of %q: %v", token, id, s)
		}
	})
}

func BenchmarkMint(b *testing.B) {
	keys, s := ring(b, 1), full()
	for b.Loop() {
		if _, err := Mint(keys, s); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	keys := ring(b, 1)
	creds, err := Mint(keys, full())
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, _, err := Open(keys, creds.AccessKeyID, creds.Token); err != nil {
			b.Fatal(err)
		}
	}
}
