package policytest_test

import (
	"os"
	"strings"
	"testing"

	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/policy/policytest"
)

func TestReadRequest(t *testing.T) {
	const asked = `"principal": {"type": "anonymous"}, "action": "a:b", "resource": "*"`
	for name, data := range map[string]string{
		"an object":         "{" + asked + "}",
		"a list of one":     "[{" + asked + "}]",
		"with expect":       "{" + asked + `, "expect": "implicitDeny"}`,
		"yaml":              "principal: {type: anonymous}\naction: a:b\nresource: '*'\n",
		"yaml, list of one": "- {" + asked + "}\n",
	} {
		c, err := policytest.ReadRequest([]byte(data), os.ReadFile)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if r := c.Policies.Evaluate(&c.Request); r.Decision != policy.ImplicitDeny || c.Request.Action != "a:b" {
			t.Errorf("%s: got %+v", name, c.Request)
		}
	}
	for data, want := range map[string]string{
		"":                        "no cases",
		"5":                       "cannot unmarshal number",
		"[]":                      "one request is wanted",
		"[{}, {}]":                "one request is wanted",
		"{" + asked + `, "x": 1}`: `unknown field "x"`,
		`{"action": "a:b"}`:       "action or resource is missing",
	} {
		if _, err := policytest.ReadRequest([]byte(data), os.ReadFile); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", data, err, want)
		}
	}
}
