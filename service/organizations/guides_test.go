package organizations_test

import (
	"strings"
	"testing"

	"github.com/writ-iam/writ/internal/awstest"
)

// The policy of the guides against root users: the root user of a member may
// nothing under it, and everything before. Scripts have no such root user.
func TestRootOfMember(t *testing.T) {
	l := awstest.New(t)
	must := func(operation string, in map[string]any) map[string]any {
		t.Helper()
		out, err := l.Call(awstest.Root, "organizations", operation, in)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	must("CreateOrganization", map[string]any{})
	root := must("ListRoots", map[string]any{})["Roots"].([]any)[0].(map[string]any)["Id"]
	must("EnablePolicyType", map[string]any{"RootId": root, "PolicyType": "SERVICE_CONTROL_POLICY"})
	request := must("CreateAccount", map[string]any{"AccountName": "a", "Email": "a@example.com"})["CreateAccountStatus"].(map[string]any)["Id"]
	status := must("DescribeCreateAccountStatus", map[string]any{"CreateAccountRequestId": request})["CreateAccountStatus"].(map[string]any)
	member := l.RootOf(t, status["AccountId"].(string))
	if _, err := l.Call(member, "iam", "ListUsers", nil); err != nil {
		t.Fatal(err)
	}
	deny := must("CreatePolicy", map[string]any{"Type": "SERVICE_CONTROL_POLICY", "Name": "deny-root", "Description": "", "Content": `{"Version":"2012-10-17","Statement":[
		{"Sid":"RestrictRoot","Effect":"Deny","Action":["*"],"Resource":["*"],"Condition":{"StringLike":{"aws:PrincipalArn":["arn:aws:iam::*:root"]}}}]}`})
	must("AttachPolicy", map[string]any{"TargetId": root, "PolicyId": deny["Policy"].(map[string]any)["PolicySummary"].(map[string]any)["Id"]})
	if _, err := l.Call(member, "iam", "ListUsers", nil); err == nil || !strings.Contains(err.Error(), "explicit deny in a service control policy") {
		t.Errorf("the root user of a member: %v", err)
	}
	must("ListRoots", map[string]any{}) // the management account's own
}
