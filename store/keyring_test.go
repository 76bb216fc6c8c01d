package store_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/writ-iam/writ/store"
)

func TestKeyring(t *testing.T) {
	ring := keyring(t, 1)
	sealed := ring.Seal(store.SessionTokens, []byte("hello"), []byte("context"))
	if bytes.Contains(sealed, []byte("hello")) || bytes.Equal(sealed, ring.Seal(store.SessionTokens, []byte("hello"), []byte("context"))) {
		t.Error("the sealed value tells what is in it")
	}
	tests := []struct {
		name    string
		ring    *store.Keyring
		purpose store.Purpose
		sealed  []byte
		context string
		opens   bool
	}{
		{"same", ring, store.SessionTokens, sealed, "context", true},
		{"same master key", keyring(t, 1), store.SessionTokens, sealed, "context", true},
		{"after rotation", keyring(t, 2, master(1)), store.SessionTokens, sealed, "context", true},
		{"another master key", keyring(t, 2), store.SessionTokens, sealed, "context", false},
		{"another purpose", ring, store.Records, sealed, "context", false},
		{"another context", ring, store.SessionTokens, sealed, "contexT", false},
		{"no context", ring, store.SessionTokens, sealed, "", false},
		{"nothing", ring, store.SessionTokens, nil, "context", false},
		{"only the key id", ring, store.SessionTokens, sealed[:4], "context", false},
		{"cut", ring, store.SessionTokens, sealed[:len(sealed)-1], "context", false},
	}
	for _, test := range tests {
		got, err := test.ring.Open(test.purpose, test.sealed, []byte(test.context))
		if test.opens && (err != nil || string(got) != "hello") {
			t.Errorf("%s: Open = %q, %v", test.name, got, err)
		}
		if !test.opens && !errors.Is(err, store.ErrSealed) {
			t.Errorf("%s: Open = %q, %v; want ErrSealed", test.name, got, err)
		}
	}
	for i := range sealed {
		changed := bytes.Clone(sealed)
		changed[i] ^= 1
		if got, err := ring.Open(store.SessionTokens, changed, []byte("context")); !errors.Is(err, store.ErrSealed) {
			t.Errorf("byte %d changed: Open = %q, %v", i, got, err)
		}
	}
	if _, err := store.NewKeyring([]byte("short")); err == nil {
		t.Error("a short master key is no error")
	}
}

func FuzzOpen(f *testing.F) {
	ring := keyring(f, 1)
	f.Add(ring.Seal(store.Markers, []byte("x"), nil))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, sealed []byte) {
		plaintext, err := ring.Open(store.Markers, sealed, []byte("a context that nothing was sealed for"))
		if err == nil {
			t.Errorf("%x opens as %q", sealed, plaintext)
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	ring, token := keyring(b, 1), make([]byte, 600)
	sealed := ring.Seal(store.SessionTokens, token, nil)
	b.Run("Seal", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			ring.Seal(store.SessionTokens, token, nil)
		}
	})
	b.Run("Open", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := ring.Open(store.SessionTokens, sealed, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
}
