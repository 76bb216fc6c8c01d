package policy_test

import (
	"errors"
	"testing"

	"github.com/writ-iam/writ/policy"
)

func TestCheck(t *testing.T) {
	const (
		legacy = "Syntax errors in policy."
		parsed = "The policy failed legacy parsing"
		vendor = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
		fields = "Syntax error in policy."
		orgs   = "The provided policy document does not meet the requirements of the specified policy type."
	)
	tests := []struct {
		name string
		kind policy.Kind
		src  string
		want string
	}{
		{"identity", policy.IdentityPolicy, `{"Version": "2012-10-17", "Id": "x", "Statement": {"Sid": "A1", "Effect": "Allow", "Action": ["s3:Get*", "*"], "Resource": ["*", "arn:aws:s3:::b/*"], "Condition": {"ForAnyValue:StringLikeIfExists": {"aws:TagKeys": "a"}}}}`, ""},
		{"inline of the old version", policy.IdentityPolicy, `{"Version": "2008-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`, ""},
		{"managed of the old version", policy.ManagedPolicy, `{"Version": "2008-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`, "Policy document must be version 2012-10-17 or greater."},
		{"managed without a version", policy.ManagedPolicy, `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`, "Policy document must be version 2012-10-17 or greater."},
		{"managed", policy.ManagedPolicy, `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`, ""},
		{"not JSON", policy.IdentityPolicy, `{`, legacy},
		{"unknown version", policy.IdentityPolicy, `{"Version": "2012-10-18", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`, legacy},
		{"no statement", policy.IdentityPolicy, `{"Version": "2012-10-17"}`, legacy},
		{"empty statement", policy.IdentityPolicy, `{"Version": "2012-10-17", "Statement": []}`, legacy},
		{"unknown element", policy.IdentityPolicy, `{"Statement": {"Effect": "Allow", "Action": "*", "Resources": "*"}}`, legacy},
		{"no effect", policy.IdentityPolicy, `{"Statement": {"Action": "*", "Resource": "*"}}`, legacy},
		{"effect in lower case", policy.IdentityPolicy, `{"Statement": {"Effect": "allow", "Action": "*", "Resource": "*"}}`, legacy},
		{"unknown operator", policy.IdentityPolicy, `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringSimilar": {"a:b": "c"}}}}`, legacy},
		{"null with if exists", policy.IdentityPolicy, `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"NullIfExists": {"a:b": "true"}}}}`, legacy},
		{"bad date", policy.IdentityPolicy, `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"DateLessThan": {"a:b": "soon"}}}}`, parsed},
		{"bad address", policy.IdentityPolicy, `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"NotIpAddress": {"a:b": "10.0.0.0/64"}}}}`, parsed},
		{"key without vendor", policy.IdentityPolicy, `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"b": "true"}}}}`, vendor},
		{"no action", policy.IdentityPolicy, `{"Statement": {"Effect": "Allow", "Resource": "*"}}`, "Policy statement must contain actions."},
		{"empty not-action", policy.IdentityPolicy, `{"Statement": {"Effect": "Allow", "NotAction": [], "Resource": "*"}}`, "Policy statement must contain actions."},
		{"both actions", policy.IdentityPolicy, `{"Statement": {"Effect": "Allow", "Action": "*", "NotAction": "*", "Resource": "*"}}`, legacy},
		{"action without vendor", policy.IdentityPolicy, `{"Statement": {"Effect": "Allow", "Action": "GetObject", "Resource": "*"}}`, vendor},
		{"action with two colons", policy.IdentityPolicy, `{"Statement": {"Effect": "Allow", "Action": "s3:Get:Object", "Resource": "*"}}`, "Actions/Condition can contain only one colon."},
		{"vendor with a wildcard", policy.IdentityPolicy, `{"Statement": {"Effect": "Allow", "Action": "s3*:Get", "Resource": "*"}}`, "Vendor s3* is not valid"},
		{"no resource", policy.IdentityPolicy, `{"Statement": {"Effect": "Allow", "Action": "*"}}`, "Policy statement must contain resources."},
		{"empty resource", policy.IdentityPolicy, `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": []}}`, "Policy statement must contain resources."},
		{"resource is no ARN", policy.IdentityPolicy, `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "bucket"}}`, `Resource bucket must be in ARN format or "*".`},
		{"resource of an unknown partition", policy.IdentityPolicy, `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:azure:s3:::b"}}`, `Partition "azure" is not valid for resource "arn:azure:s3:::b".`},
		{"resource that begins otherwise", policy.IdentityPolicy, `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "x:y"}}`, `Partition "y" is not valid for resource "arn:y:*:*:*:*".`},
		{"resource without a service", policy.IdentityPolicy, `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:aws"}}`, "Resource vendor must be fully qualified and cannot contain regexes."},
		{"resource with an empty service", policy.IdentityPolicy, `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:aws::x:y:z"}}`, parsed},
		{"resource of any partition", policy.IdentityPolicy, `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:*:s3:::b"}}`, ""},
		{"principal", policy.IdentityPolicy, `{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}`, "Policy document should not specify a principal."},
		{"not-principal", policy.IdentityPolicy, `{"Statement": {"Effect": "Deny", "NotPrincipal": {"AWS": "*"}, "Action": "*", "Resource": "*"}}`, "Policy document should not specify a principal."},
		{"sid", policy.IdentityPolicy, `{"Statement": {"Sid": "a b", "Effect": "Allow", "Action": "*", "Resource": "*"}}`, "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"},
		{"same sid", policy.IdentityPolicy, `{"Statement": [{"Sid": "a", "Effect": "Allow", "Action": "*", "Resource": "*"}, {"Sid": "a", "Effect": "Deny", "Action": "*", "Resource": "*"}]}`, "Statement IDs (SID) in a single policy must be unique."},

		{"trust", policy.TrustPolicy, `{"Statement": {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com", "AWS": ["111122223333", "AIDACKCEVSQ6C2EXAMPLE"]}, "Action": ["sts:AssumeRole", "sts:TagSession"]}}`, ""},
		{"trust with resource", policy.TrustPolicy, `{"Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole", "Resource": "*"}}`, "Has prohibited field Resource"},
		{"trust with not-resource", policy.TrustPolicy, `{"Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole", "NotResource": "*"}}`, "Has prohibited field NotResource"},
		{"trust without principal", policy.TrustPolicy, `{"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole"}}`, "Missing required field Principal"},
		{"trust with empty principal", policy.TrustPolicy, `{"Statement": {"Effect": "Allow", "Principal": {}, "Action": "sts:AssumeRole"}}`, "Missing required field Principal cannot be empty!"},
		{"trust in a lone star", policy.TrustPolicy, `{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}}`, `AssumeRolepolicy contained an invalid principal: "STAR":"*".`},
		{"trust in a group", policy.TrustPolicy, `{"Statement": {"Effect": "Allow", "Principal": {"AWS": "jin"}, "Action": "sts:AssumeRole"}}`, `Invalid principal in policy: "AWS":"jin"`},
		{"trust in an unknown kind", policy.TrustPolicy, `{"Statement": {"Effect": "Allow", "Principal": {"User": "jin"}, "Action": "sts:AssumeRole"}}`, "Invalid principal in policy"},
		{"trust with not-principal", policy.TrustPolicy, `{"Statement": {"Effect": "Deny", "NotPrincipal": {"AWS": "*"}, "Action": "sts:AssumeRole"}}`, "Has prohibited field NotPrincipal"},
		{"trust allows not-principal", policy.TrustPolicy, `{"Statement": {"Effect": "Allow", "NotPrincipal": {"AWS": "*"}, "Action": "sts:AssumeRole"}}`, "Allow with NotPrincipal is not allowed."},
		{"trust for other actions", policy.TrustPolicy, `{"Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "*"}}`, "AssumeRole policy may only specify STS AssumeRole actions."},
		{"trust without action", policy.TrustPolicy, `{"Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}}}`, "Missing required field Action"},
		{"trust without effect", policy.TrustPolicy, `{"Statement": {"Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}}`, "Missing required field Effect"},
		{"trust with both principals", policy.TrustPolicy, `{"Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "NotPrincipal": {"AWS": "*"}, "Action": "sts:AssumeRole"}}`, fields},
		{"trust that is not JSON", policy.TrustPolicy, `trust me`, "This policy contains invalid Json"},
		{"trust without statement", policy.TrustPolicy, `{}`, "Could not parse the policy: Statement is empty!"},
		{"trust of an unknown version", policy.TrustPolicy, `{"Version": "1"}`, "The policy must contain a valid version string"},
		{"trust with an unknown element", policy.TrustPolicy, `{"Statement": {"Effect": "Allow", "Principals": {"AWS": "*"}}}`, "Unknown field Principals"},
		{"trust with an unknown operator", policy.TrustPolicy, `{"Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole", "Condition": {"Same": {"a:b": "c"}}}}`, "Invalid Condition type : Same"},
		{"trust with an unknown effect", policy.TrustPolicy, `{"Statement": {"Effect": "Maybe", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}}`, fields},
		{"trust with the same sid", policy.TrustPolicy, `{"Statement": [{"Sid": "a b", "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}, {"Sid": "a b", "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:TagSession"}]}`, "The Statement Ids in the policy are not unique"},

		{"session", policy.SessionPolicy, `{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}`, ""},
		{"session with principal", policy.SessionPolicy, `{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}}`, "Has prohibited field Principal"},
		{"session without resource", policy.SessionPolicy, `{"Statement": {"Effect": "Allow", "Action": "s3:*"}}`, "Missing required field Resource"},

		{"resource", policy.ResourcePolicy, `{"Statement": {"Effect": "Deny", "NotPrincipal": {"AWS": "111122223333"}, "Action": "s3:*", "Resource": "*"}}`, ""},
		{"resource without resource", policy.ResourcePolicy, `{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "ecr:*"}}`, ""},
		{"resource with an empty resource", policy.ResourcePolicy, `{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "NotResource": []}}`, "Missing required field Resource"},
		{"resource without principal", policy.ResourcePolicy, `{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}`, "Missing required field Principal"},
		{"endpoint", policy.EndpointPolicy, `{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}`, ""},

		{"scp", policy.ServiceControlPolicy, `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}}`, ""},
		{"scp with principal", policy.ServiceControlPolicy, `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}}`, orgs},
		{"scp without resource", policy.ServiceControlPolicy, `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "s3:*"}}`, orgs},
		{"scp without version", policy.ServiceControlPolicy, `{"Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}}`, orgs},
		{"scp of the old version", policy.ServiceControlPolicy, `{"Version": "2008-10-17", "Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}}`, orgs},
		{"scp that is not JSON", policy.ServiceControlPolicy, `{`, orgs},
		{"scp with an unknown element", policy.ServiceControlPolicy, `{"Statements": []}`, orgs},
		{"rcp", policy.ResourceControlPolicy, `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}}`, ""},
		{"rcp that allows", policy.ResourceControlPolicy, `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}}`, orgs},
		{"rcp for some", policy.ResourceControlPolicy, `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": {"AWS": "111122223333"}, "Action": "s3:*", "Resource": "*"}}`, orgs},
		{"rcp with not-action", policy.ResourceControlPolicy, `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "NotAction": "s3:*", "Resource": "*"}}`, orgs},
		{"rcp for all actions", policy.ResourceControlPolicy, `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}}`, orgs},
		{"rcp for all services", policy.ResourceControlPolicy, `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "*:Get*", "Resource": "*"}}`, orgs},
		{"rcp of the old version", policy.ResourceControlPolicy, `{"Version": "2008-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}}`, orgs},
		{"rcp with not-principal", policy.ResourceControlPolicy, `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "NotPrincipal": {"AWS": "111122223333"}, "Action": "s3:*", "Resource": "*"}}`, orgs},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d, err := policy.ParseAs(test.kind, []byte(test.src))
			if test.want == "" {
				if err != nil || d == nil {
					t.Error(err)
				}
				return
			}
			var grammar *policy.GrammarError
			if !errors.As(err, &grammar) || err.Error() != test.want {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}
