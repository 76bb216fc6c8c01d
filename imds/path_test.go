package imds

import (
	"bytes"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/writ-iam/writ/store"
)

// A path that is read has parts that are names, and one reading only: written
// again from its parts it is the same path.
func FuzzPath(f *testing.F) {
	for _, seed := range []string{"/", "/latest/", "/latest/meta-data/tags/instance/a%20b", "/a//b", "/..", "/%2e%2e/x", "/a%2fb", "/%00", "x", "/a/.//", "/%"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := url.ParseRequestURI(raw)
		if err != nil {
			return
		}
		parts, ok := parsePath(u)
		if !ok {
			return
		}
		for _, p := range parts {
			if p == "" || p == "." || p == ".." || strings.ContainsAny(p, "/\\\x00") {
				t.Errorf("%q has the part %q", raw, p)
			}
		}
		again := &url.URL{Path: "/" + strings.Join(parts, "/")}
		if same, ok := parsePath(again); !ok || !slices.Equal(same, parts) {
			t.Errorf("%q is read as %q, and that as %q", raw, parts, same)
		}
	})
}

func sealing(t testing.TB, id string) seals {
	t.Helper()
	keys, err := store.NewKeyring(bytes.Repeat([]byte{1}, store.MasterKeySize))
	if err != nil {
		t.Fatal(err)
	}
	return seals{keys, id}
}

// A seal opens only for its instance, its purpose and its time.
func TestSeals(t *testing.T) {
	now := time.Unix(1e9, 0)
	a, b := sealing(t, "i-1"), sealing(t, "i-2")
	seal := a.make(sessionSeal, now.Add(time.Minute))
	if left, ok := a.check(sessionSeal, seal, now); !ok || left != time.Minute {
		t.Errorf("left %v, %v", left, ok)
	}
	for name, ok := range map[string]bool{
		"another instance": second(b.check(sessionSeal, seal, now)),
		"another purpose":  second(a.check(addressSeal, seal, now)),
		"expired":          second(a.check(sessionSeal, seal, now.Add(time.Minute))),
		"cut":              second(a.check(sessionSeal, seal[:len(seal)-1], now)),
		"long":             second(a.check(sessionSeal, strings.Repeat("A", maxSeal+1), now)),
	} {
		if ok {
			t.Errorf("%s: accepted", name)
		}
	}
}

func second(_ time.Duration, ok bool) bool { return ok }

// No other text opens as a seal that was made, not even one that differs in a
// single character or its padding.
func FuzzSeal(f *testing.F) {
	s, now := sealing(f, "i-1"), time.Unix(1e9, 0)
	seal := s.make(sessionSeal, now.Add(time.Hour))
	f.Add("", 0)
	f.Add("=", len(seal))
	f.Add("A", len(seal)-1)
	f.Add("AQAE", 0)
	f.Add("\n", len(seal))
	f.Fuzz(func(t *testing.T, text string, at int) {
		if at < 0 || at > len(seal) {
			return
		}
		changed := seal[:at] + text + seal[min(len(seal), at+len(text)):]
		if _, ok := s.check(sessionSeal, changed, now); ok && changed != seal {
			t.Errorf("%q is accepted for %q", changed, seal)
		}
	})
}
