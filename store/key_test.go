package store_test

import (
	"bytes"
	"cmp"
	"slices"
	"testing"
	"time"

	"github.com/writ-iam/writ/store"
)

type arn string

func TestK(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 6, time.FixedZone("", 3600))
	key := store.K("iam/user", arn("arn:aws:iam::1:user/b|b"), uint64(255), at, store.K("x", "é\x00%"))
	want := "iam/user|arn:aws:iam::1:user/b%7Cb|00000000000000ff|2026-01-02T02:04:05.000000006Z|x|%C3%A9%01%01%25|"
	if key.String() != want {
		t.Errorf("K = %s\nwant %s", key, want)
	}
	parts := []string{"iam/user", "arn:aws:iam::1:user/b|b", "00000000000000ff", "2026-01-02T02:04:05.000000006Z", "x", "é\x00%"}
	if got := key.Parts(); !slices.Equal(got, parts) {
		t.Errorf("Parts = %q", got)
	}
	defer func() {
		if recover() == nil {
			t.Error("a float64 became part of a key")
		}
	}()
	store.K(1.5)
}

func TestKOrder(t *testing.T) {
	now := time.Now()
	for _, pair := range [][2]store.Key{
		{store.K(uint64(9)), store.K(uint64(10))},
		{store.K(uint64(255)), store.K(uint64(1 << 40))},
		{store.K(now), store.K(now.Add(1))},
		{store.K(now.In(time.FixedZone("", 9*3600))), store.K(now.UTC().Add(time.Second))},
	} {
		if bytes.Compare(pair[0], pair[1]) >= 0 {
			t.Errorf("%v is not below %v", pair[0], pair[1])
		}
	}
}

func TestKeyUnmarshal(t *testing.T) {
	for _, bad := range []string{"%", "a%4", "%zz|"} {
		var key store.Key
		if err := key.UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q was read as %v", bad, key)
		}
	}
}

// FuzzKey demands that keys sort as their tuples do, that only the keys of a
// tuple's first parts are prefixes of its own, and that text leads back.
func FuzzKey(f *testing.F) {
	f.Add("a", "b", "a", "c")
	f.Add("", "\x00", "\x01", "")
	f.Add("a\x00", "\x01\x01", "a", "\x00\xff")
	f.Add("1", "x", "11", "x")
	f.Fuzz(func(t *testing.T, a1, a2, b1, b2 string) {
		a, b := store.K(a1, a2), store.K(b1, b2)
		if got, want := bytes.Compare(a, b), cmp.Or(cmp.Compare(a1, b1), cmp.Compare(a2, b2)); got != want {
			t.Errorf("%q and %q compare as %d, want %d", a, b, got, want)
		}
		if bytes.HasPrefix(a, store.K(b1)) != (a1 == b1) {
			t.Errorf("%q has the prefix %q", a, store.K(b1))
		}
		if got := a.Parts(); !slices.Equal(got, []string{a1, a2}) {
			t.Errorf("Parts = %q, want %q, %q", got, a1, a2)
		}
		text, _ := a.MarshalText()
		var back store.Key
		if err := back.UnmarshalText(text); err != nil || !bytes.Equal(back, a) {
			t.Errorf("%q came back from %q as %q, %v", a, text, back, err)
		}
	})
}

// FuzzKeyText reads arbitrary text as a key: what is accepted must mean the
// same when it is written and read again.
func FuzzKeyText(f *testing.F) {
	f.Add("iam/user|111122223333|bob|")
	f.Add("%00%7C|%")
	f.Fuzz(func(t *testing.T, text string) {
		var key, again store.Key
		if key.UnmarshalText([]byte(text)) != nil {
			return
		}
		if err := again.UnmarshalText([]byte(key.String())); err != nil || !bytes.Equal(key, again) {
			t.Errorf("%q is %q, which is %q, %v", text, key, again, err)
		}
	})
}
