package main

import (
	"slices"
	"strings"
	"testing"
)

func TestDiff(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want []edit
	}{
		{"a,b,c", "a,b,c", nil},
		{"a,b,c", "a,c", []edit{{1, 1, ""}}},
		{"a,c", "a,b,c", []edit{{1, 0, "b,"}}},
		{"a,b,c,d", "x,b,c,y", []edit{{0, 1, "x,"}, {2, 1, "y"}}},
		{"a,b", "c,d", []edit{{0, 2, "c,d"}}},
		{"", "", nil},
		{"a,a,a,a", "a,a,a", []edit{{0, 1, ""}}},
	} {
		if got := diff(test.a, test.b); !slices.Equal(got, test.want) {
			t.Errorf("diff(%q, %q) = %v, want %v", test.a, test.b, got, test.want)
		}
	}
}

// Carried out, the edits make b of a.
func FuzzDiff(f *testing.F) {
	f.Add("a,b,c", "a,x,c")
	f.Add(`{"Action":["iam:A","iam:B"]}`, `{"Action":["iam:B","iam:A"],"Effect":"Allow"}`)
	f.Add("", ",,")
	f.Fuzz(func(t *testing.T, a, b string) {
		if got := apply(strings.SplitAfter(a, ","), diff(a, b)); got != b {
			t.Errorf("diff(%q, %q) makes %q", a, b, got)
		}
	})
}

func apply(pieces []string, edits []edit) string {
	var b strings.Builder
	for _, e := range edits {
		b.WriteString(strings.Join(pieces[:e.keep], "") + e.text)
		pieces = pieces[e.keep+e.cut:]
	}
	return b.String() + strings.Join(pieces, "")
}
