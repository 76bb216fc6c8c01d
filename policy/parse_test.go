package policy_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/writ-iam/writ/policy"
)

func TestParseErrors(t *testing.T) {
	tests := []struct {
		name, src    string
		offset       int
		line, column int
		msg          string
	}{
		{"empty", "", 0, 1, 1, "expected '{' at the start of a policy document, found end of text"},
		{"not an object", `[]`, 0, 1, 1, "expected '{' at the start of a policy document, found '['"},
		{"unfinished", `{"Version":`, 11, 1, 12, "expected a value, found end of text"},
		{"trailing data", "{}\n {}", 4, 2, 2, "expected nothing after the policy document, found '{'"},
		{"duplicate name", "{\"Id\": \"a\",\n  \"Id\": \"b\"}", 14, 2, 3, `duplicate name "Id"`},
		{"duplicate name in another spelling", `{"Id": "a", "\u0049d": "b"}`, 12, 1, 13, `duplicate name "Id"`},
		{"duplicate key of a condition", `{"Statement": {"Condition": {"Bool": {"a": 1, "a": 2}}}}`, 46, 1, 47, `duplicate name "a"`},
		{"missing colon", `{"Id" "a"}`, 6, 1, 7, `expected ':' after a member's name, found '"'`},
		{"missing comma", `{"Id": "a" "Version": ""}`, 11, 1, 12, `expected ',' or '}' after a member, found '"'`},
		{"missing comma in a list", `{"Statement": [{} {}]}`, 18, 1, 19, `expected ',' or ']' after an element, found '{'`},
		{"trailing comma", `{"Id": "a",}`, 11, 1, 12, "expected a member's name in quotes, found '}'"},
		{"name without quotes", `{Id: "a"}`, 1, 1, 2, "expected a member's name in quotes, found 'I'"},
		{"unknown word", `{"x": nil}`, 6, 1, 7, `unknown word "nil"`},
		{"column in characters", `{"€€": nil}`, 11, 1, 8, `unknown word "nil"`},
		{"leading zero", `{"x": 01}`, 6, 1, 7, "number with a leading zero"},
		{"no digits", `{"x": -}`, 7, 1, 8, "expected a digit, found '}'"},
		{"no digits after the point", `{"x": 1.}`, 8, 1, 9, "expected a digit, found '}'"},
		{"no digits in the exponent", `{"x": 1e+}`, 9, 1, 10, "expected a digit, found '}'"},
		{"string without an end", `{"x": "abc`, 6, 1, 7, "string without a closing quote"},
		{"string ends in an escape", `{"x": "abc\`, 10, 1, 11, "string without a closing quote"},
		{"unknown escape", `{"x": "\x41"}`, 7, 1, 8, "invalid escape"},
		{"escape cut short", `{"x": "\u00"}`, 7, 1, 8, "invalid escape"},
		{"escape not in hex", `{"x": "\u00zz"}`, 7, 1, 8, "invalid escape"},
		{"lone surrogate", `{"x": "\ud800"}`, 13, 1, 14, "invalid escape"},
		{"wrong pair", `{"x": "\ud800\u0041"}`, 7, 1, 8, "invalid surrogate pair"},
		{"control character", "{\"x\": \"a\tb\"}", 8, 1, 9, "control character U+0009 in a string"},
		{"invalid UTF-8", "{\"x\": \"a\xffb\"}", 8, 1, 9, "invalid UTF-8 in a string"},
		{"invalid UTF-8 outside", "{\xff}", 1, 1, 2, `expected a member's name in quotes, found '�'`},
		{"zero byte", "{\x00}", 1, 1, 2, "unexpected character U+0000"},
		{"duplicate among many names", `{"1":1,"2":1,"3":1,"4":1,"5":1,"6":1,"7":1,"8":1,"9":1,"10":1,"11":1,"12":1,"13":1,"14":1,"15":1,"16":1,"17":1,"18":1,"1":1}`, 118, 1, 119, `duplicate name "1"`},
		{"a sign for a value", `{"x": }`, 6, 1, 7, "expected a value, found '}'"},
		{"a capital for a value", `{"x": True}`, 6, 1, 7, "expected a value, found 'T'"},
		{"too deep", strings.Repeat(`{"x":`, 40), 160, 1, 161, "nested deeper than 32 levels"},
		{"too long", strings.Repeat(" ", policy.MaxSize+1), policy.MaxSize, 1, policy.MaxSize + 1, "longer than 2097152 bytes"},
		{"list too deep", `{"x":` + strings.Repeat(`[`, 1_000_000), 36, 1, 37, "nested deeper than 32 levels"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := policy.Parse([]byte(test.src))
			var got *policy.SyntaxError
			if !errors.As(err, &got) {
				t.Fatal(err)
			}
			want := policy.SyntaxError{Offset: test.offset, Line: test.line, Column: test.column, Msg: test.msg}
			if *got != want {
				t.Errorf("got %+v, want %+v", *got, want)
			}
		})
	}
}

func TestSyntaxErrorText(t *testing.T) {
	_, err := policy.Parse([]byte("{\n 7}"))
	if want := "2:2: expected a member's name in quotes, found '7'"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

const everything = `{
  "Version": "2012-10-17",
  "Id": "all \"of\" it \ud83e\udd84\n",
  "Extra": ["\ufffd�", 1, -2.5e+10, true, null, {"a": [], "b": {}}],
  "Statement": [
    {"Sid": "One", "Effect": "Allow", "Action": ["s3:Get*", 7], "Resource": "*",
     "Condition": {"NumericEquals": {"a:b": [1, "2"]}, "Bool": {"a:c": true}}},
    {"Sid": "Two", "Effect": "Deny", "Principal": {"AWS": ["arn:aws:iam::111122223333:user/jin", "*"], "Service": "x.amazonaws.com"},
     "NotAction": "iam:*", "NotResource": ["arn:aws:s3:::b"]}
  ]
}`

func TestParse(t *testing.T) {
	d, err := policy.Parse([]byte(everything))
	if err != nil {
		t.Fatal(err)
	}
	if d.Version != "2012-10-17" || d.ID != "all \"of\" it 🦄\n" || len(d.Statements) != 2 {
		t.Errorf("got %+v", d)
	}
	two := d.Statements[1]
	want := policy.Position{Offset: strings.Index(everything, `{"Sid": "Two"`), Line: 8, Column: 5}
	if two.Start != want || two.End.Line != 9 {
		t.Errorf("the second statement goes from %+v to %+v", two.Start, two.End)
	}
	if two.Index != 1 || two.Sid != "Two" || two.Effect != "Deny" || two.Action != nil || two.NotAction[0].Text != "iam:*" {
		t.Errorf("got %+v", two)
	}
	if p := two.Principal[2]; p.Kind != "Service" || p.Text != "x.amazonaws.com" {
		t.Errorf("got %+v", p)
	}
	c := d.Statements[0].Conditions[0]
	if c.Operator.Text != "NumericEquals" || c.Key.Text != "a:b" || c.Values[0].Text != "1" || c.Values[1].Text != "2" {
		t.Errorf("got %+v", c)
	}
}

// TestPrint: parsing what is printed gives the same document, and printing
// that gives the same text.
func TestPrint(t *testing.T) {
	d, err := policy.Parse([]byte(everything))
	if err != nil {
		t.Fatal(err)
	}
	again, err := policy.Parse([]byte(d.String()))
	if err != nil {
		t.Fatal(err)
	}
	same(t, d, again)
	if again.String() != d.String() {
		t.Errorf("printed first\n%s\nthen\n%s", d, again)
	}
	if want := "    \"Version\": \"2012-10-17\",\n"; !strings.Contains(d.String(), want) {
		t.Errorf("%s lacks %s", d, want)
	}
	if d.Source() != everything {
		t.Error("the source has changed")
	}
}

// same compares documents without positions.
func same(t *testing.T, a, b *policy.Document) {
	t.Helper()
	ignore := cmp.Options{
		cmpopts.IgnoreUnexported(policy.Document{}, policy.Statement{}, policy.Value{}),
		cmpopts.IgnoreTypes(policy.Position{}),
	}
	if diff := cmp.Diff(a, b, ignore); diff != "" {
		t.Error(diff)
	}
}

func TestProblems(t *testing.T) {
	d, err := policy.Parse([]byte(`{"Version": "2020", "Id": 5, "Extra": 1, "Statement": [7,
{"Effect": "allow", "Action": ["s3", "s*:x", "a:b:c", ":x", 7, ["s3:x"], {}], "Resource": ["b", "*"], "Sid": null, "Extra": {}},
{"Effect": "Allow", "NotAction": [], "Resource": "*", "Principal": "jin", "Condition": {"Similar": {"a:b": "c"}, "Bool": {"a:b": ["maybe", null]}}},
{"Effect": "Deny", "Principal": {"AWS": ["AIDAX", "arn:aws:iam::1:user/*", ""], "Group": "g", "CanonicalUser": "*"}, "Condition": {"Bool": 1}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range d.Problems() {
		got = append(got, p.String())
	}
	want := []string{
		"1:2: Version: unknown version",
		"1:27: Id: not a string",
		"1:30: Extra: unknown element",
		"1:56: Statement: not an object",
		"2:2: Effect: neither Allow nor Deny",
		"2:61: Action: not a string",
		"2:64: Action: not a string",
		"2:74: Action: not a string",
		"2:110: Sid: not a string",
		"2:116: Extra: unknown element",
		"3:68: Principal: neither an object nor *",
		"3:140: Bool: not a string",
		"4:81: Principal: unknown kind of principal",
		"4:140: Bool: not an object",
	}
	compiled := []string{
		"2:32: Action: neither * nor of the form service:action",
		"2:38: Action: not the name of a service before the colon",
		"2:46: Action: more than one colon",
		"2:55: Action: not the name of a service before the colon",
		"2:92: Resource: neither * nor an ARN",
		"3:68: Principal: not a principal",
		"3:89: Similar: unknown operator",
		"3:131: Bool: malformed value",
		"4:42: Principal: neither an account nor an ARN",
		"4:51: Principal: wildcards do not match parts of a principal",
		"4:76: Principal: not a principal",
		"4:90: Principal: not a principal",
		"4:112: Principal: no wildcard is possible here",
	}
	if diff := cmp.Diff(append(want, compiled...), got); diff != "" {
		t.Error(diff)
	}
}

func TestMapPrincipals(t *testing.T) {
	src := `{"Statement": [
  {"Effect": "Allow", "NotPrincipal": {"AWS": "b"}, "Principal": {"AWS": ["a", "*", "c"], "Service": "a"}},
  {"Effect": "Deny", "Principal": "*"}
]}`
	d, err := policy.Parse([]byte(src))
	if err != nil {
		t.Fatal(err)
	}
	mapped, err := d.MapPrincipals(func(s string) (string, error) {
		if s == "*" {
			return s, nil
		}
		return `"` + s + s, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var asked []string
	if _, err := d.MapPrincipals(func(s string) (string, error) {
		asked = append(asked, s)
		return "", errors.New(s)
	}); err == nil || err.Error() != "b" || len(asked) != 1 {
		t.Errorf("%v after %v", err, asked)
	}
	want := strings.NewReplacer(`"AWS": "b"`, `"AWS": "\"bb"`, `["a", "*", "c"]`, `["\"aa", "*", "\"cc"]`).Replace(src)
	if mapped.Source() != want {
		t.Errorf("got\n%s\nwant\n%s", mapped.Source(), want)
	}
	var got []string
	mapped.Principals(func(kind, value string) { got = append(got, kind+" "+value) })
	if diff := cmp.Diff([]string{`AWS "bb`, `AWS "aa`, "AWS *", `AWS "cc`, "Service a", "* *"}, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(everything))
	f.Add([]byte(`{"Statement":{"Effect":"Deny","Condition":{"DateLessThan":{"a:b":"2026"}}}}`))
	f.Fuzz(func(t *testing.T, src []byte) {
		d, err := policy.Parse(src)
		var syntax *policy.SyntaxError
		if err != nil {
			if !errors.As(err, &syntax) || syntax.Offset < 0 || syntax.Offset > len(src) || syntax.Line < 1 || syntax.Column < 1 {
				t.Errorf("%q: %v", src, err)
			}
			return
		}
		again, err := policy.Parse([]byte(d.String()))
		if err != nil {
			t.Fatalf("%q prints as %q: %v", src, d, err)
		}
		same(t, d, again)
		d.Problems()
		for kind := policy.IdentityPolicy; kind <= policy.ResourceControlPolicy; kind++ {
			if first, second := d.Check(kind), again.Check(kind); (first == nil) != (second == nil) {
				t.Errorf("%q: %v, printed %v", src, first, second)
			}
		}
	})
}
