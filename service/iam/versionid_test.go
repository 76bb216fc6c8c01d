package iam

import "testing"

func TestVersionNumber(t *testing.T) {
	for id, want := range map[string]uint64{
		"v1":                    1,
		"v120":                  120,
		"":                      0,
		"v":                     0,
		"1":                     0,
		"V1":                    0,
		"v01":                   0,
		"v+1":                   0,
		"v1.2026":               0,
		"v18446744073709551616": 0,
	} {
		n, ok := versionNumber(id)
		if ok != (want > 0) || ok && n != want {
			t.Errorf("versionNumber(%q) = %d, %t", id, n, ok)
		}
		if ok && versionID(n) != id {
			t.Errorf("versionID(%d) = %q, want %q", n, versionID(n), id)
		}
	}
}
