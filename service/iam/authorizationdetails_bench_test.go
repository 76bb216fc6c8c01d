package iam_test

import (
	"fmt"
	"testing"

	"github.com/writ-iam/writ/internal/awstest"
)

const readOne = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*"}]}`

// fullAccount is a lab whose account has what the quotas allow: 5,000 users, each
// with an inline policy and a group, 1,000 roles and 1,500 policies.
func fullAccount(b *testing.B) *awstest.Lab {
	b.Helper()
	lab := awstest.New(b)
	call := func(operation string, params map[string]any) {
		if _, err := lab.Call(awstest.Root, "iam", operation, params); err != nil {
			b.Fatal(err)
		}
	}
	call("CreateGroup", map[string]any{"GroupName": "all"})
	for i := range 1500 {
		call("CreatePolicy", map[string]any{"PolicyName": fmt.Sprintf("policy-%04d", i), "PolicyDocument": readOne})
	}
	for i := range 1000 {
		name := fmt.Sprintf("role-%04d", i)
		call("CreateRole", map[string]any{"RoleName": name, "AssumeRolePolicyDocument": trustEC2})
		call("AttachRolePolicy", map[string]any{"RoleName": name, "PolicyArn": fmt.Sprintf("arn:aws:iam::000000000000:policy/policy-%04d", i)})
	}
	for i := range 5000 {
		name := fmt.Sprintf("user-%04d", i)
		call("CreateUser", map[string]any{"UserName": name})
		call("PutUserPolicy", map[string]any{"UserName": name, "PolicyName": "own", "PolicyDocument": readOne})
		call("AddUserToGroup", map[string]any{"UserName": name, "GroupName": "all"})
	}
	return lab
}

// The whole of a full account, in pages of a thousand, and the first pages of
// its lists.
func BenchmarkFullAccount(b *testing.B) {
	lab := fullAccount(b)
	b.Run("GetAccountAuthorizationDetails", func(b *testing.B) {
		for b.Loop() {
			params := map[string]any{"MaxItems": int64(1000)}
			for more := true; more; {
				out, err := lab.Call(awstest.Root, "iam", "GetAccountAuthorizationDetails", params)
				if err != nil {
					b.Fatal(err)
				}
				params["Marker"], more = out["Marker"]
			}
		}
	})
	for _, operation := range []string{"GetAccountAuthorizationDetails", "ListUsers", "ListRoles", "ListPolicies"} {
		b.Run(operation+"/first", func(b *testing.B) { benchmark(b, lab, operation, map[string]any{}) })
	}
	b.Run("ListPolicies/attached", func(b *testing.B) {
		benchmark(b, lab, "ListPolicies", map[string]any{"OnlyAttached": true})
	})
	b.Run("GetAccountSummary", func(b *testing.B) { benchmark(b, lab, "GetAccountSummary", map[string]any{}) })
}
