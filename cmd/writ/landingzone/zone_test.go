package landingzone

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestDefault(t *testing.T) {
	z, err := Parse(Default, "ops+{name}@example.com")
	if err != nil {
		t.Fatal(err)
	}
	if got := z.Root.Units[0].Accounts[1].Email; got != "ops+audit@example.com" {
		t.Errorf("address %s", got)
	}
	for _, p := range z.Policies {
		if len(p.content) > 10240 {
			t.Errorf("policy %s has %d characters, AWS takes 10,240", p.Name, len(p.content))
		}
	}
	var lock struct {
		Statement []struct {
			Condition map[string]map[string][]string
		}
	}
	if err := json.Unmarshal([]byte(z.policy("region-lock").content), &lock); err != nil {
		t.Fatal(err)
	}
	if got := lock.Statement[0].Condition["StringNotEquals"]["aws:RequestedRegion"]; len(got) != len(z.Regions) {
		t.Errorf("regions %v", got)
	}
}

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"":                                      "EOF",
		"root: [":                               "line 1",
		"rot: {}":                               "line 1: field rot not found",
		"root: {name: Top}":                     "the root has no name",
		"email: a\n---\nemail: b":               "more than one document",
		"breakGlass: {}":                        "the role has no name",
		"policies: [{name: a}]":                 "policy a: ",
		"policies: [{}]":                        "policy 1 has no name",
		"root: {units: [{}]}":                   "a unit in the root has no name",
		"root: {units: [{name: a/b}]}":          "names of units have no slash",
		"root: {units: [{name: a}, {name: a}]}": "two units in the root are named a",
		"root: {accounts: [{}]}":                "an account in the root has no name",
		"root: {accounts: [{name: a}, {name: a}]}":                                                   "two accounts are named a",
		"root: {accounts: [{name: a, email: x}, {name: b, email: X}]}":                               "two accounts have the address X",
		"root: {accounts: [{name: a, policies: [p]}]}":                                               "account a has the policy p, which the file does not describe",
		"policies: [{name: a, statements: [{Effect: Deny, Action: '*', Resource: '*'}]}, {name: a}]": "two policies are named a",
	} {
		if _, err := Parse([]byte(text), ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}
