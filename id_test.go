package writ

import (
	"regexp"
	"testing"
)

func TestAccessKeyIDCarriesItsAccount(t *testing.T) {
	for _, account := range []string{"000000000000", "000000000001", "123456789012", "999999999999"} {
		id := NewAccessKeyID(LongTermKeyID, account)
		if got, ok := AccountOfKey(id); !ok || got != account || len(id) != 20 {
			t.Errorf("AccountOfKey(%s) = %s, %v; want %s", id, got, ok, account)
		}
	}
}

// The pair was published with the discovery of the encoding.
func TestAccountOfPublishedKey(t *testing.T) {
	if got, ok := AccountOfKey("ASIAQNZGKIQY56JQ7WML"); !ok || got != "029608264753" {
		t.Errorf("got %s, %v", got, ok)
	}
}

func TestKeysWithoutAccount(t *testing.T) {
	for _, id := range []string{"", "test", "AKIAIOSFODNN7EXAMPLE", "AKIA0000000000000000", "ASIA7777777777777777"} {
		if got, ok := AccountOfKey(id); ok {
			t.Errorf("AccountOfKey(%q) = %s", id, got)
		}
	}
}

func TestIDForms(t *testing.T) {
	if id := NewID(UserID); !regexp.MustCompile(`^AIDA[A-Z2-7]{17}$`).MatchString(id) {
		t.Error(id)
	}
	if s := NewSecret(); !regexp.MustCompile(`^[A-Za-z0-9+/]{40}$`).MatchString(s) {
		t.Error("secret has a wrong form")
	}
}
