package policytest_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/policy/policytest"
)

func ExampleRead() {
	cases, err := policytest.Read([]byte(`
- id: deny-wins
  why: one applicable Deny in any policy ends the evaluation
  principal: {type: user, arn: "arn:aws:iam::111122223333:user/jin"}
  identityPolicies:
    - Version: 2012-10-17
      Statement:
        - {Effect: Allow, Action: "sqs:DeleteQueue", Resource: "*"}
        - {Effect: Deny, Action: "sqs:*", Resource: "*"}
  action: sqs:DeleteQueue
  resource: arn:aws:sqs:eu-west-1:111122223333:jobs
  expect: explicitDeny
  expectBy: identity
`), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range cases {
		outcome := c.Run()
		fmt.Println(outcome.ID, outcome.Decision, outcome.By, outcome.OK)
	}
	// Output: deny-wins explicitDeny identity true
}

const minimal = `"principal": {"type": "anonymous"}, "action": "a:b", "resource": "*", "expect": "implicitDeny"`

// readOne reads a case that is written as the members of a JSON object.
func readOne(t *testing.T, members string) *policytest.Case {
	t.Helper()
	cases, err := policytest.Read([]byte(`[{`+members+`}]`), nil)
	if err != nil {
		t.Fatal(err)
	}
	return cases[0]
}

func TestRead(t *testing.T) {
	for name, data := range map[string]string{
		"list":           `[{` + minimal + `}, {` + minimal + `, "x-note": {"any": "thing"}}]`,
		"lines":          "{" + minimal + "}\n{" + minimal + `, "note": "ignored"}` + "\n",
		"indented lines": "{\n" + minimal + "\n}\n{\n" + minimal + "}",
		"yaml":           "- {" + minimal + "}\n- {" + minimal + "}\n",
		"yaml alias":     "- &a {" + minimal + "}\n- *a\n",
		"byte order":     "\ufeff{" + minimal + "}\n{" + minimal + "}\n",
		"notes":          `[{` + minimal + `}, {"principal": {"type": "anonymous", "x-why": 1}, "org": {"x-why": 1}, "action": "a:b", "resource": "*", "expect": "implicitDeny"}]`,
	} {
		t.Run(name, func(t *testing.T) {
			cases, err := policytest.Read([]byte(data), nil)
			if err != nil || len(cases) != 2 {
				t.Fatal(len(cases), err)
			}
			for _, c := range cases {
				if r := c.Run(); !r.OK {
					t.Errorf("got %+v", r)
				}
			}
		})
	}
}

func TestReadErrors(t *testing.T) {
	for data, want := range map[string]string{
		"":                                       "no cases",
		"[":                                      "unexpected end of JSON input",
		"- [":                                    "did not find expected node content",
		"a: b":                                   "cannot unmarshal object",
		"- {[a]: b}":                             "line 1: a name must be a string",
		"- &a [*a]":                              "aliases make the file too large",
		"- - &a {b: *a}":                         "aliases make the file too large",
		`[5]`:                                    "case 1: json: cannot unmarshal number",
		`{`:                                      "line 1: unexpected EOF",
		`{` + minimal + "}\n7":                   "line 2: json: cannot unmarshal number",
		`[{` + minimal + `, "resorce": "*"}]`:    `case 1: json: unknown field "resorce"`,
		`[{"principal": {"typ": "user"}}]`:       `unknown field "typ"`,
		`[{"id": "x"}]`:                          `x: unknown expect ""`,
		`[{"id": "x", "expect": "allowed"}]`:     "x: action or resource is missing",
		`[{` + minimal + `, "principal": null}]`: "principal is missing",
		`[{` + minimal + `, "principal": {"type": "martian"}}]`:                                `unknown principal.type "martian"`,
		`[{` + minimal + `, "context": {"a:b": "x", "A:B": "y"}}]`:                             "the context has a:b twice",
		`[{` + minimal + `, "expectBy": "luck"}]`:                                              `unknown expectBy "luck"`,
		`[{` + minimal + `, "context": {"a": ["\ud800", 5, {}, [`:                              "unexpected end of JSON input",
		`[{` + minimal + `, "boundary": {"file": "missing"}}]`:                                 "no such policy",
		"- {principal: {type: anonymous}, action: .inf, resource: 0x1F, expect: True, why: ~}": `unknown expect "True"`,
	} {
		_, err := policytest.Read([]byte(data), func(string) ([]byte, error) { return nil, errors.New("no such policy") })
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", data, err, want)
		}
	}
}

func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("policies/all.json", `{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}`)
	path := write("cases.json", `[{"principal": {"type": "anonymous"}, "action": "a:b", "resource": "*", "expect": "allowed", "resourcePolicy": {"file": "policies/all.json"}}]`)
	cases, err := policytest.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if r := cases[0].Run(); !r.OK {
		t.Errorf("got %+v", r)
	}
	if name := cases[0].Policies.Resource.Name(); name != "policies/all.json" {
		t.Errorf("the policy is called %s", name)
	}
	if _, err := policytest.ReadFile(write("bad.json", "[")); err == nil || !strings.Contains(err.Error(), "bad.json") {
		t.Errorf("got %v", err)
	}
	if _, err := policytest.ReadFile(filepath.Join(dir, "missing")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

// TestAccount: where the caller's account is taken from.
func TestAccount(t *testing.T) {
	for members, want := range map[string]string{
		`"principal": {"type": "user", "arn": "arn:aws:iam::111122223333:user/jin"}`:                                            "111122223333",
		`"principal": {"type": "user", "arn": "arn:aws:iam::111122223333:user/jin", "account": "444455556666"}`:                 "444455556666",
		`"principal": {"type": "user", "arn": "arn:aws:iam::1:user/jin", "account": "444455556666"}, "account": "999900001111"`: "999900001111",
		`"principal": {"type": "user", "arn": "arn:aws:iam::1:user/jin"}, "account": 999900001111`:                              "999900001111",
		`"principal": {"type": "service", "service": "x.amazonaws.com"}, "account": null`:                                       "",
	} {
		c := readOne(t, `"action": "a:b", "resource": "*", "expect": "allowed", `+members)
		if got := c.Request.Principal.Account; got != want {
			t.Errorf("%s: got %q, want %q", members, got, want)
		}
	}
}

// TestAbsent: what is absent stays apart from what is empty.
func TestAbsent(t *testing.T) {
	c := readOne(t, minimal+`, "boundary": null, "vpcEndpointPolicy": null, "resourceAccount": null`)
	if p := c.Policies; p.Boundary != nil || p.Endpoint != nil || p.Session != nil || p.SCPs != nil || p.RCPs != nil || p.Resource != nil {
		t.Errorf("got %+v", p)
	}
	c = readOne(t, minimal+`, "sessionPolicies": [], "boundary": {}, "org": {"scps": [[]], "rcps": []}, "groupPolicies": [{}], "identityPolicies": [{}]`)
	if p := c.Policies; p.Session == nil || len(p.Boundary) != 1 || len(p.SCPs) != 1 || p.RCPs == nil || len(p.Identity) != 2 {
		t.Errorf("got %+v", p)
	}
}

func TestContextValues(t *testing.T) {
	c := readOne(t, minimal+`, "context": {"a:one": "x", "a:list": ["x"], "a:many": ["x", "y"], "a:none": [], "a:number": 10, "a:truth": [true], "a:null": null}`)
	for key, want := range map[string]string{"a:one": "[x]", "a:list": "[x]", "a:many": "[x y]", "a:none": "[]", "a:number": "[10]", "a:truth": "[true]"} {
		got, ok := c.Request.Context.Get(key)
		if !ok || fmt.Sprint(got) != want {
			t.Errorf("%s is %v", key, got)
		}
	}
	if got, ok := c.Request.Context.Get("a:null"); ok {
		t.Errorf("null is %q", got)
	}
}

// TestUnreadablePolicy: a policy that does not parse denies.
func TestUnreadablePolicy(t *testing.T) {
	c := readOne(t, minimal+`, "resourcePolicy": "not a document"`)
	if r := c.Run(); r.OK || r.Decision != policy.ExplicitDeny || r.By != policy.Resource {
		t.Errorf("got %+v", r)
	}
	if x := c.Explain(); x.Decision != policy.ExplicitDeny || x.Policies[0].Error == "" {
		t.Errorf("got %s", x.Text())
	}
}

func TestExpectBy(t *testing.T) {
	c := readOne(t, minimal+`, "expectBy": "identity"`)
	if r := c.Run(); r.OK || r.By != policy.Resource {
		t.Errorf("got %+v", r)
	}
}
