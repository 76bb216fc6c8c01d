package s3

import (
	"testing"

	"github.com/writ-iam/writ/policy"
)

// What S3 calls public (S3 User Guide, "The meaning of public").
func TestIsPublic(t *testing.T) {
	const everybody = `"Principal": "*"`
	for _, c := range []struct {
		public               bool
		principal, condition string
	}{
		{true, everybody, `{}`},
		{true, `"Principal": {"AWS": "*"}`, `{}`},
		{true, `"Principal": {"AWS": ["111122223333", "*"]}`, `{}`},
		{false, `"Principal": {"AWS": "111122223333"}`, `{}`},
		{false, `"Principal": {"Service": "cloudtrail.amazonaws.com"}`, `{}`},
		{true, `"Principal": {"Service": "*"}`, `{}`},
		{false, `"Principal": {"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}`, `{}`},

		{false, everybody, `{"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}`},
		{false, everybody, `{"IpAddress": {"aws:SourceIp": ["192.0.2.7", "2001:db8::/32"]}}`},
		{true, everybody, `{"IpAddress": {"aws:SourceIp": "0.0.0.0/1"}}`},
		{true, everybody, `{"IpAddress": {"aws:SourceIp": ["192.0.2.0/24", "0.0.0.0/0"]}}`},
		{true, everybody, `{"IpAddress": {"aws:SourceIp": "2000::/3"}}`},
		{true, everybody, `{"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}`},

		{false, everybody, `{"StringEquals": {"aws:SourceVpc": "vpc-91237329"}}`},
		{false, everybody, `{"StringLike": {"aws:SourceVpce": "vpce-1"}}`},
		{true, everybody, `{"StringLike": {"aws:SourceVpc": "vpc-*"}}`},
		{true, everybody, `{"StringEquals": {"aws:SourceVpc": "${aws:PrincipalTag/vpc}"}}`},
		{true, everybody, `{"StringNotEquals": {"aws:SourceVpc": "vpc-1"}}`},
		{true, everybody, `{"StringEqualsIfExists": {"aws:SourceVpc": "vpc-1"}}`},
		{true, everybody, `{"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-1"}}`},
		{false, everybody, `{"ForAnyValue:StringEquals": {"aws:PrincipalOrgID": "o-1"}}`},
		{false, everybody, `{"StringEquals": {"AWS:PrincipalOrgID": "o-1"}}`},
		{true, everybody, `{"StringEquals": {"s3:x-amz-acl": "private"}}`},
		{true, everybody, `{"StringLike": {"aws:userid": "AROAEXAMPLE:*"}}`},
		{false, everybody, `{"StringEquals": {"aws:userid": "AIDAEXAMPLE"}}`},
		{false, everybody, `{"ArnLike": {"s3:DataAccessPointArn": "arn:aws:s3:us-west-2:111122223333:accesspoint/*"}}`},
		{true, everybody, `{"ArnLike": {"s3:DataAccessPointArn": "arn:aws:s3:us-west-2:*:accesspoint/mine"}}`},
		{false, everybody, `{"Bool": {"aws:SecureTransport": "true"}, "StringEquals": {"aws:SourceAccount": "111122223333"}}`},
		{true, everybody, `{"Bool": {"aws:SecureTransport": "true"}}`},
	} {
		doc, err := policy.Parse([]byte(`{"Version": "2012-10-17", "Statement": [
			{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
			{"Effect": "Allow", ` + c.principal + `, "Action": "s3:GetObject", "Resource": "*", "Condition": ` + c.condition + `}]}`))
		if err != nil {
			t.Fatal(err)
		}
		if got := isPublic(doc); got != c.public {
			t.Errorf("%s under %s: public is %v", c.principal, c.condition, got)
		}
	}
}
