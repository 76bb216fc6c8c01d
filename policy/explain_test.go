package policy_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-iam/writ/policy"
)

func TestExplain(t *testing.T) {
	identity := `{"Version": "2012-10-17", "Id": 7, "Statement": [
{"Sid": "Other", "Effect": "Allow", "Action": ["sqs:*", "sns:*"], "Resource": "*"},
{"Effect": "Allow", "Action": "s3:*", "Resource": ["arn:aws:s3:::${aws:username}/*", "arn:aws:s3:::${x:y}"]},
{"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::b/*"},
{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "${aws:username}"}, "Bool": {"aws:SecureTransport": "true"}, "Null": {"x:z": "true"}}},
{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"Similar": {"a:b": "c"}}},
{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": 5},
{"Effect": "Allow", "NotAction": [], "Resource": "*"},
{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"},
{"Effect": "Allow", "Action": "s3:*"}]}`
	p := &policy.Policies{
		Identity: []*policy.Policy{policy.Load("mine", []byte(identity))},
		Resource: policy.Load("bucket", []byte(`{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "s3:*"}, {"Effect": "Allow", "Principal": {"AWS": "444455556666", "Service": "x"}, "Action": "s3:*"}]}`)),
		Endpoint: []*policy.Policy{policy.Load("endpoint", []byte(`{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}`))},
		SCPs:     [][]*policy.Policy{{policy.Load("full", []byte(`{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`))}},
		RCPs:     [][]*policy.Policy{{}, {policy.Load("limit", []byte(`{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:Put*", "Resource": "*"}}`))}},
	}
	c := &policy.Context{}
	c.Set("aws:username", "jin")
	c.Set("aws:SecureTransport", "false")
	x := p.Explain(&policy.Request{
		Principal: &policy.Principal{Type: policy.User, ARN: "arn:aws:iam::111122223333:user/jin", Account: "111122223333"},
		Action:    "s3:GetObject",
		Resource:  "arn:aws:s3:::b/k",
		Context:   c,
	})
	want := `implicitDeny by identity: s3:GetObject on arn:aws:s3:::b/k
rcp policy limit (level 2)
  1:15 statement 1 (Deny): does not match
    Action: the statement has ["s3:Put*"], the request ["s3:GetObject"]
scp policy full (level 1)
  1:15 statement 1 (Allow): matches
vpce policy endpoint
  1:15 statement 1 (Allow): matches
resource policy bucket
  1:16 statement 1 (Allow): matches
  1:93 statement 2 (Allow): does not match
    Principal: the statement has ["AWS:444455556666" "Service:x"], the request ["arn:aws:iam::111122223333:user/jin"]
identity policy mine
  problem at 1:33: Id: not a string
  problem at 7:69: Condition: not an object
  problem at 6:70: Similar: unknown operator
  2:1 statement 1 "Other" (Allow): does not match
    Action: the statement has ["sqs:*" "sns:*"], the request ["s3:GetObject"]
  3:1 statement 2 (Allow): does not match
    Resource: the statement has ["arn:aws:s3:::jin/*" "arn:aws:s3:::${x:y}"], the request ["arn:aws:s3:::b/k"]
  4:1 statement 3 (Allow): does not match
    NotResource: the statement has ["arn:aws:s3:::b/*"], the request ["arn:aws:s3:::b/k"]
  5:1 statement 4 (Allow): does not match
    Condition StringEquals aws:PrincipalTag/team: the statement has ["jin"], the request nothing
    Condition Bool aws:SecureTransport: the statement has ["true"], the request ["false"]
  6:1 statement 5 (Allow): does not match
    Condition Similar a:b: unknown operator
  7:1 statement 6 (Allow): does not match
    Condition: not of the form {operator: {key: values}}
  8:1 statement 7 (Allow): does not match
    Statement: an element that has no meaning keeps it from matching anything
  9:1 statement 8 (Allow): does not match
    NotAction: the statement has ["s3:*"], the request ["s3:GetObject"]
  10:1 statement 9 (Allow): does not match
    Resource: the statement does not have the element
keys that the request does not have: aws:PrincipalTag/team, x:y, x:z
`
	if diff := cmp.Diff(want, x.Text()); diff != "" {
		t.Error(diff)
	}
}

func TestExplainUnreadable(t *testing.T) {
	p := &policy.Policies{Identity: []*policy.Policy{
		policy.Load("good", []byte(`{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`)),
		policy.Load("bad", []byte("{\n oops")),
	}}
	r := &policy.Request{Principal: &policy.Principal{Type: policy.User, ARN: "arn:aws:iam::1:user/u", Account: "1"}, Action: "a:b", Resource: "*"}
	result := p.Evaluate(r)
	if result.Decision != policy.ExplicitDeny || result.By != policy.Identity || result.Policy.Name() != "bad" || result.Statement() != nil {
		t.Errorf("got %+v", result)
	}
	if result.Policy.Err() == nil || result.Policy.Document() != nil {
		t.Errorf("the policy has error %v", result.Policy.Err())
	}
	want := `explicitDeny by identity: a:b on *
identity policy good
  1:15 statement 1 (Allow): matches
identity policy bad
  denies, as it does not parse: 2:2: expected a member's name in quotes, found 'o'
`
	if diff := cmp.Diff(want, p.Explain(r).Text()); diff != "" {
		t.Error(diff)
	}
}

func TestExplainDecided(t *testing.T) {
	p := &policy.Policies{
		Identity: []*policy.Policy{policy.Load("p", []byte(`{"Statement": [{"Effect": "Deny", "Resource": "*"}, {"Effect": "Allow", "Action": "*", "Resource": "*"}]}`))},
	}
	r := &policy.Request{Principal: &policy.Principal{Type: policy.User, ARN: "arn:aws:iam::1:user/u", Account: "1"}, Action: "a:b", Resource: "*"}
	want := `allowed by identity: a:b on *
identity policy p
  1:16 statement 1 (Deny): does not match
    Action: the statement does not have the element
  1:53 statement 2 (Allow): matches and decides
`
	if diff := cmp.Diff(want, p.Explain(r).Text()); diff != "" {
		t.Error(diff)
	}
}

func TestExplainJSON(t *testing.T) {
	p := &policy.Policies{Resource: policy.Load("bucket", []byte(`{"Statement": {"Sid": "Open", "Effect": "Allow", "Principal": "*", "Action": "s3:*", "Condition": {"StringNotEquals": {"a:b": "c"}}}}`))}
	for _, principal := range []*policy.Principal{nil, {Type: policy.Service, Service: "x.amazonaws.com"}, {Type: policy.SAML, Provider: "p"}} {
		got, err := json.Marshal(p.Explain(&policy.Request{Principal: principal, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k"}))
		if err != nil {
			t.Fatal(err)
		}
		want := `{"decision":"allowed","by":"resource","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","policies":[` +
			`{"type":"resource","name":"bucket","statements":[{"index":0,"sid":"Open","effect":"Allow",` +
			`"start":{"offset":14,"line":1,"column":15},"end":{"offset":132,"line":1,"column":133},"matched":true,"decided":true}]}],"missingKeys":["a:b"]}`
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Error(diff)
		}
	}
	got, _ := json.Marshal(p.Explain(&policy.Request{Action: "sqs:X", Resource: "*"}))
	if want := `"mismatches":[{"element":"Action","policy":["s3:*"],"request":["sqs:X"]}]`; !strings.Contains(string(got), want) {
		t.Errorf("%s lacks %s", got, want)
	}
}

// TestExplainNames: how explanations call callers.
func TestExplainNames(t *testing.T) {
	p := &policy.Policies{Resource: policy.Load("bucket", []byte(`{"Statement": {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "*"}}`))}
	for want, principal := range map[string]*policy.Principal{
		"anonymous":             nil,
		"x.amazonaws.com":       {Type: policy.Service, Service: "x.amazonaws.com"},
		"accounts.google.com":   {Type: policy.WebIdentity, Provider: "accounts.google.com"},
		"arn:aws:iam::2:user/u": {Type: policy.User, ARN: "arn:aws:iam::2:user/u", Account: "2"},
	} {
		x := p.Explain(&policy.Request{Principal: principal, Action: "a:b", Resource: "*"})
		if got := x.Policies[0].Statements[0].Mismatches[0].Request[0]; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestReason(t *testing.T) {
	bucket := &policy.Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k"}
	role := &policy.Request{Action: "sts:AssumeRole", Resource: "arn:aws:iam::111122223333:role/r"}
	tests := []struct {
		result  policy.Result
		request *policy.Request
		want    string
	}{
		{policy.Result{By: policy.Identity}, bucket, "because no identity-based policy allows the s3:GetObject action"},
		{policy.Result{By: policy.Resource}, bucket, "because no resource-based policy allows the s3:GetObject action"},
		{policy.Result{By: policy.Resource}, role, "because no role trust policy allows the sts:AssumeRole action"},
		{policy.Result{By: policy.Boundary}, bucket, "because no permissions boundary allows the s3:GetObject action"},
		{policy.Result{By: policy.Session}, bucket, "because no session policy allows the s3:GetObject action"},
		{policy.Result{By: policy.SCP}, bucket, "because no service control policy allows the s3:GetObject action"},
		{policy.Result{By: policy.Endpoint}, bucket, "because no VPC endpoint policy allows the s3:GetObject action"},
		{policy.Result{Decision: policy.ExplicitDeny, By: policy.Identity}, bucket, "with an explicit deny in an identity-based policy"},
		{policy.Result{Decision: policy.ExplicitDeny, By: policy.Resource}, bucket, "with an explicit deny in a resource-based policy"},
		{policy.Result{Decision: policy.ExplicitDeny, By: policy.Resource}, role, "with an explicit deny in the role trust policy"},
		{policy.Result{Decision: policy.ExplicitDeny, By: policy.RCP}, bucket, "with an explicit deny in a resource control policy"},
		{policy.Result{Decision: policy.Allow, By: policy.Always}, bucket, ""},
	}
	for _, test := range tests {
		if got := test.result.Reason(test.request); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func TestWords(t *testing.T) {
	got, err := json.Marshal([]any{policy.Allow, policy.ExplicitDeny, policy.Decision(0), policy.IdentityAndResource, policy.Endpoint, policy.Always, policy.RoleSession, policy.SAML})
	if err != nil {
		t.Fatal(err)
	}
	if want := `["allowed","explicitDeny","implicitDeny","identity+resource","vpce","always","role-session","saml"]`; string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestExplainWithoutPolicies(t *testing.T) {
	r := &policy.Request{Principal: &policy.Principal{Type: policy.User, ARN: "arn:aws:iam::111122223333:user/ada", Account: "111122223333"}, Action: "iam:ListUsers", Resource: "*"}
	want := "implicitDeny by identity: iam:ListUsers on *\nno policy says anything about this principal or this resource\n"
	if got := new(policy.Policies).Explain(r).Text(); got != want {
		t.Errorf("%q", got)
	}
}

func TestLongListsAreCut(t *testing.T) {
	m := policy.Mismatch{Element: "Action", Policy: make([]string, 100), Request: []string{"iam:ListUsers"}}
	if got := m.String(); !strings.HasSuffix(got, `"" "" and 88 more], the request ["iam:ListUsers"]`) {
		t.Error(got)
	}
}
