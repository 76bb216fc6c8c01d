package policy_test

import (
	"testing"

	"github.com/writ-iam/writ/policy"
)

// TestNoAllocations: no rule's case allocates when it is decided.
func TestNoAllocations(t *testing.T) {
	for _, c := range ruleCases(t) {
		if n := testing.AllocsPerRun(10, func() { c.Policies.Evaluate(&c.Request) }); n > 0 {
			t.Errorf("%s allocates %v times", c.ID, n)
		}
	}
}

// TestStatement: the deciding statement can be asked for.
func TestStatement(t *testing.T) {
	p := &policy.Policies{Identity: []*policy.Policy{policy.Load("p", []byte(`{"Statement": [
		{"Sid": "Broken", "Effect": "Perhaps", "Action": "*", "Resource": "*"},
		{"Sid": "Yes", "Effect": "Allow", "Action": "a:*", "Resource": "*"},
		{"Sid": "No", "Effect": "Deny", "Action": "a:c", "Resource": "*"}]}`))}}
	jin := &policy.Principal{Type: policy.User, ARN: "arn:aws:iam::1:user/jin", Account: "1"}
	for action, sid := range map[string]string{"a:b": "Yes", "a:c": "No", "x:y": ""} {
		r := p.Evaluate(&policy.Request{Principal: jin, Action: action, Resource: "*"})
		got := ""
		if s := r.Statement(); s != nil {
			got = s.Sid
		}
		if got != sid {
			t.Errorf("%s: decided by %q, want %q", action, got, sid)
		}
	}
}

// FuzzEvaluate: whatever the documents and the request, the two ways agree and
// a policy that does not parse never allows.
func FuzzEvaluate(f *testing.F) {
	f.Add(everything, everything, "s3:GetObject", "arn:aws:s3:::b/k", "a:b", "1")
	f.Add(`{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`, `{`, "a:b", "*", "", "")
	f.Add(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"a:?","Resource":"arn:a:b:c:d:${x:y,'z'}*","Condition":{"ForAllValues:ArnLikeIfExists":{"x:y":"arn:*:*:*:*:${*}"}}}}`, `{}`, "a:b", "arn:a:b:c:d:e", "x:y", "arn:a:b:c:d:e")
	f.Fuzz(func(t *testing.T, identity, resource, action, arn, key, value string) {
		c := &policy.Context{}
		c.Set(key, value)
		p := &policy.Policies{
			Identity: []*policy.Policy{policy.Load("identity", []byte(identity))},
			Resource: policy.Load("resource", []byte(resource)),
		}
		for i := range principals {
			r := &policy.Request{Principal: &principals[i], Action: action, Resource: arn, ResourceAccount: "111122223333", Context: c}
			result := p.Evaluate(r)
			checkExplanation(t, p, r, result)
			if p.Resource.Err() != nil && result.Decision != policy.ExplicitDeny && result.By != policy.Always {
				t.Errorf("%s by %s although the resource policy does not parse", result.Decision, result.By)
			}
		}
	})
}

func BenchmarkRules(b *testing.B) {
	cases := ruleCases(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		c := cases[i%len(cases)]
		c.Policies.Evaluate(&c.Request)
	}
}

func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	b.SetBytes(int64(len(everything)))
	for b.Loop() {
		policy.Load("p", []byte(everything))
	}
}
