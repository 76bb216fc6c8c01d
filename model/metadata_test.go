package model

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestDescribeSaysWhatLoadSays(t *testing.T) {
	for _, name := range Names() {
		m, err := Describe(name)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Load(name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(s.Metadata, m); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestSTSIsRegional(t *testing.T) {
	for name, want := range map[string]string{"sts": "", "iam": "iam.amazonaws.com"} {
		if m, err := Describe(name); err != nil || m.GlobalEndpoint != want {
			t.Errorf("%s: global endpoint %q, %v", name, m.GlobalEndpoint, err)
		}
	}
}

func TestDescribeRefuses(t *testing.T) {
	cases := map[string]fstest.MapFS{
		"no file":     {},
		"no metadata": {"data/x.json": {Data: []byte(`{"shapes":{}}`)}},
		"no JSON":     {"data/x.json": {Data: []byte(`{"metadata":`)}},
		"wrong patch": {"data/x.json": {Data: []byte(tiny)}, "data/x.patch.json": {Data: []byte(`[{"reason":"r","merge":{"metadata":{"nope":null}}}]`)}},
	}
	for name, fsys := range cases {
		if _, err := describe(fsys, "x"); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func BenchmarkDescribeIAM(b *testing.B) {
	for b.Loop() {
		if _, err := Describe("iam"); err != nil {
			b.Fatal(err)
		}
	}
}
