package policy_test

import (
	"strings"
	"testing"

	"github.com/writ-iam/writ/policy"
)

// The level that lacks an Allow is told by what it is attached to, and so are both
// sides of a request from account to account.
func TestExplainOrganization(t *testing.T) {
	all := policy.Load("all", []byte(`{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`))
	some := policy.Load("some", []byte(`{"Statement": {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}}`))
	bucket := policy.Load("bucket", []byte(`{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}`))
	levels := [][]*policy.Policy{{all}, {some}, {all}}
	for _, test := range []struct {
		policies *policy.Policies
		owner    string
		want     []string
	}{
		{&policy.Policies{SCPs: levels, SCPTargets: []string{"r-ab12", "ou-ab12-11111111", "111122223333"}}, "",
			[]string{"no service control policy at level 2, ou-ab12-11111111 allows it", "scp policy some (level 2, ou-ab12-11111111)"}},
		{&policy.Policies{SCPs: levels}, "", []string{"no service control policy at level 2 allows it", "scp policy some (level 2)"}},
		{&policy.Policies{Identity: []*policy.Policy{all}}, "444455556666",
			[]string{"from account 111122223333 to account 444455556666: both have to allow it", "the resource has no policy that could let other accounts in"}},
		{&policy.Policies{Resource: bucket}, "444455556666",
			[]string{"from account 111122223333 to account 444455556666: both have to allow it\nresource policy bucket"}},
	} {
		text := test.policies.Explain(&policy.Request{
			Principal:       &policy.Principal{Type: policy.User, ARN: "arn:aws:iam::111122223333:user/jin", Account: "111122223333"},
			Action:          "s3:GetObject",
			Resource:        "arn:aws:s3:::b/k",
			ResourceAccount: test.owner,
		}).Text()
		for _, want := range test.want {
			if !strings.Contains(text, want) {
				t.Errorf("%q is not in\n%s", want, text)
			}
		}
	}
}
