package policy_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/writ-iam/writ/policy"
)

// TestPatterns: however a pattern is written and wherever it has wildcards, it
// fits what it says.
func TestPatterns(t *testing.T) {
	tests := []struct {
		action, resource string // as JSON has them, in quotes
		request          [2]string
		want             bool
	}{
		{`s3:Get*`, `*`, [2]string{"S3:gETOBJECT", "*"}, true},
		{`S3:GETOBJECT`, `*`, [2]string{"s3:GetObject", "*"}, true},
		{`s3:GetObject`, `*`, [2]string{"s3:GetObjects", "*"}, false},
		{`s3:GetObject`, `*`, [2]string{"s3:Get", "*"}, false},
		{`s3:Get*Acl`, `*`, [2]string{"s3:GetBucketACL", "*"}, true},
		{`s3:Get*Acl`, `*`, [2]string{"s3:GetBucket", "*"}, false},
		{`*:Get*`, `*`, [2]string{"s3:GetBucket", "*"}, true},
		{`s3:\u0047et*`, `*`, [2]string{"s3:getobject", "*"}, true},
		{`s3:\u0047et*`, `*`, [2]string{"s3:putobject", "*"}, false},
		{`s3:*`, `arn:aws:s3:::b\/*`, [2]string{"s3:GetObject", "arn:aws:s3:::b/k"}, true},
		{`s3:*`, `arn:aws:s3:::b\/*`, [2]string{"s3:GetObject", "arn:aws:s3:::c/k"}, false},
		{`s3:*`, `arn:aws:s3:::b/\u002a`, [2]string{"s3:GetObject", "arn:aws:s3:::b/k"}, true},
		{`s3:*`, `arn:aws:s3:::b`, [2]string{"s3:GetObject", "arn:aws:s3:::b"}, true},
		{`s3:*`, `arn:aws:s3:::b`, [2]string{"s3:GetObject", "arn:aws:s3:::bb"}, false},
		{`s3:*`, `arn:aws:s3:::b`, [2]string{"s3:GetObject", "arn:aws:s3:::"}, false},
		{`s3:*`, `arn:aws:s3:::b/${aws:username}`, [2]string{"s3:GetObject", "arn:aws:s3:::b/jin"}, true},
		{`s3:*`, `arn:aws:s3:::b/$`, [2]string{"s3:GetObject", "arn:aws:s3:::b/$"}, true},
		{`s3:*`, `arn:aws:s3`, [2]string{"s3:GetObject", "arn:aws:s3:eu-west-1:1:b"}, true},
		{`s3:*`, `arn:aws:s3`, [2]string{"s3:GetObject", "arn:aws:sqs:eu-west-1:1:b"}, false},
		{`s3:*`, `arn:aws:s3:::*€`, [2]string{"s3:GetObject", "arn:aws:s3:::b/€"}, true},
		{`s3:*`, `arn:aws:s3:::?/*`, [2]string{"s3:GetObject", "arn:aws:s3:::€/k"}, true},
		{`s3:*`, `arn:aws:s3:*:*:b`, [2]string{"s3:GetObject", "arn:aws:s3:x:y:b"}, true},
		{`s3:*`, `arn:aws:s3:*:b`, [2]string{"s3:GetObject", "arn:aws:s3:x:y:b"}, false},
		{`s3:*`, `arn:aws:s3:::*` + strings.Repeat("z", 300), [2]string{"s3:GetObject", "arn:aws:s3:::" + strings.Repeat("z", 301)}, true},
		{`s3:*`, `arn:aws:s3:::*` + strings.Repeat("z", 300), [2]string{"s3:GetObject", "arn:aws:s3:::" + strings.Repeat("z", 299)}, false},
		{`s3:*`, `arn:aws:s3:::*y` + strings.Repeat("z", 300), [2]string{"s3:GetObject", "arn:aws:s3:::" + strings.Repeat("z", 400)}, false},
	}
	for _, test := range tests {
		p := load([]string{`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"` + test.action + `","Resource":"` + test.resource + `"}}`})
		got := (&policy.Policies{Identity: p}).Evaluate(&policy.Request{Principal: benchJin, Action: test.request[0], Resource: test.request[1], Context: benchContext()})
		if (got.Decision == policy.Allow) != test.want {
			t.Errorf("%s on %s is %s by %s on %s", test.request[0], test.request[1], got.Decision, test.action, test.resource)
		}
	}
}

// TestLongStrings: a string that is longer than any document of AWS is refused.
func TestLongStrings(t *testing.T) {
	for length, want := range map[int]bool{65_000: true, 65_001: false} {
		_, err := policy.Parse([]byte(`{"Id": "` + strings.Repeat("x", length) + `"}`))
		var syntax *policy.SyntaxError
		if (err == nil) != want || err != nil && (!errors.As(err, &syntax) || syntax.Offset != 7) {
			t.Errorf("%d bytes: %v", length, err)
		}
	}
}
