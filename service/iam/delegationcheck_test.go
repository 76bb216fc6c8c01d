package iam

import (
	"testing"

	"github.com/writ-iam/writ/policy"
)

// What is sure to be allowed, what is sure to be denied, and what is neither.
func TestPermissionCheck(t *testing.T) {
	const held = `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":["s3:*","iam:GetUser","ec2:DescribeInstances"],"Resource":"*"},
		{"Effect":"Deny","Action":"s3:DeleteBucket","Resource":"*"}]}`
	for _, test := range []struct{ statement, want string }{
		{`"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/k"`, coverAllowed},
		{`"Action":["s3:GetObject","iam:GetUser"],"Resource":["arn:aws:s3:::b/k"]`, coverAllowed},
		{`"Action":"ec2:DescribeInstances","Resource":"*"`, coverAllowed}, // has no resources
		{`"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"`, coverUnsure},
		{`"Action":"s3:GetObject","Resource":"*"`, coverUnsure},
		{`"Action":"s3:Get*","Resource":"arn:aws:s3:::b/k"`, coverAllowed},
		{`"Action":"s3:*","Resource":"arn:aws:s3:::b"`, coverDenied}, // one of them is
		{`"Action":"*","Resource":"*"`, coverUnsure},
		{`"Action":"iam:CreateUser","Resource":"arn:aws:iam::111122223333:user/*"`, coverDenied},
		{`"Action":"iam:CreateUser","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}`, coverUnsure},
		{`"NotAction":"s3:GetObject","Resource":"*"`, coverUnsure},
		{`"Action":"s3:GetObject","NotResource":"arn:aws:s3:::b/k"`, coverUnsure},
	} {
		doc, err := policy.Parse([]byte(`{"Statement":{"Effect":"Allow",` + test.statement + `}}`))
		if err != nil {
			t.Fatal(err)
		}
		q := &coverage{
			policies: policy.Policies{Identity: []*policy.Policy{policy.Load("p", []byte(held))}, Resource: delegating("111122223333")},
			request:  policy.Request{Principal: &policy.Principal{Type: policy.User, ARN: "arn:aws:iam::111122223333:user/jin", Account: "111122223333"}, ResourceAccount: "111122223333"},
		}
		if got := q.statement(doc.Statements[0]); got != test.want {
			t.Errorf("%s: %s, want %s", test.statement, got, test.want)
		}
	}
}
