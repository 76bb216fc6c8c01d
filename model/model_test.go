package model

import (
	"regexp"
	"testing"
	"testing/fstest"
)

func TestEveryEmbeddedModelLoads(t *testing.T) {
	for _, name := range Names() {
		s, err := Load(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, shape := range s.Shapes {
			if shape.Pattern != "" {
				shape.Match("") // a pattern that Go's RE2 refuses panics here: patch it
			}
		}
	}
}

func TestMemberOrderIsTheModels(t *testing.T) {
	iam, err := Load("iam")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range iam.Operations["CreateUser"].Input.Members {
		got = append(got, m.Name)
	}
	want := []string{"Path", "UserName", "PermissionsBoundary", "Tags"}
	if len(got) != len(want) || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] || got[3] != want[3] {
		t.Errorf("members %v, want %v", got, want)
	}
	if e := iam.Shapes["NoSuchEntityException"].Error; e.Code != "NoSuchEntity" || e.Status != 404 {
		t.Errorf("error %+v", e)
	}
}

const tiny = `{"metadata":{"endpointPrefix":"x"},"operations":{"Do":{"name":"Do","http":{"method":"POST","requestUri":"/"},"input":{"shape":"In"}}},
"shapes":{"In":{"type":"structure","members":{"B":{"shape":"S"},"A":{"shape":"S"}}},"S":{"type":"string","pattern":"(?!no)"}}}`

func TestPatch(t *testing.T) {
	fsys := fstest.MapFS{
		"data/x.json":       {Data: []byte(tiny)},
		"data/x.patch.json": {Data: []byte(`[{"reason":"RE2 has no look-ahead","merge":{"shapes":{"S":{"pattern":"a+"},"In":{"required":["A"],"members":{"C":{"shape":"S"}}}}}}]`)},
		"data/x.authz.json": {Data: []byte(`{"Do":{"access":"Read","checks":[{"action":"x:Do"}]}}`)},
	}
	s, err := load(fsys, "x")
	if err != nil {
		t.Fatal(err)
	}
	in := s.Operations["Do"].Input
	if !in.Members[1].Required || in.Members[2].Name != "C" || !in.Members[0].Shape.Match("aa") || in.Members[0].Shape.Match("aab") {
		t.Errorf("patched shape %+v", in)
	}
	if r := s.Operations["Do"].Rule; !r.ReadOnly() || r.Checks[0].Service() != "x" {
		t.Errorf("rule %+v", r)
	}
}

func TestWrongDataIsRefused(t *testing.T) {
	cases := map[string]fstest.MapFS{
		"patch without reason":       {"data/x.json": {Data: []byte(tiny)}, "data/x.patch.json": {Data: []byte(`[{"merge":{}}]`)}},
		"patch removes nothing":      {"data/x.json": {Data: []byte(tiny)}, "data/x.patch.json": {Data: []byte(`[{"reason":"r","merge":{"nope":null}}]`)}},
		"rule for unknown operation": {"data/x.json": {Data: []byte(tiny)}, "data/x.authz.json": {Data: []byte(`{"Undo":{}}`)}},
		"rule that checks nothing":   {"data/x.json": {Data: []byte(tiny)}, "data/x.authz.json": {Data: []byte(`{"Do":{"access":"Read"}}`)}},
		"misspelt rule":              {"data/x.json": {Data: []byte(tiny)}, "data/x.authz.json": {Data: []byte(`{"Do":{"acess":"Read"}}`)}},
		"unknown shape":              {"data/x.json": {Data: []byte(`{"operations":{"Do":{"input":{"shape":"No"}}}}`)}},
	}
	for name, fsys := range cases {
		if _, err := load(fsys, "x"); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func BenchmarkLoadIAM(b *testing.B) {
	for b.Loop() {
		if _, err := load(data, "iam"); err != nil {
			b.Fatal(err)
		}
	}
}

// TestMatcher compares what is read off character by character with the regular
// expression it stands for.
func TestMatcher(t *testing.T) {
	values := []string{"", "a", "aB9_", "a b", "/", "/a/", "a\n", "\n", "\r\t", "\x00", "é", "日本", "😀", "\uFFFD", "\xff", "+=,.@-", "\uD7FF", "\uE000", "12", "x-y"}
	for _, re2 := range []string{`[\w+=,.@-]+`, `[\w+=,.@-]*`, `[\p{L}\p{Z}\p{N}_.:/=+\-@]*`, `[\x{0009}\x{000A}\x{000D}\x{0020}-\x{00FF}]+`,
		`[^a-z]+`, `.+`, `\d+`, `[\S]+`, `a+`, `[ab]`, `^[a-z]+$`, `(a|b)+`, `\d{12}`} {
		want, got := regexp.MustCompile(`^(?:`+re2+`)$`), matcher(re2)
		for _, v := range values {
			if got(v) != want.MatchString(v) {
				t.Errorf("%s: %q matches %v", re2, v, got(v))
			}
		}
	}
}
