package wire

import "testing"

func TestParseUnix(t *testing.T) {
	for text, want := range map[string]int64{"1.5": 1500, "-1": -1000, "1e3": 1_000_000} {
		if got, ok := parseUnix(text); !ok || got.UnixMilli() != want {
			t.Errorf("%s: %v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "x", "NaN", "Inf", "-Inf", "1e13"} {
		if got, ok := parseUnix(text); ok {
			t.Errorf("%s: %v", text, got)
		}
	}
}
