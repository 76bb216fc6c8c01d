package policy_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-iam/writ/policy"
)

func TestAdvice(t *testing.T) {
	at := policy.Position{Line: 3, Column: 5}
	for _, c := range []struct {
		name    string
		changes []policy.Change
		want    string
	}{
		{"nothing can", nil, "no statement can: the principal, action or resource is not one that policies can name\n"},
		{"an Allow is lacking", []policy.Change{{Type: policy.SCP, Level: 2, Statements: []json.RawMessage{json.RawMessage(`{"Effect":"Allow"}`)}}},
			"1. No service control policy at level 2 allows it. Add:\n    {\n        \"Effect\": \"Allow\"\n    }\n"},
		{"a policy is broken", []policy.Change{{Type: policy.Identity, Denial: &policy.Denial{Policy: "p", Error: "1:1: nonsense"}}},
			"1. The identity policy p does not parse, and so denies. Repair it: 1:1: nonsense\n"},
		{"a Deny in words", []policy.Change{{Type: policy.Boundary, Denial: &policy.Denial{Policy: "p", Statement: 1, Sid: "No", Start: at}}},
			"1. The permissions boundary p denies it with statement 2 \"No\" at 3:5. Except the principal, action and resource of this request from it.\n"},
		{"a Deny of nothing else", []policy.Change{{Type: policy.Session, Denial: &policy.Denial{Policy: "p", Start: at}, Statements: []json.RawMessage{}}},
			"1. The session policy p denies it with statement 1 at 3:5. It denies nothing else: take it out.\n"},
		{"a Deny with an exception, not JSON", []policy.Change{{Type: policy.RCP, Denial: &policy.Denial{Policy: "p", Start: at}, Statements: []json.RawMessage{json.RawMessage("?")}}},
			"1. The resource control policy p denies it with statement 1 at 3:5. To except just this request, put in its place:\n?\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff("What would allow it\n"+c.want, policy.Advice(c.changes)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
