package writ

import (
	"testing"

	"github.com/writ-iam/writ/audit"
	"github.com/writ-iam/writ/authz"
	"github.com/writ-iam/writ/policy"
)

const all = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`

func deny(action, rest string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"` + action + `","Resource":"*"` + rest + `}]}`
}

// A permission that was used is decided again by what is recorded of it. What is
// not recorded and may matter makes the verdict unknown, and is named.
func TestDecide(t *testing.T) {
	full := policy.Load("full", []byte(all))
	recorded := map[string][]string{"aws:RequestTag/team": {"red"}}
	tagged := `,"Condition":{"StringEquals":{"aws:RequestTag/team":"red"}}`
	const none = ""
	for _, test := range []struct {
		name, now, then string // policies beside FullAWSAccess
		reason          audit.Reason
		want            verdict
		because         string
	}{
		{"lost", none, deny("iam:*", ""), audit.Reason{Decision: "allowed"}, denied, ""},
		{"not concerned", none, deny("ec2:*", ""), audit.Reason{Decision: "allowed"}, same, ""},
		{"denied anyway", none, deny("iam:*", ""), audit.Reason{Decision: "implicitDeny", By: "identity"}, same, ""},
		{"denied now already", deny("iam:*", ""), deny("*", ""), audit.Reason{Decision: "allowed"}, same, ""},
		{"what everybody may", none, deny("iam:*", ""), audit.Reason{Decision: "allowed", By: "always"}, same, ""},
		{"won", deny("iam:*", ""), none, audit.Reason{Decision: "explicitDeny", By: "scp", Otherwise: "allowed"}, allowed, ""},
		{"won, since it was allowed before", deny("iam:*", ""), none, audit.Reason{Decision: "allowed"}, allowed, ""},
		{"denied by others as well", deny("iam:*", ""), none, audit.Reason{Decision: "explicitDeny", By: "scp", Otherwise: "implicitDeny"}, same, ""},
		{"others were not asked", deny("iam:*", ""), none, audit.Reason{Decision: "explicitDeny", By: "scp"}, unknown, noMore},
		{"still denied", deny("iam:*", ""), deny("iam:*", ""), audit.Reason{Decision: "explicitDeny", By: "scp"}, same, ""},
		{"a recorded key", none, deny("iam:*", tagged), audit.Reason{Decision: "allowed", Keys: recorded}, denied, ""},
		{"a key known to be absent", none, deny("iam:*", tagged), audit.Reason{Decision: "allowed", Keys: map[string][]string{}}, same, ""},
		{"a key not recorded", none, deny("iam:*", tagged), audit.Reason{Decision: "allowed"}, unknown, "aws:RequestTag/team was not recorded"},
		{"one that does not matter", none, deny("ec2:*", tagged), audit.Reason{Decision: "allowed"}, same, ""},
		{"one that the event tells", none, deny("iam:*", `,"Condition":{"StringEquals":{"aws:RequestedRegion":"us-east-1"}}`), audit.Reason{Decision: "allowed"}, denied, ""},
		{"a variable not recorded", none, deny("iam:*", `,"Condition":{"StringEquals":{"aws:RequestedRegion":"${aws:PrincipalTag/home}"}}`), audit.Reason{Decision: "allowed"},
			unknown, "aws:PrincipalTag/home was not recorded"},
		{"a resource by a variable", none, `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","NotResource":"arn:aws:iam::111122223333:user/${aws:PrincipalTag/name}"}]}`,
			audit.Reason{Decision: "allowed"}, unknown, "aws:PrincipalTag/name was not recorded"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := &ceilings{of: &authz.Membership{Organization: "o-1", Path: "o-1/r-1/", Management: "999999999999"}}
			for _, side := range []struct {
				text string
				to   *[][]*policy.Policy
			}{{test.now, &c.now}, {test.then, &c.then}} {
				*side.to = [][]*policy.Policy{{full}, {full}}
				if side.text != none {
					(*side.to)[1] = append((*side.to)[1], policy.Load("beside", []byte(side.text)))
				}
			}
			p := &audit.Past{Event: audit.Event{AWSRegion: "us-east-1", RecipientAccountID: "111122223333",
				UserIdentity: audit.UserIdentity{Type: "IAMUser", AccountID: "111122223333", ARN: "arn:aws:iam::111122223333:user/ann"}}}
			test.reason.Action, test.reason.Resource = "iam:CreateUser", "arn:aws:iam::111122223333:user/bob"
			if got, because := c.decide(p, p.Principal(), &test.reason); got != test.want || because != test.because {
				t.Errorf("verdict %d %q, want %d %q", got, because, test.want, test.because)
			}
		})
	}
}

// Neither service-linked roles nor sessions of other accounts are limited.
func TestUnlimited(t *testing.T) {
	c := &ceilings{of: &authz.Membership{Management: "999999999999"}, now: [][]*policy.Policy{{policy.Load("full", []byte(all))}},
		then: [][]*policy.Policy{{policy.Load("no", []byte(deny("*", "")))}}}
	p := &audit.Past{Event: audit.Event{RecipientAccountID: "111122223333", UserIdentity: audit.UserIdentity{Type: "AssumedRole", AccountID: "111122223333",
		SessionContext: &audit.SessionContext{SessionIssuer: &audit.SessionIssuer{ARN: "arn:aws:iam::111122223333:role/aws-service-role/support.amazonaws.com/AWSServiceRoleForSupport"}}}}}
	if v, _ := c.decide(p, p.Principal(), &audit.Reason{Action: "ec2:DescribeVpcs", Resource: "*", Decision: "allowed"}); v != same {
		t.Errorf("a service-linked role: verdict %d", v)
	}
}
