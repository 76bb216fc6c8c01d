package account_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/policy/account"
)

// dump is an account as the AWS CLI shows it, with documents in all three forms.
const dump = `{
  "UserDetailList": [
    {"Path": "/", "UserName": "jin", "UserId": "AIDAJIN", "Arn": "arn:aws:iam::111122223333:user/team/jin", "CreateDate": "2026-01-01T00:00:00+00:00",
     "UserPolicyList": [{"PolicyName": "own", "PolicyDocument": {"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}}],
     "GroupList": ["devs"], "AttachedManagedPolicies": [], "Tags": [{"Key": "team", "Value": "red"}, {"Key": "note", "Value": ""}],
     "PermissionsBoundary": {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": "arn:aws:iam::111122223333:policy/limit"}}
  ],
  "GroupDetailList": [
    {"GroupName": "devs", "Arn": "arn:aws:iam::111122223333:group/devs",
     "GroupPolicyList": [{"PolicyName": "queues", "PolicyDocument": "%7B%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22sqs%3A%2A%22%2C%22Resource%22%3A%22%2A%22%7D%7D"}],
     "AttachedManagedPolicies": [{"PolicyName": "ReadOnly", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnly"}]}
  ],
  "RoleDetailList": [
    {"RoleName": "ops", "RoleId": "AROAOPS", "Arn": "arn:aws:iam::111122223333:role/team/ops", "Tags": [{"Key": "team", "Value": "blue"}],
     "AssumeRolePolicyDocument": "{\"Statement\": {\"Effect\": \"Allow\", \"Principal\": {\"AWS\": \"arn:aws:iam::111122223333:user/team/jin\"}, \"Action\": \"sts:AssumeRole\"}}",
     "RolePolicyList": [{"PolicyName": "work", "PolicyDocument": {"Statement": {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}}}],
     "AttachedManagedPolicies": [{"PolicyName": "limit", "PolicyArn": "arn:aws:iam::111122223333:policy/limit"}]},
    {"RoleName": "AWSServiceRoleForX", "RoleId": "AROAX", "Arn": "arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX",
     "AssumeRolePolicyDocument": {"Statement": {"Effect": "Allow", "Principal": {"Service": "x.amazonaws.com"}, "Action": "sts:AssumeRole"}},
     "RolePolicyList": [], "AttachedManagedPolicies": []}
  ],
  "Policies": [
    {"PolicyName": "limit", "Arn": "arn:aws:iam::111122223333:policy/limit", "DefaultVersionId": "v2",
     "PolicyVersionList": [
       {"VersionId": "v2", "IsDefaultVersion": true, "Document": {"Statement": {"Effect": "Allow", "Action": ["s3:Get*", "sqs:*"], "Resource": "*"}}},
       {"VersionId": "v1", "IsDefaultVersion": false, "Document": {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}}]}
  ],
  "IsTruncated": false
}`

const organizations = `{"Organizations": {
  "Organization": {"Id": "o-1", "MasterAccountId": "999999999999"},
  "Root": {"Id": "r-1", "Policies": ["p-FullAWSAccess", "p-RCPFullAWSAccess"],
    "Accounts": [{"Id": "999999999999", "Policies": ["p-FullAWSAccess"]}],
    "OrganizationalUnits": [
      {"Id": "ou-1", "Policies": ["p-FullAWSAccess"]},
      {"Id": "ou-2", "Policies": ["p-FullAWSAccess", "p-noqueues", "p-nokeys"], "Accounts": [{"Id": "111122223333", "Policies": ["p-FullAWSAccess"]}]}]},
  "Policies": [
    {"Policy": {"PolicySummary": {"Id": "p-noqueues", "Type": "SERVICE_CONTROL_POLICY"}, "Content": "{\"Statement\": {\"Effect\": \"Deny\", \"Action\": \"sqs:*\", \"Resource\": \"*\"}}"}},
    {"PolicySummary": {"Id": "p-nokeys", "Type": "RESOURCE_CONTROL_POLICY"}, "Content": {"Statement": {"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*"}}}]
}}`

func parse(t *testing.T, texts ...string) *account.Details {
	t.Helper()
	all := &account.Details{}
	for _, text := range texts {
		d, err := account.Parse([]byte(text))
		if err == nil {
			err = all.Add(d)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func managed(arn string) (string, bool) {
	return `{"Statement": {"Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*"}}`, arn == "arn:aws:iam::aws:policy/ReadOnly"
}

func directory(t *testing.T, texts ...string) *account.Directory {
	return account.NewDirectory(parse(t, texts...), managed)
}

func ExampleDirectory_Complete() {
	details, err := account.Parse([]byte(dump))
	if err != nil {
		fmt.Println(err)
		return
	}
	var policies policy.Policies
	request := policy.Request{
		Principal: &policy.Principal{Type: policy.User, ARN: "arn:aws:iam::111122223333:user/team/jin", Account: "111122223333"},
		Action:    "s3:PutObject", Resource: "arn:aws:s3:::b/k",
	}
	if err := account.NewDirectory(details, managed).Complete(&policies, &request); err != nil {
		fmt.Println(err)
		return
	}
	result := policies.Evaluate(&request)
	fmt.Println(result.Decision, "by", result.By)
	// Output: implicitDeny by boundary
}

var (
	jin    = policy.Principal{Type: policy.User, ARN: "arn:aws:iam::111122223333:user/team/jin", Account: "111122223333"}
	ops    = policy.Principal{Type: policy.RoleSession, ARN: "arn:aws:sts::111122223333:assumed-role/ops/amy", Account: "111122223333"}
	linked = policy.Principal{Type: policy.RoleSession, ARN: "arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForX/x", Account: "111122223333"}
	bob    = policy.Principal{Type: policy.FederatedUser, ARN: "arn:aws:sts::111122223333:federated-user/bob", UserARN: jin.ARN, Account: "111122223333"}
	root   = policy.Principal{Type: policy.RootUser, ARN: "arn:aws:iam::111122223333:root", Account: "111122223333"}
	rooted = policy.Principal{Type: policy.FederatedUser, ARN: "arn:aws:sts::111122223333:federated-user/admin", UserARN: root.ARN, Account: "111122223333"}
)

func TestComplete(t *testing.T) {
	const role = "arn:aws:iam::111122223333:role/team/ops"
	for _, c := range []struct {
		who              policy.Principal
		action, resource string
		want             string
		inOrganization   string
	}{
		{jin, "s3:GetObject", "arn:aws:s3:::b/k", "allowed by identity", "allowed by identity"},
		{jin, "s3:PutObject", "arn:aws:s3:::b/k", "implicitDeny by boundary", "implicitDeny by boundary"},
		{jin, "sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:q", "allowed by identity", "explicitDeny by scp"},
		{jin, "ec2:DescribeVpcs", "*", "implicitDeny by boundary", "implicitDeny by boundary"},
		{jin, "sts:AssumeRole", role, "allowed by resource", "allowed by resource"},
		{ops, "sts:AssumeRole", role, "implicitDeny by resource", "implicitDeny by resource"},
		{ops, "kms:ListKeys", "*", "allowed by identity", "explicitDeny by rcp"},
		{ops, "s3:GetObject", "arn:aws:s3:::b/k", "allowed by identity", "allowed by identity"},
		{linked, "sqs:SendMessage", "*", "implicitDeny by identity", "implicitDeny by identity"},
		{bob, "s3:GetObject", "*", "implicitDeny by session", "implicitDeny by session"},
		{root, "sqs:SendMessage", "*", "allowed by root", "explicitDeny by scp"},
		{rooted, "sqs:SendMessage", "*", "implicitDeny by session", "explicitDeny by scp"},
		{policy.Principal{Type: policy.Service, Service: "x.amazonaws.com"}, "sts:AssumeRole", "arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX", "allowed by resource", "allowed by resource"},
		{policy.Principal{}, "s3:GetObject", "*", "implicitDeny by resource", "implicitDeny by resource"},
	} {
		for _, against := range []struct {
			want  string
			texts []string
		}{{c.want, []string{dump}}, {c.inOrganization, []string{dump, organizations}}} {
			who, p := c.who, policy.Policies{}
			r := policy.Request{Principal: &who, Action: c.action, Resource: c.resource}
			if err := directory(t, against.texts...).Complete(&p, &r); err != nil {
				t.Fatal(err)
			}
			result := p.Evaluate(&r)
			if got := result.Decision.String() + " by " + result.By.String(); got != against.want {
				t.Errorf("%s %s on %s: %s, want %s\n%s", c.who.ARN, c.action, c.resource, got, against.want, p.Explain(&r).Text())
			}
		}
	}
}

func TestCompleteKeys(t *testing.T) {
	org := "aws:PrincipalOrgID=o-1 aws:PrincipalOrgPaths=o-1/r-1/ou-2/ aws:ResourceOrgID=o-1 aws:ResourceOrgPaths=o-1/r-1/ou-2/"
	for _, c := range []struct {
		who  policy.Principal
		want string
	}{
		{jin, "aws:PrincipalType=User aws:username=jin aws:PrincipalArn=arn:aws:iam::111122223333:user/team/jin aws:PrincipalAccount=111122223333 aws:userid=AIDAJIN aws:PrincipalTag/note= "},
		{ops, "aws:PrincipalType=AssumedRole aws:PrincipalArn=arn:aws:iam::111122223333:role/team/ops aws:PrincipalAccount=111122223333 aws:userid=AROAOPS:amy aws:PrincipalTag/note= "},
		{bob, "aws:PrincipalType=FederatedUser aws:PrincipalArn=arn:aws:sts::111122223333:federated-user/bob aws:PrincipalAccount=111122223333 "},
		{root, "aws:PrincipalType=Account aws:userid=111122223333 aws:PrincipalArn=arn:aws:iam::111122223333:root aws:PrincipalAccount=111122223333 "},
	} {
		who, p := c.who, policy.Policies{}
		r := policy.Request{Principal: &who, Action: "a:b", Resource: "*", Context: &policy.Context{}}
		r.Context.Set("AWS:principaltag/TEAM", "mine") // what is there stays
		if err := directory(t, dump, organizations).Complete(&p, &r); err != nil {
			t.Fatal(err)
		}
		var got []string
		for key, values := range r.Context.All() {
			if key != "AWS:principaltag/TEAM" {
				got = append(got, key+"="+strings.Join(values, ","))
			} else if values[0] != "mine" {
				t.Errorf("the tag became %s", values[0])
			}
		}
		want := strings.Fields(c.want + "aws:ResourceAccount=111122223333 " + org)
		if c.who.Type == policy.RoleSession {
			want = strings.Fields(strings.ReplaceAll(strings.Join(want, " "), "aws:PrincipalTag/note= ", ""))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

// TestCompleteLeaves: what the question says stays as it is.
func TestCompleteLeaves(t *testing.T) {
	all := policy.Load("all", []byte(`{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}`))
	list := []*policy.Policy{policy.Load("all", []byte(`{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`))}
	p := policy.Policies{Identity: list, Boundary: list, Resource: all, SCPs: [][]*policy.Policy{list}, RCPs: [][]*policy.Policy{}, ManagementAccount: "1"}
	for _, who := range []policy.Principal{jin, ops} {
		who.RoleARN, who.ServiceLinked = "arn:aws:iam::111122223333:role/team/ops", true
		got, r := p, policy.Request{Principal: &who, Action: "sts:AssumeRole", Resource: "arn:aws:iam::111122223333:role/team/ops", ResourceAccount: "444455556666"}
		if err := directory(t, dump, organizations).Complete(&got, &r); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(p, got, cmp.Comparer(func(a, b *policy.Policy) bool { return a == b })); diff != "" {
			t.Error(diff)
		}
		if r.ResourceAccount != "444455556666" || !who.ServiceLinked {
			t.Errorf("got %+v of %+v", r, who)
		}
	}
}

// TestCompleteMissing: what the dump refers to and does not hold is an error,
// unless the question brings it along.
func TestCompleteMissing(t *testing.T) {
	user := func(members string) string {
		return `{"UserDetailList": [{"UserName": "jin", "Arn": "arn:aws:iam::111122223333:user/team/jin", ` + members + `}],
			"RoleDetailList": [{"RoleName": "ops", "Arn": "arn:aws:iam::111122223333:role/team/ops", "AssumeRolePolicyDocument": {}, ` + members + `}]}`
	}
	absent := `"AttachedManagedPolicies": [{"PolicyArn": "arn:aws:iam::111122223333:policy/absent"}]`
	noBoundary := `"PermissionsBoundary": {"PermissionsBoundaryArn": "arn:aws:iam::111122223333:policy/absent"}`
	group := `{"GroupDetailList": [{"GroupName": "g", "Arn": "arn:aws:iam::111122223333:group/g", ` + absent + `}]}`
	stranger := jin
	stranger.ARN = "arn:aws:iam::444455556666:user/eve"
	lost := ops
	lost.ARN = "arn:aws:sts::111122223333:assumed-role/gone/x"
	wrong := ops
	wrong.ARN = "session"
	orphan := bob
	orphan.UserARN = stranger.ARN
	org := strings.Replace(organizations, `"p-noqueues", `, `"p-gone", `, 1)
	own := []*policy.Policy{}
	for _, c := range []struct {
		who      policy.Principal
		identity []*policy.Policy
		texts    []string
		want     string
	}{
		{stranger, nil, []string{dump}, "arn:aws:iam::444455556666:user/eve is not in the dump"},
		{stranger, own, []string{dump}, ""},
		{lost, nil, []string{dump}, lost.ARN + " is not in the dump"},
		{lost, own, []string{dump}, ""},
		{wrong, nil, []string{dump}, "session is not in the dump"},
		{orphan, nil, []string{dump}, "arn:aws:iam::444455556666:user/eve is not in the dump"},
		{jin, nil, []string{user(absent)}, "arn:aws:iam::111122223333:user/team/jin: policy arn:aws:iam::111122223333:policy/absent is not in the dump"},
		{jin, own, []string{user(absent)}, ""},
		{ops, nil, []string{user(absent)}, "arn:aws:iam::111122223333:role/team/ops: policy arn:aws:iam::111122223333:policy/absent is not in the dump"},
		{jin, own, []string{user(noBoundary)}, "arn:aws:iam::111122223333:user/team/jin: boundary: policy arn:aws:iam::111122223333:policy/absent is not in the dump"},
		{ops, own, []string{user(noBoundary)}, "arn:aws:iam::111122223333:role/team/ops: boundary: policy arn:aws:iam::111122223333:policy/absent is not in the dump"},
		{jin, nil, []string{user(`"GroupList": ["g"]`)}, "arn:aws:iam::111122223333:user/team/jin: group g is not in the dump"},
		{jin, nil, []string{user(`"GroupList": ["g"]`), group}, "arn:aws:iam::111122223333:group/g: policy arn:aws:iam::111122223333:policy/absent is not in the dump"},
		{jin, nil, []string{dump, org}, "ou-2: policy p-gone is not among the organization's policies"},
	} {
		who, p := c.who, policy.Policies{Identity: c.identity}
		err := directory(t, c.texts...).Complete(&p, &policy.Request{Principal: &who, Action: "a:b", Resource: "*"})
		if got := fmt.Sprint(err); got != c.want && (err != nil || c.want != "") {
			t.Errorf("%s: got %s, want %s", c.who.ARN, got, c.want)
		}
	}
}

// TestRole: a role is found by its own ARN, path and all, and for nothing else
// is a trust policy filled in.
func TestRole(t *testing.T) {
	for resource, found := range map[string]bool{
		"arn:aws:iam::111122223333:role/team/ops":    true,
		"arn:aws:iam::111122223333:role/ops":         false,
		"arn:aws:iam::111122223333:user/ops":         false,
		"arn:aws:iam::444455556666:role/team/ops":    false,
		"arn:aws:sts::111122223333:assumed-role/ops": false,
		"*": false,
	} {
		var p policy.Policies
		if err := directory(t, dump).Complete(&p, &policy.Request{Action: "STS:AssumeRole", Resource: resource}); err != nil {
			t.Fatal(err)
		}
		if (p.Resource != nil) != found {
			t.Errorf("%s: found %v", resource, p.Resource)
		}
	}
	var p policy.Policies
	if err := directory(t, dump).Complete(&p, &policy.Request{Action: "iam:GetRole", Resource: "arn:aws:iam::111122223333:role/team/ops"}); err != nil || p.Resource != nil {
		t.Errorf("reading a role asks its trust policy: %v", err)
	}
}

func TestParseErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                           "line 1: unexpected end of JSON input",
		"{\n\n  \"Policies\": oops}": "line 3: invalid character 'o'",
		"{\n \"Policies\": 5}":       "line 2: json: cannot unmarshal number",
		`{"UserDetailList": [{"UserPolicyList": [{"PolicyDocument": "\ud800"}]}]}`: "has no Arn",
		`{}`:                                  "not the output of",
		`{"UserDetailList": [{}]}`:            "UserDetailList[0] has no Arn or no UserName",
		`{"GroupDetailList": [{"Arn": "a"}]}`: "GroupDetailList[0] has no Arn or no GroupName",
		`{"RoleDetailList": [{"Arn": "a"}]}`:  "RoleDetailList[0] has no Arn or no RoleName",
		`{"Policies": [{"Arn": "a", "PolicyVersionList": [{"VersionId": "v1"}]}]}`: "Policies[0] has no Arn or no default version",
		`{"Organizations": {}}`: "Organizations has no Root",
	} {
		if _, err := account.Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

func TestAdd(t *testing.T) {
	other := strings.ReplaceAll(dump, "111122223333", "444455556666")
	both := parse(t, dump, other, organizations)
	want := account.Summary{
		Accounts: []string{"111122223333", "444455556666"}, Users: 2, Groups: 2, Roles: 4, ManagedPolicies: 2, InlinePolicies: 6,
		Organization: "o-1", OrganizationAccounts: 2, OrganizationPolicies: 2,
	}
	if diff := cmp.Diff(want, both.Summary()); diff != "" {
		t.Error(diff)
	}
	for _, c := range []struct{ one, other, want string }{
		{organizations, organizations, "a second file with Organizations"},
		{`{"UserDetailList": [{"Arn": "u", "UserName": "u"}]}`, `{"UserDetailList": [{"Arn": "u", "UserName": "u"}]}`, "u is there twice"},
		{`{"GroupDetailList": [{"Arn": "g", "GroupName": "g"}]}`, `{"GroupDetailList": [{"Arn": "g", "GroupName": "g"}]}`, "g is there twice"},
		{`{"RoleDetailList": [{"Arn": "r", "RoleName": "r"}]}`, `{"RoleDetailList": [{"Arn": "r", "RoleName": "r"}]}`, "r is there twice"},
		{dump, `{"Policies": [{"Arn": "arn:aws:iam::111122223333:policy/limit", "PolicyVersionList": [{"IsDefaultVersion": true, "Document": {}}]}]}`, "<nil>"},
	} {
		more, err := account.Parse([]byte(c.other))
		if err != nil {
			t.Fatal(err)
		}
		if err := parse(t, c.one).Add(more); fmt.Sprint(err) != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

// TestRoundTrip: what is written means what was read, documents that do not
// parse included.
func TestRoundTrip(t *testing.T) {
	broken := `{"RoleDetailList": [{"RoleName": "r", "Arn": "arn:aws:iam::1:role/r", "AssumeRolePolicyDocument": {"Version": "1", "Version": "2"}},
		{"RoleName": "s", "Arn": "arn:aws:iam::1:role/s", "AssumeRolePolicyDocument": "oops"}]}`
	read := parse(t, dump, organizations, broken)
	text, err := json.Marshal(read)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(read, parse(t, string(text)), cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}

func TestProblems(t *testing.T) {
	if problems := directory(t, dump, organizations).Problems(); problems != nil {
		t.Errorf("got %v", problems)
	}
	d := directory(t, `{"IsTruncated": true,
		"UserDetailList": [{"UserName": "u", "Arn": "arn:aws:iam::1:user/u", "GroupList": ["gone", "g"],
			"PermissionsBoundary": {"PermissionsBoundaryArn": "arn:aws:iam::1:policy/absent"}}],
		"GroupDetailList": [{"GroupName": "g", "Arn": "arn:aws:iam::1:group/g", "AttachedManagedPolicies": [{"PolicyArn": "arn:aws:iam::1:policy/absent"}]}],
		"RoleDetailList": [{"RoleName": "r", "Arn": "arn:aws:iam::1:role/r", "AssumeRolePolicyDocument": "oops"}],
		"Policies": [{"Arn": "arn:aws:iam::1:policy/p", "PolicyVersionList": [{"IsDefaultVersion": true, "Document": {"Statement": {"Effect": "Allow", "Action": "get", "Resource": "*"}}}]}],
		"Organizations": {"Root": {"Id": "r-1", "Policies": ["p-gone"], "OrganizationalUnits": [{"Id": "ou-1", "Policies": ["p-bad"]}]},
			"Policies": [{"PolicySummary": {"Id": "p-bad", "Type": "SERVICE_CONTROL_POLICY"}, "Content": "{"}]}}`)
	var got []string
	for _, p := range d.Problems() {
		got = append(got, p.Error())
	}
	want := []string{
		"the dump is one page of several: run the AWS CLI without --no-paginate and --max-items",
		"arn:aws:iam::1:user/u: group gone is not in the dump",
		"arn:aws:iam::1:group/g: policy arn:aws:iam::1:policy/absent is not in the dump",
		"arn:aws:iam::1:user/u: boundary: policy arn:aws:iam::1:policy/absent is not in the dump",
		"trust policy of arn:aws:iam::1:role/r: 1:1: expected '{' at the start of a policy document, found 'o'",
		`arn:aws:iam::1:policy/p: 4:19: Action: neither * nor of the form service:action`,
		"r-1: policy p-gone is not among the organization's policies",
		"p-bad: 1:2: expected a member's name in quotes, found end of text",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// FuzzParse: what is read can be written and read again, and whatever it says,
// it is asked without a panic.
func FuzzParse(f *testing.F) {
	f.Add([]byte(dump))
	f.Add([]byte(organizations))
	f.Add([]byte(`{"RoleDetailList": [{"RoleName": "r", "Arn": "r", "AssumeRolePolicyDocument": "%"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := account.Parse(data)
		if err != nil {
			return
		}
		text, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		again, err := account.Parse(text)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if diff := cmp.Diff(d.Summary(), again.Summary()); diff != "" {
			t.Error(diff)
		}
		dir := account.NewDirectory(d, managed)
		dir.Problems()
		for _, who := range []policy.Principal{jin, ops, bob, root} {
			p, r := policy.Policies{}, policy.Request{Principal: &who, Action: "sts:AssumeRole", Resource: "arn:aws:iam::111122223333:role/team/ops"}
			if dir.Complete(&p, &r) == nil {
				p.Evaluate(&r)
			}
		}
	})
}
