package iam

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestRender(t *testing.T) {
	one := func(name, v string) parameter { return parameter{name, "string", []string{v}} }
	several := func(name string, v ...string) parameter { return parameter{name, "stringList", v} }
	for _, test := range []struct {
		template   string
		parameters []parameter
		want       string // an error begins with "!"
	}{
		{`{"a": "b"}`, nil, `{"a":"b"}`},
		{`{"a": "b@{n}c"}`, []parameter{one("n", "x")}, `{"a":"bxc"}`},
		{`{"a": ["@{n}", "@{n}-@{m}"]}`, []parameter{one("n", "x"), one("m", "y")}, `{"a":["x","x-y"]}`},
		{`{"a": ["b", "@{n}/*"]}`, []parameter{several("n", "x", "y")}, `{"a":["b","x/*","y/*"]}`},
		{`{"a" : "@{n}/*"}`, []parameter{several("n", "x", "y")}, `{"a":["x/*","y/*"]}`},
		{`{"a": "@{n}"}`, []parameter{several("n", "x")}, `{"a":"x"}`},
		{`{"a": "@{n}@{m}"}`, []parameter{several("n", "x", "y"), several("m", "1", "2")}, `{"a":["x1","x2","y1","y2"]}`},
		{`{"a": "\"@{n}"}`, []parameter{one("n", "x")}, `{"a":"\"x"}`},
		{`{"a": "\\", "b": "@{n}"}`, []parameter{one("n", "x")}, `{"a":"\\","b":"x"}`},

		// A value stays in its string, and is no template.
		{`{"a": "@{n}"}`, []parameter{one("n", `x", "b": "y\`)}, `{"a":"x\", \"b\": \"y\\"}`},
		{`{"a": "@{n}@{m}"}`, []parameter{one("n", "@{m}"), one("m", "y")}, `{"a":"@{m}y"}`},

		{`{"a": "@{n}"}`, nil, "!InvalidInput"},
		{`{"a": "b"}`, []parameter{one("n", "x")}, "!InvalidInput"},
		{`{"a": "@{n}"}`, []parameter{one("n", "x"), one("n", "y")}, "!InvalidInput"},
		{`{"a": "@{n}"}`, []parameter{{"n", "string", []string{"x", "y"}}}, "!InvalidInput"},
		{`{"a": "@{n}"}`, []parameter{{"n", "stringList", nil}}, "!InvalidInput"},
		{`{"a": "@{}"}`, []parameter{one("", "x")}, "!InvalidInput"},
		{`{"a": "@{n}@{n}@{n}@{n}"}`, []parameter{several("n", strings.Split(strings.Repeat("x,", 100), ",")...)}, "!InvalidInput"},
	} {
		got, err := render(test.template, test.parameters)
		if code, refused := strings.CutPrefix(test.want, "!"); refused {
			if err == nil || !strings.Contains(err.Error(), code) {
				t.Errorf("%s with %v: %q, %v", test.template, test.parameters, got, err)
			}
			continue
		}
		if err != nil || got != test.want {
			t.Errorf("%s with %v: %q, %v", test.template, test.parameters, got, err)
		}
	}
}

// Whatever a value is, it is the value of its string afterwards.
func FuzzRender(f *testing.F) {
	f.Add("x")
	f.Add(`","b":"`)
	f.Add(`\`)
	f.Add("@{n}")
	f.Fuzz(func(t *testing.T, v string) {
		if !utf8.ValidString(v) {
			return
		}
		text, err := render(`{"a": ["<@{name}>"]}`, []parameter{{"name", "string", []string{v}}})
		if err != nil {
			if len(v) < maxRendered/8 {
				t.Fatal(err)
			}
			return
		}
		var got map[string][]string
		if err := json.Unmarshal([]byte(text), &got); err != nil || len(got) != 1 || len(got["a"]) != 1 || got["a"][0] != "<"+v+">" {
			t.Errorf("%q gives %s, %v", v, text, err)
		}
	})
}
