package policy_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-iam/writ/internal/plain"
	"github.com/writ-iam/writ/policy"
)

func ExamplePolicies_Suggest() {
	var policies policy.Policies
	request := policy.Request{
		Principal: &policy.Principal{Type: policy.User, ARN: "arn:aws:iam::111122223333:user/jin", Account: "111122223333"},
		Action:    "sqs:SendMessage",
		Resource:  "arn:aws:sqs:eu-west-1:444455556666:jobs", ResourceAccount: "444455556666",
	}
	for _, change := range policies.Suggest(&request) {
		fmt.Printf("%s: %s\n", change.Type, change.Statements)
	}
	// Output:
	// identity: [{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"arn:aws:sqs:eu-west-1:444455556666:jobs"}]
	// resource: [{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/jin"},"Action":"sqs:SendMessage","Resource":"arn:aws:sqs:eu-west-1:444455556666:jobs"}]
}

// TestRandomSuggestions: with the changes made to the documents, the request is
// allowed, and no other that was not allowed before.
func TestRandomSuggestions(t *testing.T) {
	denied, suggested, written := 0, 0, 0
	for seed := range uint64(*randomCases / 20) {
		w := generator{rand.New(rand.NewPCG(seed, 3))}.world()
		w.Keys["aws:principalarn"] = []string{principalARN(&w.Principal)}
		policies, request := w.compile()
		before := policies.Evaluate(request)
		changes := policies.Suggest(request)
		if before.Decision == policy.Allow {
			if changes != nil {
				t.Fatalf("seed %d: allowed, and yet %+v", seed, changes)
			}
			continue
		}
		denied++
		if changes == nil {
			continue
		}
		suggested++
		if slices.ContainsFunc(changes, func(c policy.Change) bool { return c.Statements == nil }) {
			continue
		}
		written++
		changed := w.with(t, changes)
		if after := changed.evaluate(); after.Decision != policy.Allow {
			t.Fatalf("seed %d: %s by %s after %s\n%+v", seed, after.Decision, after.By, marshal(changes), w)
		}
		for _, other := range neighbours(&w) {
			other.isNotAllowedBy(t, changes)
		}
		if w.Principal.ARN != "" && w.Principal.Type != policy.RootUser {
			w.otherCaller().isNotAllowedBy(t, slices.DeleteFunc(changes, ofCaller))
		}
	}
	t.Logf("%d denied, %d with suggestions, %d of them written out", denied, suggested, written)
	if suggested < denied*95/100 || written < denied/2 {
		t.Errorf("%d denied, %d with suggestions, %d of them written out", denied, suggested, written)
	}
}

func principalARN(p *policy.Principal) string {
	if p.RoleARN != "" {
		return p.RoleARN
	}
	return p.ARN
}

func (w *world) isNotAllowedBy(t *testing.T, changes []policy.Change) {
	t.Helper()
	after := w.with(t, changes)
	if w.evaluate().Decision != policy.Allow && after.evaluate().Decision == policy.Allow {
		t.Fatalf("%s on %s by %+v is allowed too after %s\n%+v", w.Action, w.Resource, w.Principal, marshal(changes), w)
	}
}

// neighbours are requests that differ in the action or in the resource.
func neighbours(w *world) []*world {
	var list []*world
	add := func(action, resource string) {
		other := *w
		other.Action, other.Resource = action, resource
		list = append(list, &other)
	}
	// "*" stands for all resources, and a trust policy has no Resource.
	resources := w.Resource != "*" && !strings.HasPrefix(w.Action, "sts:")
	for _, r := range requests {
		if !strings.EqualFold(r[0], w.Action) {
			add(r[0], w.Resource)
		}
		if r[1] != w.Resource && resources {
			add(w.Action, r[1])
		}
	}
	if resources {
		add(w.Action, w.Resource+"2")
		add(w.Action, strings.ReplaceAll(w.Resource, "*", "x")+"y")
	}
	return list
}

// otherCaller is another caller with the same policies.
func (w *world) otherCaller() *world {
	other := *w
	other.Principal.ARN += "2"
	other.Principal.RoleARN += "2"
	other.Keys = maps.Clone(w.Keys)
	other.Keys["aws:principalarn"] = []string{principalARN(&w.Principal) + "2"}
	return &other
}

// ofCaller tells which changes are of the caller's own policies, or lift a
// ceiling for its whole account: they say nothing of others.
func ofCaller(c policy.Change) bool {
	switch c.Type {
	case policy.Resource, policy.Endpoint, policy.RCP:
		return false
	case policy.SCP:
		return c.Denial == nil
	}
	return true
}

// with makes the changes to the documents.
func (w world) with(t *testing.T, changes []policy.Change) world {
	w.Identity, w.Boundary, w.Session, w.Endpoint = slices.Clone(w.Identity), slices.Clone(w.Boundary), slices.Clone(w.Session), slices.Clone(w.Endpoint)
	for _, levels := range []*[][]string{&w.SCPs, &w.RCPs} {
		*levels = slices.Clone(*levels)
		for i := range *levels {
			(*levels)[i] = slices.Clone((*levels)[i])
		}
	}
	lists := map[policy.Type]*[]string{policy.Identity: &w.Identity, policy.Boundary: &w.Boundary, policy.Session: &w.Session, policy.Endpoint: &w.Endpoint}
	for _, c := range changes {
		list := lists[c.Type]
		switch {
		case c.Type == policy.Resource:
			if w.ResourcePolicy == "" {
				w.ResourcePolicy = `{"Version": "2012-10-17", "Statement": []}`
			}
			w.ResourcePolicy = edit(t, w.ResourcePolicy, c)
			continue
		case c.Type == policy.SCP:
			list = &w.SCPs[c.Level-1]
		case c.Type == policy.RCP:
			list = &w.RCPs[c.Level-1]
		}
		if c.Denial == nil {
			*list = append(*list, edit(t, `{"Version": "2012-10-17", "Statement": []}`, c))
			continue
		}
		n, err := strconv.Atoi(c.Denial.Policy)
		if err != nil {
			t.Fatal(err)
		}
		doc := &(*list)[n-1]
		*doc = edit(t, *doc, c)
	}
	return w
}

// edit adds statements to a document; one that they replace becomes {}.
func edit(t *testing.T, document string, c policy.Change) string {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal([]byte(document), &doc); err != nil {
		t.Fatal(err)
	}
	list := plain.OneOrMany(doc["Statement"])
	if c.Denial != nil {
		list[c.Denial.Statement] = object{}
	}
	for _, s := range c.Statements {
		list = append(list, s)
	}
	doc["Statement"] = list
	return marshal(doc)
}

func suggestions(t *testing.T, p *policy.Policies, r *policy.Request) string {
	t.Helper()
	var b strings.Builder
	for _, c := range p.Suggest(r) {
		fmt.Fprintf(&b, "%s", c.Type)
		if c.Level > 0 {
			fmt.Fprintf(&b, " level %d", c.Level)
		}
		if d := c.Denial; d != nil {
			fmt.Fprintf(&b, " %s[%d]", d.Policy, d.Statement)
		}
		if c.Statements == nil {
			b.WriteString(" cannot be written")
		}
		b.WriteString("\n")
		for _, s := range c.Statements {
			fmt.Fprintf(&b, "  %s\n", s)
		}
	}
	return b.String()
}

// TestSuggest: one case for each way to deny. The policies are statements.
func TestSuggest(t *testing.T) {
	jin := &policy.Principal{Type: policy.User, ARN: "arn:aws:iam::111122223333:user/jin", Account: "111122223333"}
	github := &policy.Principal{Type: policy.WebIdentity, Provider: "arn:aws:iam::111122223333:oidc-provider/token.example"}
	all := `{"Effect":"Allow","Action":"*","Resource":"*"}`
	type keys map[string]string
	arn := keys{"aws:PrincipalArn": jin.ARN}
	for _, c := range []struct {
		name                                         string
		principal                                    *policy.Principal
		action, resource                             string
		keys                                         keys
		identity, boundary, resourcePolicy, scp, rcp string
		want                                         string
	}{
		{"escapes", jin, "ec2:RunInstances", "arn:aws:ec2:eu-west-1:111122223333:instance/*${x}?", nil, "", "", "", "", "",
			"identity\n  {\"Effect\":\"Allow\",\"Action\":\"ec2:RunInstances\",\"Resource\":\"arn:aws:ec2:eu-west-1:111122223333:instance/${*}${$}{x}${?}\"}\n"},
		{"every lacking side", jin, "s3:ListAllMyBuckets", "*", nil, "", `{"Effect":"Allow","Action":"sqs:*","Resource":"*"}`, "", `{"Effect":"Allow","Action":"sqs:*","Resource":"*"}`, "",
			"scp level 1\n  {\"Effect\":\"Allow\",\"Action\":\"s3:ListAllMyBuckets\",\"Resource\":\"*\"}\nidentity\n  {\"Effect\":\"Allow\",\"Action\":\"s3:ListAllMyBuckets\",\"Resource\":\"*\"}\nboundary\n  {\"Effect\":\"Allow\",\"Action\":\"s3:ListAllMyBuckets\",\"Resource\":\"*\"}\n"},
		{"nothing for a pattern of actions", jin, "s3:*", "*", nil, "", "", "", "", "", ""},
		{"nothing for what is no resource", jin, "s3:GetObject", "bucket", nil, "", "", "", "", "", ""},
		{"nothing for a principal that has no name", &policy.Principal{Type: policy.Service}, "s3:GetObject", "arn:aws:s3:::b/k", nil, "", "", "", "", "", ""},
		{"a service acts for somebody", &policy.Principal{Type: policy.Service, Service: "sns.amazonaws.com"}, "sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:q", keys{"aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:t", "aws:SecureTransport": "true"}, "", "", "", "", "",
			"resource\n  {\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"sns.amazonaws.com\"},\"Action\":\"sqs:SendMessage\",\"Resource\":\"arn:aws:sqs:eu-west-1:111122223333:q\",\"Condition\":{\"StringEquals\":{\"aws:SourceArn\":\"arn:aws:sns:eu-west-1:111122223333:t\"}}}\n"},
		{"who signs in, and no resource in a trust policy", github, "sts:AssumeRoleWithWebIdentity", "arn:aws:iam::111122223333:role/ci", keys{"token.example:sub": "repo:a/b", "token.example:aud": "sts"}, "", "", "", "", "",
			"resource\n  {\"Effect\":\"Allow\",\"Principal\":{\"Federated\":\"arn:aws:iam::111122223333:oidc-provider/token.example\"},\"Action\":\"sts:AssumeRoleWithWebIdentity\",\"Condition\":{\"StringEquals\":{\"token.example:aud\":\"sts\",\"token.example:sub\":\"repo:a/b\"}}}\n"},
		{"everybody", nil, "s3:GetObject", "arn:aws:s3:::b/k", nil, "", "", "", "", "",
			"resource\n  {\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::b/k\"}\n"},
		{"any session of a role", &policy.Principal{Type: policy.RoleSession, RoleARN: "arn:aws:iam::444455556666:role/app", Account: "444455556666"}, "s3:GetObject", "arn:aws:s3:::b/k", nil, all, "", "", "", "",
			"resource\n  {\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::444455556666:role/app\"},\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::b/k\"}\n"},
		{"a denial of just this", jin, "s3:GetObject", "arn:aws:s3:::b/k", nil, all + `,{"Effect":"Deny","Action":"s3:getobject","Resource":"arn:aws:s3:::b/k"}`, "", "", "", "",
			"identity p[1]\n"},
		{"a denial of everything", jin, "s3:GetObject", "arn:aws:s3:::b/k", nil, all + `,{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringLike":{"aws:username":"*","x:y":["1",2]},"Null":{"a:b":true}}}`, "", "", "", "", ""},
		{"a denial of everything that applies", jin, "s3:GetObject", "arn:aws:s3:::b/k", nil, all + `,{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Null":{"a:b":true}}}`, "", "", "", "",
			"identity p[1]\n  {\"Effect\":\"Deny\",\"NotAction\":\"s3:GetObject\",\"Resource\":[\"*\"],\"Condition\":{\"Null\":{\"a:b\":[\"true\"]}}}\n  {\"Effect\":\"Deny\",\"Action\":\"s3:GetObject\",\"NotResource\":\"arn:aws:s3:::b/k\",\"Condition\":{\"Null\":{\"a:b\":[\"true\"]}}}\n"},
		{"a denial with exceptions", jin, "s3:GetObject", "arn:aws:s3:::b/k", nil, all + `,{"Effect":"Deny","NotAction":"sqs:*","NotResource":"arn:aws:s3:::c"}`, "", "", "", "",
			"identity p[1]\n  {\"Effect\":\"Deny\",\"NotAction\":[\"sqs:*\",\"s3:GetObject\"],\"NotResource\":[\"arn:aws:s3:::c\"]}\n  {\"Effect\":\"Deny\",\"Action\":\"s3:GetObject\",\"NotResource\":[\"arn:aws:s3:::c\",\"arn:aws:s3:::b/k\"]}\n"},
		{"some of the actions and resources", jin, "s3:GetObject", "arn:aws:s3:::b/k", nil, all + `,{"Effect":"Deny","Action":["s3:GetObject","s3:PutObject"],"Resource":["arn:aws:s3:::b/k","arn:aws:s3:::b/l"]}`, "", "", "", "",
			"identity p[1]\n  {\"Effect\":\"Deny\",\"Action\":[\"s3:PutObject\"],\"Resource\":[\"arn:aws:s3:::b/k\",\"arn:aws:s3:::b/l\"]}\n  {\"Effect\":\"Deny\",\"Action\":\"s3:GetObject\",\"Resource\":[\"arn:aws:s3:::b/l\"]}\n"},
		{"a pattern of actions", jin, "s3:GetObject", "arn:aws:s3:::b/k", nil, all + `,{"Sid":"No","Effect":"Deny","Action":"s3:*","Resource":"*"}`, "", "", "", "", "identity p[1] cannot be written\n"},
		{"a pattern beside the action", jin, "s3:GetObject", "arn:aws:s3:::b/k", nil, all + `,{"Effect":"Deny","Action":["s3:GetObject","s3:Get*"],"Resource":"*"}`, "", "", "", "", "identity p[1] cannot be written\n"},
		{"a pattern of resources", jin, "s3:GetObject", "arn:aws:s3:::b/k", nil, all + `,{"Effect":"Deny","Action":"*","Resource":"arn:aws:s3:::b/*"}`, "", "", "", "", "identity p[1] cannot be written\n"},
		{"all resources for an action without", jin, "s3:ListAllMyBuckets", "*", nil, all + `,{"Effect":"Deny","Action":"*","Resource":"*"}`, "", "", "", "", "identity p[1] cannot be written\n"},
		{"both an element and its opposite", jin, "s3:GetObject", "arn:aws:s3:::b/k", nil, all + `,{"Effect":"Deny","Action":"*","Resource":"*","NotResource":"arn:aws:s3:::c"}`, "", "", "", "", "identity p[1] cannot be written\n"},
		{"two denials", jin, "s3:GetObject", "arn:aws:s3:::b/k", nil, all + `,{"Effect":"Deny","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/k"},{"Effect":"Deny","Action":"s3:Get*","Resource":"*"}`, "", "", "", "", "identity p[1]\nidentity p[2] cannot be written\n"},
		{"a policy that does not parse", jin, "s3:GetObject", "arn:aws:s3:::b/k", nil, `{`, "", "", "", "",
			"identity p[-1] cannot be written\nidentity\n  {\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::b/k\"}\n"},
		{"others stay denied", jin, "s3:GetObject", "arn:aws:s3:::b/k", arn, all, "", "", all + `,{"Effect":"Deny","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/k","Condition":{"StringNotEquals":{"x:y":"z"}}}`, "",
			"scp level 1 p[1]\n  {\"Effect\":\"Deny\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::b/k\",\"Condition\":{\"StringNotEquals\":{\"aws:PrincipalArn\":[\"arn:aws:iam::111122223333:user/jin\"],\"x:y\":[\"z\"]}}}\n"},
		{"who the caller is cannot be told", jin, "s3:GetObject", "arn:aws:s3:::b/k", nil, all, "", "", "", `{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/k"}`, "rcp level 1 p[0] cannot be written\n"},
		{"callers are told apart already", jin, "s3:GetObject", "arn:aws:s3:::b/k", arn, all, "", "", "", `{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/k","Condition":{"StringNotEquals":{"AWS:principalarn":"x"}}}`, "rcp level 1 p[0] cannot be written\n"},
		{"the resource's own policy", jin, "s3:GetObject", "arn:aws:s3:::b/k", arn, all, "", `{"Effect":"Deny","Principal":"*","Action":"s3:GetObject"}`, "", "",
			"resource p[0]\n  {\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\",\"NotResource\":\"arn:aws:s3:::b/k\"}\n  {\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::b/k\",\"Condition\":{\"StringNotEquals\":{\"aws:PrincipalArn\":[\"arn:aws:iam::111122223333:user/jin\"]}}}\n"},
		{"a trust policy", jin, "sts:AssumeRole", "arn:aws:iam::111122223333:role/r", arn, all, "", `{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"},{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}`, "", "",
			"resource p[1]\n  {\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"sts:AssumeRole\",\"Condition\":{\"StringNotEquals\":{\"aws:PrincipalArn\":[\"arn:aws:iam::111122223333:user/jin\"]}}}\n"},
		{"other actions of a trust policy", jin, "sts:AssumeRole", "arn:aws:iam::111122223333:role/r", arn, all, "", `{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"},{"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::111122223333:user/jin"},"Action":["sts:AssumeRole","sts:TagSession"]}`, "", "",
			"resource p[1]\n  {\"Effect\":\"Deny\",\"Principal\":{\"AWS\":[\"arn:aws:iam::111122223333:user/jin\"]},\"Action\":[\"sts:TagSession\"]}\n"},
		{"a denial of the caller alone", jin, "s3:GetObject", "arn:aws:s3:::b/k", nil, all, "", `{"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::111122223333:user/jin"},"Action":["s3:GetObject","s3:Put*"],"Resource":"arn:aws:s3:::b/k"}`, "", "",
			"resource p[0]\n  {\"Effect\":\"Deny\",\"Principal\":{\"AWS\":[\"arn:aws:iam::111122223333:user/jin\"]},\"Action\":[\"s3:Put*\"],\"Resource\":[\"arn:aws:s3:::b/k\"]}\n"},
		{"a denial of everybody else", jin, "s3:GetObject", "arn:aws:s3:::b/k", arn, all, "", `{"Effect":"Deny","NotPrincipal":{"AWS":"444455556666"},"Action":"*","Resource":"arn:aws:s3:::b/k"}`, "", "",
			"resource p[0]\n  {\"Effect\":\"Deny\",\"NotPrincipal\":{\"AWS\":[\"444455556666\"]},\"NotAction\":\"s3:GetObject\",\"Resource\":[\"arn:aws:s3:::b/k\"]}\n  {\"Effect\":\"Deny\",\"NotPrincipal\":{\"AWS\":[\"444455556666\"]},\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::b/k\",\"Condition\":{\"StringNotEquals\":{\"aws:PrincipalArn\":[\"arn:aws:iam::111122223333:user/jin\"]}}}\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			load := func(statements string) *policy.Policy {
				if statements == "{" {
					return policy.Load("p", []byte(statements))
				}
				return policy.Load("p", []byte(`{"Version":"2012-10-17","Statement":[`+statements+`]}`))
			}
			p := &policy.Policies{Identity: []*policy.Policy{load(c.identity)}}
			if c.boundary != "" {
				p.Boundary = []*policy.Policy{load(c.boundary)}
			}
			if c.resourcePolicy != "" {
				p.Resource = load(c.resourcePolicy)
			}
			if c.scp != "" {
				p.SCPs = [][]*policy.Policy{{load(c.scp)}}
			}
			if c.rcp != "" {
				p.RCPs = [][]*policy.Policy{{load(c.rcp)}}
			}
			context := &policy.Context{}
			for k, v := range c.keys {
				context.Set(k, v)
			}
			r := &policy.Request{Principal: c.principal, Action: c.action, Resource: c.resource, Context: context, ResourceAccount: "111122223333"}
			if diff := cmp.Diff(c.want, suggestions(t, p, r)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// FuzzSuggest: whatever the documents, suggestions come to an end.
func FuzzSuggest(f *testing.F) {
	f.Add(everything, everything, "s3:GetObject", "arn:aws:s3:::b/k")
	f.Add(`{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}`, `{`, "a:b", "arn:aws:a:::${b}")
	f.Fuzz(func(t *testing.T, identity, resource, action, arn string) {
		p := &policy.Policies{
			Identity: []*policy.Policy{policy.Load("identity", []byte(identity))},
			Resource: policy.Load("resource", []byte(resource)),
		}
		for i := range principals {
			r := &policy.Request{Principal: &principals[i], Action: action, Resource: arn, ResourceAccount: "111122223333"}
			changes := p.Suggest(r)
			if p.Evaluate(r).Decision == policy.Allow && changes != nil {
				t.Errorf("allowed, and yet %+v", changes)
			}
			for _, c := range changes {
				for _, s := range c.Statements {
					if _, err := policy.Parse([]byte(`{"Statement":` + string(s) + `}`)); err != nil {
						t.Errorf("%s: %v", s, err)
					}
				}
			}
		}
	})
}
