package validate_test

import (
	"strings"
	"testing"

	"github.com/writ-iam/writ/policy"
)

const statement = `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}`

func TestForm(t *testing.T) {
	run(t, policy.IdentityPolicy, []test{
		{allow(`"Action": "s3:GetObject"`), ""},
		{``, "JSON_SYNTAX_ERROR"},
		{`{"Version": "2012-10-17", "Statement": [`, "JSON_SYNTAX_ERROR"},
		{`{"Version": "2012-10-17", "Version": "2012-10-17"}`, "JSON_SYNTAX_ERROR"},
		{`[` + statement + `]`, "JSON_SYNTAX_ERROR"},
		{`{"Statement": ` + statement + `}`, "MISSING_VERSION"},
		{`{"Version": "2008-10-17", "Statement": ` + statement + `}`, "DEPRECATED_VERSION"},
		{`{"Version": "2021-10-17", "Statement": ` + statement + `}`, "INVALID_VERSION"},
		{`{"Version": 20121017, "Statement": ` + statement + `}`, "DATA_TYPE_MISMATCH"},
		{`{"Version": "2012-10-17"}`, "MISSING_STATEMENT"},
		{`{"Version": "2012-10-17", "Statement": []}`, "MISSING_STATEMENT"},
		{`{"Version": "2012-10-17", "Statement": "x"}`, "DATA_TYPE_MISMATCH"},
		{`{"Version": "2012-10-17", "Statements": ` + statement + `}`, "MISSING_STATEMENT INVALID_POLICY_ELEMENT"},
		{`{"Version": "2012-10-17", "Statement": {"Action": "s3:GetObject", "Resource": "*"}}`, "MISSING_EFFECT"},
		{allow(`"Action": "s3:GetObject", "\"Resource\"": ""`), "INVALID_POLICY_ELEMENT"},
		{document("Permit", `"Action": "s3:GetObject"`), "INVALID_EFFECT"},
		{`{"Version": "2012-10-17", "Statement": {"Effect": 1, "Action": "s3:GetObject", "Resource": "*"}}`, "DATA_TYPE_MISMATCH"},
		{allow(`"Action": ["s3:GetObject", 5]`), "DATA_TYPE_MISMATCH"},
		{allow(`"Action": "s3:GetObject", "Condition": "none"`), "DATA_TYPE_MISMATCH"},
		{allow(`"action": "s3:GetObject"`), "MISSING_ACTION INVALID_POLICY_ELEMENT"},
		{allow(`"NotAction": "s3:GetObject", "Action": "s3:GetObject"`), "UNSUPPORTED_ELEMENT_COMBINATION"},
		{allow(`"Action": []`), "MISSING_ACTION"},
		{allow(`"Sid": "one"`), "MISSING_ACTION"},
		{allow(`"Action": "s3:GetObject", "Resource": []`), "MISSING_RESOURCE"},
		{let(`"Action": "s3:GetObject"`), "MISSING_RESOURCE"},
		{allow(`"Sid": "", "Action": "s3:GetObject"`), "EMPTY_SID_VALUE"},
		{allow(`"Sid": "read only", "Action": "s3:GetObject"`), "UNSUPPORTED_SID"},
		{`{"Version": "2012-10-17", "Statement": [{"Sid": "a", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}, {"Sid": "a", "Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}]}`, "UNIQUE_SIDS_REQUIRED"},
		{`{"Version": "2012-10-17", "Statement": [` + statement + `, ` + statement + `]}`, "REDUNDANT_STATEMENT"},
		{`{"Version": "2012-10-17", "Statement": [` + statement + `, {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]}`, "REDUNDANT_STATEMENT"},
		{`{"Version": "2012-10-17", "Statement": [` + statement + `, {"Effect": "Deny", "Action": "s3:Get*", "Resource": "*"}]}`, ""},
		{allow(`"Action": "s3:GetObject", "Principal": "*"`), "UNSUPPORTED_PRINCIPAL"},
		{allow(`"Action": "s3:GetObject", "NotPrincipal": {"AWS": "111122223333"}`), "UNSUPPORTED_PRINCIPAL"},
		{allow(`"Action": "s3:GetObject", "Resource": "arn:aws:s3:::` + strings.Repeat("x", 10240) + `/*"`), "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA"},
		{allow(`"Action": "s3:GetObject"` + strings.Repeat(" ", 10240)), ""},
	})
	run(t, policy.ManagedPolicy, []test{
		{`{"Statement": ` + statement + `}`, "MISSING_VERSION"},
		{`{"Version": "2008-10-17", "Statement": ` + statement + `}`, "DEPRECATED_VERSION"},
	})
	run(t, policy.SessionPolicy, []test{
		{allow(`"Action": "s3:GetObject"` + strings.Repeat(" ", 2048)), "POLICY_SIZE_EXCEEDS_SESSION_POLICY_QUOTA"},
		{allow(`"Action": "*"`), ""}, // it grants nothing by itself
	})
	run(t, policy.ServiceControlPolicy, []test{
		{`{"Statement": ` + statement + `}`, "MISSING_VERSION"},
		{`{"Version": "2008-10-17", "Statement": ` + statement + `}`, "DEPRECATED_VERSION"},
		{allow(`"Action": "*"`), ""},
		{deny(`"Action": "s3:GetObject"` + strings.Repeat(" ", 10240)), "POLICY_SIZE_EXCEEDS_SCP_QUOTA"},
	})
	run(t, policy.ResourcePolicy, []test{
		{let(`"Action": "s3:GetObject", "Principal": {"AWS": "111122223333"}, "Resource": "arn:aws:s3:::` + strings.Repeat("x", 20480) + `/*"`), "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA"},
	})
}

func TestActions(t *testing.T) {
	run(t, policy.IdentityPolicy, []test{
		{allow(`"Action": "S3:getobject"`), ""},
		{allow(`"Action": "s3:Get*"`), ""},
		{allow(`"Action": "writ:ExplainRequest"`), ""},
		{allow(`"Action": "s3:GetObjects"`), "INVALID_ACTION"},
		{allow(`"Action": "s3:Gte*"`), "INVALID_ACTION"},
		{allow(`"Action": "GetObject"`), "INVALID_ACTION"},
		{allow(`"Action": "s3:Get:Object"`), "INVALID_ACTION"},
		{allow(`"Action": "simple:GetObject"`), "INVALID_SERVICE_IN_ACTION"},
		{allow(`"Action": "s 3:GetObject"`), "INVALID_SERVICE_IN_ACTION"},
		{allow(`"Action": "s*:GetObject"`), "WILDCARD_IN_SERVICE_NAME"},
		{allow(`"Action": "*:GetObject"`), "WILDCARD_IN_SERVICE_NAME"},
		{allow(`"Action": "s3:Get${username}"`), "INVALID_ACTION"},
		{allow(`"Action": "s3:Get${aws:username}"`), "VARIABLE_UNSUPPORTED_IN_ELEMENT"},
		{allow(`"Action": ["s3:GetObject", "s3:getObject"]`), "REDUNDANT_ACTION"},
		{allow(`"Action": ["s3:GetObject", "s3:Get*"]`), "REDUNDANT_ACTION"},
		{allow(`"Action": ["s3:Get*", "s3:GetB*", "s3:List*"]`), "REDUNDANT_ACTION"},
	})
	run(t, policy.ResourceControlPolicy, []test{
		{deny(`"Principal": "*", "Action": "s3:*"`), ""},
		{deny(`"Principal": "*", "Action": "ec2:*"`), "UNSUPPORTED_ACTION_IN_POLICY"},
		{deny(`"Principal": "*", "Action": "*"`), "RCP_SYNTAX_ERROR_ACTION"},
		{deny(`"Principal": "*", "Action": "*:Get*"`), "RCP_SYNTAX_ERROR_ACTION WILDCARD_IN_SERVICE_NAME"},
		{deny(`"Principal": "*", "NotAction": "s3:*"`), "RCP_SYNTAX_ERROR_NOTACTION"},
		{deny(`"Principal": {"AWS": "111122223333"}, "Action": "s3:*"`), "RCP_SYNTAX_ERROR_PRINCIPAL"},
		{allow(`"Principal": "*", "Action": "s3:*"`), "RCP_SYNTAX_ERROR_ALLOW"},
		{deny(`"Principal": "*", "Action": "s3:*"` + strings.Repeat(" ", 5120)), "POLICY_SIZE_EXCEEDS_RCP_QUOTA"},
	})
}

func TestResources(t *testing.T) {
	get := func(resource string) string { return allow(`"Action": "s3:GetObject", "Resource": "` + resource + `"`) }
	run(t, policy.IdentityPolicy, []test{
		{get("arn:aws:s3:::bucket/*"), ""},
		{get("arn:*:s3:::bucket/${aws:username}/*"), ""},
		{get("arn:aws:s3:us-east-1:111122223333:accesspoint/ap/object/*"), ""},
		{get("arn:aws:s3:::*"), ""},
		{get("arn:aws:*:*:*:*"), ""},
		{get("bucket/*"), "INVALID_ARN_PREFIX"},
		{get("arm:aws:s3:::bucket/*"), "INVALID_ARN_PREFIX"},
		{get("arn:amazon:s3:::bucket/*"), "INVALID_PARTITION"},
		{get("arn:aws:s3"), "MISSING_ARN_FIELD"},
		{get("arn:aws::us-east-1:111122223333:bucket/*"), "MISSING_ARN_FIELD"},
		{get("arn:aws:s3::bucket"), "MISSING_ARN_FIELD"},
		{get("arn:aws:s3:*:*"), "MISSING_ARN_FIELD"},
		{get("arn:aws:s3:::bucket"), "RESOURCE_DOES_NOT_FIT_ACTION"},
		{get("arn:aws:S3:::bucket/*"), "RESOURCE_DOES_NOT_FIT_ACTION INVALID_ARN_SERVICE_CASE"},
		{get("arn:aws:s3::111122223333:bucket/*"), "RESOURCE_DOES_NOT_FIT_ACTION ARN_ACCOUNT_NOT_ALLOWED"},
		{get("arn:aws:nosuchservice:::bucket/*"), "RESOURCE_DOES_NOT_FIT_ACTION INVALID_SERVICE"},
		{allow(`"Action": "s3:ListBucket", "Resource": "arn:aws:s3:::bucket/*"`), "RESOURCE_DOES_NOT_FIT_ACTION"},
		{allow(`"Action": ["s3:GetObject", "s3:ListBucket"], "Resource": ["arn:aws:s3:::bucket", "arn:aws:s3:::bucket/*"]`), ""}, // trap 6
		{allow(`"Action": ["s3:GetObject", "s3:PutObject"], "Resource": ["arn:aws:s3:::bucket", "arn:aws:s3:::bucket/*"]`), "RESOURCE_WITHOUT_ACTION"},
		{allow(`"Action": "s3:ListAllMyBuckets", "Resource": "arn:aws:s3:::bucket"`), "ACTION_WITHOUT_RESOURCE_TYPES"},
		{allow(`"Action": ["s3:ListAllMyBuckets", "s3:ListBucket"], "Resource": "arn:aws:s3:::bucket"`), "ACTION_WITHOUT_RESOURCE_TYPES"},
		{allow(`"Action": "iam:GetUser", "Resource": "arn:aws:iam:us-east-1:111122223333:user/jin"`), "RESOURCE_DOES_NOT_FIT_ACTION ARN_REGION_NOT_ALLOWED"},
		{allow(`"Action": "iam:GetUser", "Resource": "arn:aws:iam::1234:user/jin"`), "INVALID_ARN_ACCOUNT"},
		{allow(`"Action": "iam:GetUser", "Resource": "arn:aws:iam:::user/jin"`), "RESOURCE_DOES_NOT_FIT_ACTION MISSING_ARN_ACCOUNT"},
		{allow(`"Action": "iam:GetUser", "Resource": "arn:aws:iam::111122223333:usr/jin"`), "RESOURCE_DOES_NOT_FIT_ACTION INVALID_ARN_RESOURCE"},
		{allow(`"Action": "iam:GetUser", "Resource": "arn:aws:iam::*:user/team-?/*"`), ""},
		{allow(`"Action": "sqs:SendMessage", "Resource": "arn:aws:sqs::111122223333:queue"`), "RESOURCE_DOES_NOT_FIT_ACTION MISSING_ARN_REGION"},
		{allow(`"Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:virginia:111122223333:queue"`), "INVALID_ARN_REGION"},
		{allow(`"Action": "ssm:GetDocument", "Resource": "arn:aws:ssm:*::document/AWS-RunShellScript"`), ""},
		{allow(`"Action": "servicecatalog:DescribeProduct", "Resource": "arn:aws:catalog:us-east-1:111122223333:products/p"`), "RESOURCE_DOES_NOT_FIT_ACTION INVALID_ARN_RESOURCE"},
		{allow(`"Action": "dynamodb:Query", "Resource": "arn:aws:dynamodb:*:*:table/t/index/i"`), ""},
		{allow(`"Action": "dynamodb:GetItem", "Resource": "arn:aws:dynamodb:*:*:table/t/index/i"`), "RESOURCE_DOES_NOT_FIT_ACTION"},
		{allow(`"Action": "s3:GetObject", "Resource": ["arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket/a/*"]`), "REDUNDANT_RESOURCE"},
		{allow(`"Action": "s3:GetObject", "NotResource": "arn:aws:s3:::bucket/*"`), "ALLOW_WITH_NOT_RESOURCE"},
		{deny(`"Action": "s3:GetObject", "NotResource": "arn:aws:s3:us-east-1::bucket/*"`), "ARN_REGION_NOT_ALLOWED"},
		{deny(`"NotAction": "s3:GetObject", "Resource": "arn:aws:sqs:us-east-1:111122223333:queue"`), ""},
	})
}

func TestVariables(t *testing.T) {
	home := func(variable string) string {
		return allow(`"Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/` + variable + `/*"`)
	}
	run(t, policy.IdentityPolicy, []test{
		{home("${aws:username}"), ""},
		{home("${aws:PrincipalTag/team, 'no}ne'}"), ""},
		{home("${*}${?}${$}"), ""},
		{home("${token.actions.githubusercontent.com:sub}"), ""},
		{home("${aws:usrname}"), "INVALID_GLOBAL_CONDITION_KEY"},
		{home("${aws:TagKeys}"), "MULTIVALUED_KEY_IN_VARIABLE"},
		{home("${}"), "EMPTY_VARIABLE"},
		{home("${aws:username"), "MISSING_BRACE_IN_VARIABLE"},
		{home("${aws:username, nobody}"), "MISSING_QUOTE_IN_VARIABLE"},
		{home("${ aws:username}"), "UNSUPPORTED_SPACE_IN_VARIABLE"},
		{home("${aws:username }"), "UNSUPPORTED_SPACE_IN_VARIABLE"},
		{home("${aws:PrincipalTag/}"), "MISSING_TAG_KEY_IN_VARIABLE"},
		{strings.Replace(home("${aws:username}"), "2012", "2008", 1), "DEPRECATED_VERSION VARIABLE_UNSUPPORTED_IN_VERSION"},
		{allow(`"Action": "iam:GetUser", "Resource": "arn:aws:iam::${aws:PrincipalAccount}:user/jin"`), "VARIABLE_UNSUPPORTED_IN_ELEMENT"},
		{allow(`"Action": "s3:GetObject", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "${aws:SourceIdentity}"}}`), ""},
		{allow(`"Action": "s3:GetObject", "Condition": {"NumericLessThan": {"aws:MultiFactorAuthAge": "${aws:PrincipalTag/age}"}}`), "INVALID_VARIABLE_FOR_OPERATOR"},
	})
}

func TestConditions(t *testing.T) {
	when := func(condition string) string {
		return allow(`"Action": ["s3:GetObject", "s3:PutObject"], "Condition": {` + condition + `}`)
	}
	run(t, policy.IdentityPolicy, []test{
		{when(`"StringEquals": {"AWS:principaltag/team": "red", "aws:SourceVPC": "vpc-1"}`), ""},
		{when(`"StringEquals": {"s3:ExistingObjectTag/team": "red"}`), "CONDITION_KEY_NOT_OF_ALL_ACTIONS"},
		{when(`"Null": {"aws:TokenIssueTime": "true"}`), ""},
		{when(`"StringEquals": {"team": "red"}`), "INVALID_CONDITION_KEY_FORMAT"},
		{when(`"StringEquals": {"aws:PrincipleTag/team": "red"}`), "INVALID_GLOBAL_CONDITION_KEY"},
		{when(`"StringEquals": {"s3:prefixx": "red"}`), "INVALID_SERVICE_CONDITION_KEY"},
		{when(`"StringEquals": {"awss:PrincipalAccount": "111122223333"}`), "INVALID_SERVICE_CONDITION_KEY"},
		{when(`"StringEquals": {"login.example.com:sub": "jin"}`), ""},
		{when(`"StringEquals": {"login.example.com/realms/a:email": "jin"}`), ""},
		{when(`"StringEquals": {"aws:ARN": "arn:aws:iam::111122223333:user/jin"}`), "DEPRECATED_GLOBAL_CONDITION_KEY"},
		{when(`"StringEquals": {"s3:prefix": "home/"}`), "UNSUPPORTED_CONDITION_KEY_FOR_ACTION"},
		{when(`"StringEquals": {"ec2:InstanceType": "t3.nano"}`), "UNSUPPORTED_CONDITION_KEY_FOR_ACTION"},
		{when(`"StringEquals": {"aws:SourceVpc": "vpc-1", "aws:sourceVpc": "vpc-1"}`), "DUPLICATE_KEYS_WITH_DIFFERENT_CASE"},
		{when(`"StringEqual": {"aws:SourceVpc": "vpc-1"}`), "INVALID_CONDITION_OPERATOR"},
		{when(`"ForEachValue:StringEquals": {"aws:SourceVpc": "vpc-1"}`), "INVALID_CONDITION_OPERATOR"},
		{when(`"NullIfExists": {"aws:SourceVpc": "true"}`), "NULL_WITH_IF_EXISTS"},
		{when(`"ForAnyValue:Null": {"aws:SourceVpc": "true"}`), "NULL_WITH_QUALIFIER"},
		{when(`"StringEquals": {"aws:CalledVia": "athena.amazonaws.com"}`), "MISSING_QUALIFIER"},
		{when(`"ForAnyValue:StringEquals": {"aws:CalledVia": "athena.amazonaws.com"}`), ""},
		{when(`"ForAllValues:StringEquals": {"aws:CalledVia": "athena.amazonaws.com"}`), "FORALLVALUES_WITHOUT_NULL_CHECK"},
		{when(`"ForAllValues:StringEquals": {"aws:CalledVia": "athena.amazonaws.com"}, "Null": {"aws:calledvia": "false"}`), ""},
		{when(`"ForAllValues:StringEquals": {"aws:SourceVpc": "vpc-1"}`), "FORALLVALUES_WITH_SINGLE_VALUED_KEY"},
		{when(`"Bool": {"aws:SecureTransport": ["true", "false"]}`), "INVALID_CONDITION_MULTIPLE_BOOLEAN"},
		{when(`"StringEquals": {"aws:SecureTransport": "true"}`), "TYPE_MISMATCH"},
		{when(`"StringLike": {"aws:SourceIp": "10.*"}`), "TYPE_MISMATCH"},
		{when(`"StringEquals": {"aws:MultiFactorAuthAge": "3600"}`), "TYPE_MISMATCH"},
		{when(`"NumericEquals": {"aws:CurrentTime": "3600"}`), "TYPE_MISMATCH"},
		{when(`"Bool": {"aws:PrincipalTag/admin": "true"}`), "TYPE_MISMATCH"},
		{when(`"NumericLessThan": {"aws:EpochTime": "1767225600"}`), ""},
		{when(`"Bool": {"aws:SecureTransport": "yes"}`), "TYPE_MISMATCH_BOOLEAN"},
		{when(`"DateLessThan": {"aws:CurrentTime": "tomorrow"}`), "TYPE_MISMATCH_DATE"},
		{when(`"DateLessThan": {"aws:CurrentTime": "1767225600"}`), "INVALID_DATE_VALUE"},
		{when(`"DateLessThan": {"aws:CurrentTime": "2026"}`), ""},
		{when(`"IpAddress": {"aws:SourceIp": "10.0.0.0/33"}`), "TYPE_MISMATCH_IP_RANGE"},
		{when(`"IpAddress": {"aws:SourceIp": "10.0.0.1/8"}`), "IMPROVE_IP_RANGE"},
		{when(`"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}`), ""}, // private networks are as good as others
		{when(`"NumericLessThan": {"aws:MultiFactorAuthAge": "an hour"}`), "TYPE_MISMATCH_NUMBER"},
		{when(`"ArnLike": {"aws:PrincipalArn": "jin"}`), "TYPE_MISMATCH_ARN"},
		{when(`"BinaryEquals": {"aws:PrincipalTag/key": "?"}`), "TYPE_MISMATCH_BINARY"},
		{when(`"ArnLike": {"aws:PrincipalTag/role": "arn:aws:iam::*:role/a"}`), ""},
		{when(`"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/a"}`), "STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS"},
		{when(`"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/a"}`), ""},
		{when(`"StringEquals": {"aws:PrincipalTag/team": "re?"}`), "WILDCARD_WITHOUT_LIKE_OPERATOR"},
		{when(`"StringNotEquals": {"aws:PrincipalTag/team": "red*"}`), "WILDCARD_WITHOUT_LIKE_OPERATOR"},
		{when(`"StringEqualsIgnoreCase": {"aws:PrincipalTag/team": "red*"}`), "WILDCARD_WITHOUT_LIKE_OPERATOR"},
		{when(`"StringEquals": {"aws:PrincipalTag/team": "re${*}"}`), ""},
		{when(`"StringEquals": {"aws:PrincipalTag/team": ["red", "red"]}`), "REDUNDANT_CONDITION_VALUE"},
		{when(``), "EMPTY_OBJECT_CONDITION"},
		{when(`"StringEquals": {}`), "EMPTY_OBJECT_CONDITION"},
		{when(`"StringEquals": {"aws:PrincipalTag/team": []}`), "EMPTY_ARRAY_CONDITION"},
		{when(`"StringNotEquals": {"aws:PrincipalTag/team": []}`), "EMPTY_ARRAY_CONDITION"},
	})
}

func TestPrincipals(t *testing.T) {
	get := func(principal string) string {
		return let(`"Principal": ` + principal + `, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*"`)
	}
	run(t, policy.ResourcePolicy, []test{
		{get(`{"AWS": ["111122223333", "arn:aws:iam::111122223333:role/path/a", "arn:aws:sts::111122223333:assumed-role/a/session"]}`), ""},
		{let(`"Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*"`), "MISSING_PRINCIPAL"},
		{get(`{}`), "MISSING_PRINCIPAL"},
		{get(`{"AWS": []}`), "MISSING_PRINCIPAL"},
		{get(`{"Aws": "111122223333"}`), "INVALID_PRINCIPAL_KEY"},
		{get(`"111122223333"`), "INVALID_PRINCIPAL_FORMAT"},
		{get(`{"AWS": "jin"}`), "INVALID_PRINCIPAL_FORMAT"},
		{get(`{"AWS": ""}`), "INVALID_PRINCIPAL_FORMAT"},
		{get(`{"AWS": "arn:aws:iam::111122223333:group/all"}`), "INVALID_PRINCIPAL_FORMAT"},
		{get(`{"AWS": "arn:aws:iam::111122223333:role/*"}`), "UNSUPPORTED_WILDCARD_IN_PRINCIPAL"},
		{get(`{"CanonicalUser": "*"}`), "UNSUPPORTED_WILDCARD_IN_PRINCIPAL"},
		{get(`{"AWS": "AIDACKCEVSQ6C2EXAMPLE"}`), "INVALID_USER_REFERENCE"},
		{get(`{"AWS": "AROACKCEVSQ6C2EXAMPLE"}`), "INVALID_ROLE_REFERENCE"},
		{get(`{"AWS": ["111122223333", "111122223333"]}`), "REDUNDANT_PRINCIPAL"},
		{get(`{"Service": "cloudfront.amazonaws.com"}`), "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL"},
		{get(`{"Service": "cloudfront"}`), "INVALID_SERVICE_PRINCIPAL_FORMAT RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL"},
		{let(`"Principal": {"Service": "cloudfront.amazonaws.com"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*", "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}`), ""},
		{let(`"NotPrincipal": {"AWS": "111122223333"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*"`), "ALLOW_WITH_NOT_PRINCIPAL"},
		{deny(`"NotPrincipal": {"AWS": "111122223333"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*"`), "DENY_WITH_NOT_PRINCIPAL"},
		{get(`"*"`), "PUBLIC_ACCESS"},
		{get(`{"AWS": "*"}`), "PUBLIC_ACCESS"},
		{let(`"Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}`), "PUBLIC_BY_SOURCE_IP"},
		{let(`"Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}`), ""},
		{let(`"Principal": {"AWS": "111122223333"}, "Action": "ecr:BatchGetImage"`), ""},
		{`{"Version": "2012-10-17", "Statement": [
			{"Effect": "Allow", "Principal": {"AWS": ["111122223333", "444455556666"]}, "Action": "ecr:*"},
			{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "ecr:BatchGetImage"},
			{"Effect": "Allow", "Principal": {"AWS": "777788889999"}, "Action": "ecr:BatchGetImage"}]}`, "REDUNDANT_STATEMENT"},
	})
	run(t, policy.EndpointPolicy, []test{
		{let(`"Principal": "*", "Action": "*", "Resource": "*"`), ""},
		{let(`"Principal": "*", "Action": "*"`), "MISSING_RESOURCE"},
	})
}

func TestTrust(t *testing.T) {
	const github = `"Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}, "Action": "sts:AssumeRoleWithWebIdentity"`
	run(t, policy.TrustPolicy, []test{
		{let(`"Principal": {"Service": "ec2.amazonaws.com", "AWS": "111122223333"}, "Action": ["sts:AssumeRole", "sts:TagSession"]`), ""},
		{let(`"Principal": {"AWS": "111122223333"}, "Action": ["sts:AssumeRole", "sts:TagSession"], "Condition": {"StringEquals": {"sts:ExternalId": "x"}}`), ""},
		{let(`"Principal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole", "Resource": "*"`), "ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE"},
		{let(`"Principal": {"AWS": "111122223333"}, "Action": "*"`), "UNSUPPORTED_ACTION_IN_POLICY"},
		{let(`"Principal": {"AWS": "111122223333"}, "Action": "s3:GetObject"`), "UNSUPPORTED_ACTION_IN_POLICY"},
		{let(`"Principal": "*", "Action": "sts:AssumeRole"`), "ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL"},
		{let(`"Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"`), "PUBLIC_ACCESS"},
		{let(`"Principal": {"AWS": "111122223333"}, "Action": "sts:AssumeRoleWithSAML"`), "MISMATCHED_ACTION_FOR_PRINCIPAL"},
		{let(`"Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/adfs"}, "Action": "sts:AssumeRole"`), "MISMATCHED_ACTION_FOR_PRINCIPAL"},
		{let(`"Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/adfs"}, "Action": ["sts:AssumeRoleWithSAML", "sts:SetSourceIdentity"], "Condition": {"StringEquals": {"saml:aud": "https://signin.aws.amazon.com/saml"}}`), ""},
		{let(`"Principal": {"Federated": "*"}, "Action": "sts:AssumeRoleWithWebIdentity"`), ""},
		{let(github), "MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL"},
		{let(github + `, "Condition": {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}`), "MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL"},
		{let(github + `, "Condition": {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com", "token.actions.githubusercontent.com:sub": "repo:a/b:ref:refs/heads/main"}}`), ""},
		{let(`"Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/keycloak"}, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringEquals": {"keycloak:sub": "jin"}}`), ""},
		{deny(`"NotPrincipal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole", "NotResource": "*"`), "UNSUPPORTED_PRINCIPAL ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE"},
	})
}

func TestDangers(t *testing.T) {
	mfa := func(operator, value string) string {
		return `"Action": "s3:GetObject", "Condition": {"` + operator + `": {"aws:MultiFactorAuthPresent": "` + value + `"}}`
	}
	roles := `"arn:aws:iam::111122223333:role/*"`
	run(t, policy.IdentityPolicy, []test{
		{deny(mfa("Bool", "false")), "MFA_DENY_WITHOUT_IF_EXISTS"}, // trap 4
		{deny(mfa("BoolIfExists", "false")), ""},
		{deny(`"Action": "s3:GetObject", "Condition": {"NumericGreaterThan": {"aws:MultiFactorAuthAge": "3600"}}`), "MFA_DENY_WITHOUT_IF_EXISTS"},
		{deny(mfa("Bool", "true")), ""},
		{allow(mfa("Bool", "true")), ""},
		{allow(mfa("BoolIfExists", "true")), "MFA_ALLOW_WITH_IF_EXISTS"},
		{deny(`"Action": "s3:GetObject", "Condition": {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}`), "DENY_BY_SOURCE_IP_WITHOUT_VIA_AWS_SERVICE"},
		{deny(`"Action": "s3:GetObject", "Condition": {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}, "Bool": {"aws:ViaAWSService": "false"}}`), ""},
		{allow(`"NotAction": ["iam:*", "organizations:*", "account:*"]`), "ALLOW_WITH_NOT_ACTION"}, // trap 3: PowerUserAccess
		{allow(`"Action": "iam:*"`), "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE PRIVILEGE_ESCALATION CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE"},
		{allow(`"Action": "*"`), "FULL_ACCESS PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE PRIVILEGE_ESCALATION CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE"}, // E12
		{`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, {"Effect": "Allow", "Action": "iam:*", "Resource": "*"}]}`,
			"ALLOW_WITH_NOT_ACTION FULL_ACCESS PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE PRIVILEGE_ESCALATION CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE"},
		{allow(`"Action": "iam:PassRole"`), "PASS_ROLE_WITH_STAR_IN_RESOURCE"},
		{allow(`"Action": "iam:PassRole", "Resource": ` + roles), "PASS_ROLE_WITH_STAR_IN_RESOURCE"},
		{allow(`"Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/app-*"`), ""},
		{allow(`"Action": "iam:PassRole", "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}`), ""},
		{allow(`"Action": "iam:PassRole", "NotResource": "arn:aws:iam::111122223333:role/admin"`), "PASS_ROLE_WITH_NOT_RESOURCE ALLOW_WITH_NOT_RESOURCE"},
		{allow(`"Action": "iam:Pass*", "NotResource": "arn:aws:iam::111122223333:role/admin"`), "PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE ALLOW_WITH_NOT_RESOURCE"},
		{allow(`"NotAction": "iam:Cr*", "NotResource": "arn:aws:iam::111122223333:role/admin", "Condition": {"ArnLike": {"iam:PolicyARN": "*"}}`), "ALLOW_WITH_NOT_ACTION PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE ALLOW_WITH_NOT_RESOURCE"},
		{allow(`"NotAction": ["iam:C*", "iam:Attach*", "iam:A*User*", "iam:*Policy*", "iam:*Boundary", "iam:Update*"]`), "ALLOW_WITH_NOT_ACTION PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION"},
		{allow(`"NotAction": ["iam:PassRole", "iam:Attach*", "iam:A*User*", "iam:*Policy*", "iam:*Boundary", "iam:Update*", "iam:CreateAccessKey", "iam:CreateLoginProfile"]`), "ALLOW_WITH_NOT_ACTION CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION"},
		{allow(`"Action": "iam:CreateServiceLinkedRole"`), "CREATE_SLR_WITH_STAR_IN_RESOURCE"},
		{allow(`"Action": "iam:CreateServiceLinkedRole", "Resource": "arn:aws:iam::*:role/aws-service-role/ecs.amazonaws.com/*"`), ""},
		{allow(`"Action": "iam:CreateServiceLinkedRole", "NotResource": "arn:aws:iam::*:role/aws-service-role/ecs.amazonaws.com/*"`), "CREATE_SLR_WITH_NOT_RESOURCE ALLOW_WITH_NOT_RESOURCE"},
		{allow(`"Action": "iam:CreateServiceL*", "NotResource": "arn:aws:iam::*:role/aws-service-role/ecs.amazonaws.com/*"`), "CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE ALLOW_WITH_NOT_RESOURCE"},
		{allow(`"NotAction": ["iam:Pass*"], "NotResource": "arn:aws:iam::*:role/aws-service-role/ecs.amazonaws.com/*", "Condition": {"ArnLike": {"iam:PolicyARN": "*"}}`), "ALLOW_WITH_NOT_ACTION CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE ALLOW_WITH_NOT_RESOURCE"},
		{allow(`"Action": "iam:AttachUserPolicy", "Resource": "arn:aws:iam::*:user/${aws:username}"`), "PRIVILEGE_ESCALATION"},
		{allow(`"Action": "iam:CreateAccessKey", "Resource": "arn:aws:iam::*:user/${aws:username}"`), ""},
		{allow(`"Action": "iam:CreateAccessKey", "Resource": "arn:aws:iam::*:user/*"`), "PRIVILEGE_ESCALATION"},
		{allow(`"Action": "iam:AttachRolePolicy", "Resource": ` + roles + `, "Condition": {"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnlyAccess"}}`), ""},
		{deny(`"Action": "iam:*"`), ""},
	})
	run(t, policy.ResourcePolicy, []test{
		{let(`"Principal": {"AWS": "111122223333"}, "Action": "*", "Resource": "*"`), "FULL_ACCESS"},
	})
}
