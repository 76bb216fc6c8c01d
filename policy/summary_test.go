package policy_test

import (
	"testing"

	"github.com/writ-iam/writ/policy"
)

func TestSummary(t *testing.T) {
	doc, err := policy.Parse([]byte(`{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject", "s3:ListBucket"], "Resource": "arn:aws:s3:::b/*"},
		{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-west-2"]}, "Bool": {"aws:SecureTransport": true}}},
		{"Effect": "Deny", "NotAction": "iam:*", "NotResource": ["arn:aws:iam::111122223333:user/a", "arn:aws:iam::111122223333:user/b"]},
		{"Effect": "Maybe", "Action": [], "Resource": "*"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	const want = `Allows s3:GetObject, s3:PutObject and s3:ListBucket on arn:aws:s3:::b/*.
Allows every action on every resource, if aws:RequestedRegion StringEquals eu-west-1 or eu-west-2 and aws:SecureTransport Bool true.
Denies every action but iam:* on every resource but arn:aws:iam::111122223333:user/a and arn:aws:iam::111122223333:user/b, whatever else is allowed.
Does nothing about  on every resource.
`
	if got := doc.Summary(); got != want {
		t.Errorf("got %s", got)
	}
}
