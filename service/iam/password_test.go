package iam

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/writ-iam/writ"
)

func TestHash(t *testing.T) {
	h := hashPassword("Plum-wagon+7")
	if !strings.HasPrefix(string(h), "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("the hash is %s", h)
	}
	if !h.matches("Plum-wagon+7") || h.matches("Plum-wagon+8") || h.matches("") {
		t.Error("a hash matches its own password and no other")
	}
	if h == hashPassword("Plum-wagon+7") {
		t.Error("two hashes of a password are the same")
	}
}

// A hash of another cost than today's is still one: this is the one of RFC 9106's
// authors' reference program for "password" and "somesalt".
func TestHashOfAnotherCost(t *testing.T) {
	h := hashed("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")
	if !h.matches("password") || h.matches("Password") {
		t.Error("a hash of 64 MiB is not understood")
	}
}

// Who has no password is hashed for, and never let in.
func TestNoHash(t *testing.T) {
	for _, h := range []hashed{"", "plaintext", "$argon2id$v=19$m=x$c29tZXNhbHQ$", "$argon2id$v=19$m=8,t=0,p=1$c29tZXNhbHQ$", "$argon2id$v=19$m=8,t=1,p=1$!$"} {
		begin := time.Now()
		if h.matches("") || h.matches("plaintext") {
			t.Errorf("%q lets somebody in", h)
		}
		if time.Since(begin) < time.Millisecond {
			t.Errorf("%q costs nothing", h)
		}
	}
}

// No more passwords are hashed at once than there are places, and nobody waits
// for a place for ever.
func TestHashingIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := make(hashing, 1)
		go h.turn(t.Context(), func() { time.Sleep(time.Minute) })
		synctest.Wait()
		begin := time.Now()
		err := h.turn(t.Context(), func() { t.Error("two are hashed at once") })
		if e, _ := writ.AsError(err); e.Code != "ServiceUnavailable" || time.Since(begin) != hashWait {
			t.Errorf("who had to wait %v got %v", time.Since(begin), err)
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if err := h.turn(gone, func() { t.Error("it is hashed for who has gone") }); err != context.Canceled {
			t.Errorf("who has gone got %v", err)
		}
		time.Sleep(time.Minute)
		done := false
		if err := h.turn(t.Context(), func() { done = true }); err != nil || !done {
			t.Errorf("a place that is free is not given: %v", err)
		}
	})
}

func TestCommonPasswords(t *testing.T) {
	for _, common := range []string{"password", "PASSWORD", "Password1!", "P@ssw0rd", "P@$$w0rd123!", "Summer2026!", "1qaz@WSX", "!QAZ2wsx", "Welcome1!", "123456", "!@#$%^&*"} {
		if !isCommon(common) {
			t.Errorf("%s is not common", common)
		}
	}
	for _, rare := range []string{"Plum-wagon+7", "correct horse battery staple", "xK9#mLq2vR", "summerwagon", "", "7", strings.Repeat("a", 128), strings.Repeat("@1", 64)} {
		if isCommon(rare) {
			t.Errorf("%s is common", rare)
		}
	}
}

func TestPasswordRules(t *testing.T) {
	a := &account{Alias: "Acme-2-staging", Email: "Root1@example.com"}
	all := &passwordPolicy{MinLength: 10, Symbols: true, Numbers: true, Uppercase: true, Lowercase: true}
	for _, test := range []struct {
		policy   *passwordPolicy
		password string
		want     string
	}{
		{nil, "Plumwag7", ""},
		{nil, "plum-wag7", ""},
		{nil, "Plüm-wagon", ""},
		{nil, "root1@EXAMPLE.com", "Password should not be identical to the account name or email address"},
		{nil, "ROOT-WAGON", "Password should meet 1 more of the following requirements: Password should have at least one lowercase letter, Password should have at least one number"},
		{nil, "ÄÖÜäöü٣٤", "Password should meet 3 more of the following requirements: Password should have at least one uppercase letter, Password should have at least one lowercase letter, Password should have at least one number, Password should have at least one symbol"},
		{all, "Plum-wagon7", ""},
		{all, "Plum-wag7", "Password should have a minimum length of 10"},
		{all, "Plum wagon7", "Password should have at least one symbol"},
		{all, "Plum/wagon7", "Password should have at least one symbol"},
		{&passwordPolicy{MinLength: 6}, "plumwa", ""},
		{&passwordPolicy{MinLength: 6}, "dragon", "Password is one of those that are tried first, with or without digits and symbols around it"},
		{&passwordPolicy{MinLength: 6}, "plüme", "Password should have a minimum length of 6"},
	} {
		err := test.policy.check(a, test.password)
		if err == nil && test.want == "" {
			continue
		}
		if e, _ := writ.AsError(err); err == nil || e.Code != "PasswordPolicyViolation" || e.Message != test.want {
			t.Errorf("%s: %v, want %q", test.password, err, test.want)
		}
	}
}
