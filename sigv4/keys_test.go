package sigv4

import (
	"bytes"
	"fmt"
	"sync"
	"testing"
)

func same(a, b *Key) bool {
	return bytes.Equal(a.appendMAC(nil, []byte("x")), b.appendMAC(nil, []byte("x")))
}

// TestKeysDependOnEverything changes each thing that a key is derived from.
func TestKeysDependOnEverything(t *testing.T) {
	keys := NewKeys(100)
	scope := Scope{"20260131", "us-east-1", "iam"}
	key := keys.Key("AKID", "secret", scope)
	if keys.Key("AKID", "secret", scope) != key {
		t.Error("derived twice")
	}
	if !same(key, NewKey("secret", scope)) {
		t.Error("another key than derived directly")
	}
	for name, other := range map[string]*Key{
		"secret":  keys.Key("AKID", "secreT", scope),
		"date":    keys.Key("AKID", "secret", Scope{"20260201", "us-east-1", "iam"}),
		"region":  keys.Key("AKID", "secret", Scope{"20260131", "us-east-2", "iam"}),
		"service": keys.Key("AKID", "secret", Scope{"20260131", "us-east-1", "sts"}),
	} {
		if same(key, other) {
			t.Errorf("%s does not matter", name)
		}
	}
}

func TestKeysAreBounded(t *testing.T) {
	keys := NewKeys(10)
	scope := Scope{"20260131", "us-east-1", "iam"}
	hot := keys.Key("hot", "secret", scope)
	for i := range 1000 {
		keys.Key(fmt.Sprint(i), "secret", scope)
		if keys.Key("hot", "secret", scope) != hot {
			t.Fatal("a key in use was forgotten")
		}
		if n := len(keys.now) + len(keys.old); n > 10 {
			t.Fatalf("%d keys", n)
		}
	}
}

func TestKeysConcurrently(t *testing.T) {
	keys := NewKeys(4)
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 300 {
				secret := fmt.Sprint((i + g) % 7)
				scope := Scope{"20260131", "us-east-1", "iam"}
				if !same(keys.Key("AKID", secret, scope), NewKey(secret, scope)) {
					t.Error("wrong key")
				}
			}
		})
	}
	wg.Wait()
}
