package policy_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-iam/writ/policy"
)

func ExamplePolicies_Simulate() {
	policies := policy.Policies{Identity: []*policy.Policy{policy.Load("PolicyInputList.1", []byte(`{"Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]}`))}}
	s := policies.Simulate(&policy.Request{
		Principal: &policy.Principal{Type: policy.User, ARN: "arn:aws:iam::111122223333:user/jin", Account: "111122223333"},
		Action:    "sqs:SendMessage", Resource: "*",
	})
	fmt.Println(s.EvalDecision, s.MatchedStatements)
	// Output: allowed [{PolicyInputList.1 IAM Policy {1 16} {1 71}}]
}

func TestSimulationPositions(t *testing.T) {
	type position = policy.LineColumn
	for _, c := range []struct {
		name, document string
		start, end     position
	}{
		{"a lone statement", `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"a:b","Resource":"*"}}`, position{1, 38}, position{1, 85}},
		{"a list on one line", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"a:b","Resource":"*"}]}`, position{1, 38}, position{1, 86}},
		{"the second of a list", `{"Statement": [{"Effect":"Deny","Action":"x:y"}, {"Effect":"Allow","Action":"a:b","Resource":"*"}]}`, position{1, 48}, position{1, 98}},
		{"several lines", "{\n    \"Version\": \"2012-10-17\",\n    \"Statement\": [\n        {\n            \"Effect\": \"Allow\",\n            \"Action\": \"*\",\n            \"Resource\": \"*\"\n        }\n    ]\n}", position{3, 19}, position{8, 10}},
	} {
		p := &policy.Policies{Identity: []*policy.Policy{policy.Load("PolicyInputList.1", []byte(c.document))}}
		got := p.Simulate(&policy.Request{Principal: &principals[0], Action: "a:b", Resource: "*"}).MatchedStatements
		want := []policy.MatchedStatement{{SourcePolicyId: "PolicyInputList.1", SourcePolicyType: "IAM Policy", StartPosition: c.start, EndPosition: c.end}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// simulated is what a simulation says, as JSON.
func simulated(t *testing.T, p *policy.Policies, r *policy.Request) string {
	t.Helper()
	text, err := json.Marshal(p.Simulate(r))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func one(statement string) []*policy.Policy {
	return []*policy.Policy{policy.Load("p", []byte(`{"Statement":`+statement+`}`))}
}

func TestSimulate(t *testing.T) {
	const matched = `"StartPosition":{"Line":1,"Column":15},"EndPosition":{"Line":1,"Column":`
	jin, eve, root, linked := &principals[0], &principals[1], &principals[5], &principals[3]
	all, none := `{"Effect":"Allow","Action":"*","Resource":"*"}`, `{"Effect":"Allow","Action":"x:y","Resource":"*"}`
	no := `{"Effect":"Deny","Action":"*","Resource":"*"}`
	asked := `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"x:y":"true"}}}`
	for _, c := range []struct {
		name               string
		principal          *policy.Principal
		resource           string
		identity, boundary string
		resourcePolicy     string
		scps               []string
		want               string
	}{
		{"nothing said about everything", jin, "*", asked, "", "", nil,
			`{"EvalActionName":"a:b","EvalResourceName":"*","EvalDecision":"implicitDeny","MatchedStatements":[],"MissingContextValues":["x:y"]}`},
		{"missing keys stand with the resource", jin, "arn:r", asked, "", "", nil,
			`{"EvalActionName":"a:b","EvalResourceName":"arn:r","EvalDecision":"implicitDeny","MatchedStatements":[],"MissingContextValues":[],"EvalDecisionDetails":{},"ResourceSpecificResults":[{"EvalResourceName":"arn:r","EvalResourceDecision":"implicitDeny","MatchedStatements":[],"MissingContextValues":["x:y"],"EvalDecisionDetails":{}}]}`},
		{"a boundary", jin, "*", all, none, "", nil,
			`{"EvalActionName":"a:b","EvalResourceName":"*","EvalDecision":"implicitDeny","MatchedStatements":[],"MissingContextValues":[],"PermissionsBoundaryDecisionDetail":{"AllowedByPermissionsBoundary":false}}`},
		{"a boundary that allows", jin, "*", all, all, "", nil,
			`{"EvalActionName":"a:b","EvalResourceName":"*","EvalDecision":"allowed","MatchedStatements":[{"SourcePolicyId":"p","SourcePolicyType":"IAM Policy",` + matched + `60}},{"SourcePolicyId":"p","SourcePolicyType":"Permissions Boundary Policy",` + matched + `60}}],"MissingContextValues":[],"PermissionsBoundaryDecisionDetail":{"AllowedByPermissionsBoundary":true}}`},
		{"a denial", jin, "*", no, "", "", nil,
			`{"EvalActionName":"a:b","EvalResourceName":"*","EvalDecision":"explicitDeny","MatchedStatements":[{"SourcePolicyId":"p","SourcePolicyType":"IAM Policy",` + matched + `59}}],"MissingContextValues":[]}`},
		{"an SCP that does not allow", jin, "arn:r", all, "", "", []string{all, none},
			`{"EvalActionName":"a:b","EvalResourceName":"arn:r","EvalDecision":"implicitDeny","MatchedStatements":[],"MissingContextValues":[],"OrganizationsDecisionDetail":{"AllowedByOrganizations":false},"ResourceSpecificResults":[{"EvalResourceName":"arn:r","EvalResourceDecision":"implicitDeny","MatchedStatements":[],"MissingContextValues":[]}]}`},
		{"SCPs that allow", root, "*", "", "", "", []string{all, all},
			`{"EvalActionName":"a:b","EvalResourceName":"*","EvalDecision":"allowed","MatchedStatements":[],"MissingContextValues":[],"OrganizationsDecisionDetail":{"AllowedByOrganizations":true}}`},
		{"SCPs that do not apply", linked, "*", none, "", "", []string{no},
			`{"EvalActionName":"a:b","EvalResourceName":"*","EvalDecision":"implicitDeny","MatchedStatements":[],"MissingContextValues":[],"OrganizationsDecisionDetail":{"AllowedByOrganizations":true}}`},
		{"another account", eve, "arn:r", all, "", `{"Effect":"Allow","Principal":"*","Action":"*"}`, nil,
			`{"EvalActionName":"a:b","EvalResourceName":"arn:r","EvalDecision":"allowed","MatchedStatements":[{"SourcePolicyId":"r","SourcePolicyType":"Resource Policy",` + matched + `61}},{"SourcePolicyId":"p","SourcePolicyType":"IAM Policy",` + matched + `60}}],"MissingContextValues":[],"EvalDecisionDetails":{"IAM Policy":"allowed","Resource Policy":"allowed"},"ResourceSpecificResults":[{"EvalResourceName":"arn:r","EvalResourceDecision":"allowed","MatchedStatements":[{"SourcePolicyId":"r","SourcePolicyType":"Resource Policy",` + matched + `61}},{"SourcePolicyId":"p","SourcePolicyType":"IAM Policy",` + matched + `60}}],"MissingContextValues":[],"EvalDecisionDetails":{"IAM Policy":"allowed","Resource Policy":"allowed"}}]}`},
		{"another account's resource without a policy", eve, "arn:r", none, "", "", nil,
			`{"EvalActionName":"a:b","EvalResourceName":"arn:r","EvalDecision":"implicitDeny","MatchedStatements":[],"MissingContextValues":[],"EvalDecisionDetails":{"IAM Policy":"implicitDeny","Resource Policy":"implicitDeny"},"ResourceSpecificResults":[{"EvalResourceName":"arn:r","EvalResourceDecision":"implicitDeny","MatchedStatements":[],"MissingContextValues":[],"EvalDecisionDetails":{"IAM Policy":"implicitDeny","Resource Policy":"implicitDeny"}}]}`},
		{"a boundary that cannot be read", jin, "*", all, `!`, "", nil,
			`{"EvalActionName":"a:b","EvalResourceName":"*","EvalDecision":"explicitDeny","MatchedStatements":[],"MissingContextValues":[],"PermissionsBoundaryDecisionDetail":{"AllowedByPermissionsBoundary":false}}`},
		{"a policy that cannot be read", jin, "*", `!`, "", "", nil,
			`{"EvalActionName":"a:b","EvalResourceName":"*","EvalDecision":"explicitDeny","MatchedStatements":[],"MissingContextValues":[]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &policy.Policies{Identity: one(c.identity)}
			if c.boundary != "" {
				p.Boundary = one(c.boundary)
			}
			if c.resourcePolicy != "" {
				p.Resource = policy.Load("r", []byte(`{"Statement":`+c.resourcePolicy+`}`))
			}
			for _, s := range c.scps {
				p.SCPs = append(p.SCPs, one(s))
			}
			r := &policy.Request{Principal: c.principal, Action: "a:b", Resource: c.resource, ResourceAccount: "111122223333"}
			if diff := cmp.Diff(c.want, simulated(t, p, r)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSimulateRootOfAnotherAccount(t *testing.T) {
	r := &policy.Request{Principal: &principals[5], Action: "a:b", Resource: "arn:r", ResourceAccount: "444455556666"}
	got := (&policy.Policies{}).Simulate(r).EvalDecisionDetails
	want := map[string]policy.Decision{"IAM Policy": policy.Allow, "Resource Policy": policy.ImplicitDeny}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestJoinSimulations: an action on several resources is allowed if it is on
// each of them, and a Deny is what is told first.
func TestJoinSimulations(t *testing.T) {
	p := &policy.Policies{Identity: []*policy.Policy{policy.Load("p", []byte(`{"Statement":[
		{"Effect":"Allow","Action":"s3:*","Resource":["arn:aws:s3:::a","arn:aws:s3:::b","arn:aws:s3:::d"]},
		{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::d"}]}`))}}
	for _, c := range []struct {
		resources []string
		want      policy.Decision
		matched   int
	}{
		{[]string{"a"}, policy.Allow, 1},
		{[]string{"a", "b"}, policy.Allow, 1},
		{[]string{"a", "c"}, policy.ImplicitDeny, 0},
		{[]string{"c", "a"}, policy.ImplicitDeny, 0},
		{[]string{"c", "d", "a"}, policy.ExplicitDeny, 1},
		{[]string{"d", "c"}, policy.ExplicitDeny, 1},
	} {
		var list []*policy.Simulation
		for _, r := range c.resources {
			list = append(list, p.Simulate(&policy.Request{Principal: &principals[0], Action: "s3:x", Resource: "arn:aws:s3:::" + r}))
		}
		joined := policy.JoinSimulations("arn:aws:s3:::${BucketName}", list)
		if joined.EvalDecision != c.want || len(joined.MatchedStatements) != c.matched || len(joined.ResourceSpecificResults) != len(c.resources) || joined.EvalResourceName != "arn:aws:s3:::${BucketName}" {
			t.Errorf("%v: got %+v", c.resources, joined)
		}
		for i, r := range joined.ResourceSpecificResults {
			if r.EvalResourceDecision != list[i].EvalDecision {
				t.Errorf("%v: resource %d is %s", c.resources, i, r.EvalResourceDecision)
			}
		}
	}
}

// TestSimulateRules: the simulation decides as Evaluate does, and an allowed
// request shows what allowed it.
func TestSimulateRules(t *testing.T) {
	for _, c := range ruleCases(t) {
		r, s := c.Policies.Evaluate(&c.Request), c.Policies.Simulate(&c.Request)
		if s.EvalDecision != r.Decision {
			t.Errorf("%s: %s, want %s", c.ID, s.EvalDecision, r.Decision)
		}
		if r.Decision == policy.Allow && r.Statement() != nil && len(s.MatchedStatements) == 0 {
			t.Errorf("%s: shows nothing", c.ID)
		}
	}
}
