package iam_test

import (
	"fmt"
	"testing"

	"github.com/writ-iam/writ/internal/awstest"
)

const trustEC2 = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}`

// A page of a thousand of AWS's policies, with their uses counted.
func BenchmarkListPolicies(b *testing.B) {
	benchmark(b, awstest.New(b), "ListPolicies", map[string]any{"Scope": "AWS", "MaxItems": int64(1000)})
}

// The few policies that are in use, out of all.
func BenchmarkListPoliciesAttached(b *testing.B) {
	benchmark(b, awstest.New(b), "ListPolicies", map[string]any{"OnlyAttached": true})
}

// A page of a thousand roles, each with its trust policy.
func BenchmarkListRoles(b *testing.B) {
	lab := awstest.New(b)
	for i := range 1000 {
		params := map[string]any{"RoleName": fmt.Sprintf("role-%d", i), "AssumeRolePolicyDocument": trustEC2}
		if _, err := lab.Call(awstest.Root, "iam", "CreateRole", params); err != nil {
			b.Fatal(err)
		}
	}
	benchmark(b, lab, "ListRoles", map[string]any{"MaxItems": int64(1000)})
}

func BenchmarkGetPolicyVersionOfAWS(b *testing.B) {
	benchmark(b, awstest.New(b), "GetPolicyVersion", map[string]any{"PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess", "VersionId": "v1"})
}

func benchmark(b *testing.B, lab *awstest.Lab, operation string, params map[string]any) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := lab.Call(awstest.Root, "iam", operation, params); err != nil {
			b.Fatal(err)
		}
	}
}
