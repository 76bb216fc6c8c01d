package iam

import (
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

// The test vectors of RFC 4226, appendix D.
func TestCodesOfRFC4226(t *testing.T) {
	for i, want := range []string{"755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"} {
		if got := oneTimeCode([]byte("12345678901234567890"), uint64(i)); got != want {
			t.Errorf("code %d is %s, want %s", i, got, want)
		}
	}
}

// The test vectors of RFC 6238, appendix B, cut to six digits.
func TestCodesOfRFC6238(t *testing.T) {
	for at, want := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130"} {
		if got := oneTimeCode([]byte("12345678901234567890"), codeNumber(time.Unix(at, 0))); got != want {
			t.Errorf("the code at %d is %s, want %s", at, got, want)
		}
	}
}

// Others compute the same code from the text that users get.
func TestCodesOfOthers(t *testing.T) {
	for _, at := range []time.Time{time.Unix(29, 0), time.Unix(30, 0), time.Now()} {
		want, err := totp.GenerateCode("MFRGGZDFMZTWQ2LK", at)
		if err != nil {
			t.Fatal(err)
		}
		if got := oneTimeCode([]byte("abcdefghij"), codeNumber(at)); got != want {
			t.Errorf("the code at %v is %s, others compute %s", at, got, want)
		}
	}
}

func TestFindCode(t *testing.T) {
	seed := []byte("12345678901234567890")
	if n, ok := findCode(seed, 3, 5, "338314"); !ok || n != 4 {
		t.Errorf("found %d, %t", n, ok)
	}
	for _, absent := range []string{"969428", "254677", "", "33831", "3383145"} {
		if n, ok := findCode(seed, 3, 5, absent); ok {
			t.Errorf("%q is found as %d", absent, n)
		}
	}
	if _, ok := findCode(seed, 5, 4, "254676"); ok {
		t.Error("a code is found between none")
	}
	if n, ok := findPair(seed, 0, 9, "338314", "254676"); !ok || n != 4 {
		t.Errorf("the pair is found at %d, %t", n, ok)
	}
	if _, ok := findPair(seed, 0, 4, "338314", "254676"); ok {
		t.Error("a pair is found that ends after the last")
	}
}
