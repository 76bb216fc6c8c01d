package validate_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/policy/validate"
)

// test is a document with the codes of its findings, in their order.
type test struct {
	src  string
	want string
}

// allow and deny make a document of the elements of one statement, in which
// Resource is * if it does not have one.
func allow(elements string) string { return document("Allow", elements) }
func deny(elements string) string  { return document("Deny", elements) }

func document(effect, elements string) string {
	if !strings.Contains(elements, `Resource"`) {
		elements += `, "Resource": "*"`
	}
	return fmt.Sprintf(`{"Version": "2012-10-17", "Statement": {"Effect": %q, %s}}`, effect, elements)
}

// let makes a resource-based policy, or with a Principal of its own a trust policy.
func let(elements string) string {
	return fmt.Sprintf(`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", %s}}`, elements)
}

// codes gives the codes of findings, without doubles.
func codes(findings []validate.Finding) string {
	var list []string
	for _, f := range findings {
		list = append(list, f.Code)
	}
	return strings.Join(slices.Compact(list), " ")
}

// covered collects the codes that tables expect, for TestEveryCheckIsTested.
var covered = map[string]bool{}

func run(t *testing.T, kind policy.Kind, tests []test) {
	t.Helper()
	for _, test := range tests {
		findings := validate.Document([]byte(test.src), kind)
		if got := codes(findings); got != test.want {
			t.Errorf("%s\ngot  %s\nwant %s\n%v", test.src, got, test.want, findings)
		}
		for _, code := range strings.Fields(test.want) {
			covered[code] = true
		}
		check(t, test.src, kind, findings)
	}
}

// check holds of the findings of every document.
func check(t *testing.T, src string, kind policy.Kind, findings []validate.Finding) {
	t.Helper()
	var refusals []string
	for i, f := range findings {
		if f.Start.Offset < 0 || f.End.Offset < f.Start.Offset || f.End.Offset > len(src) || f.Start.Line < 1 || f.Start.Column < 1 {
			t.Errorf("%s\n%s is from %+v to %+v", src, f.Code, f.Start, f.End)
		}
		if i > 0 && findings[i-1].Start.Offset > f.Start.Offset {
			t.Errorf("%s\n%s stands behind %s", src, f.Code, findings[i-1].Code)
		}
		if f.Message == "" || f.Severity == "" {
			t.Errorf("%s\n%+v is not complete", src, f)
		}
		if f.Refusal != "" {
			refusals = append(refusals, f.Refusal)
		}
		if f.Refusal != "" && f.Severity != validate.Error {
			t.Errorf("%s\n%s keeps the document from being stored, and is no error", src, f.Code)
		}
	}
	var want []string
	if _, err := policy.ParseAs(kind, []byte(src)); err != nil {
		want = []string{err.Error()}
	}
	if !slices.Equal(refusals, want) {
		t.Errorf("%s\nrefused with %q, want %q", src, refusals, want)
	}
}

// TestFixes puts every repair into its place: the finding is then gone.
func TestFixes(t *testing.T) {
	for _, test := range fixes {
		findings := validate.Document([]byte(test.src), test.kind)
		i := slices.IndexFunc(findings, func(f validate.Finding) bool { return f.Fix != "" })
		if i < 0 {
			t.Errorf("%s\nno repair: %v", test.src, findings)
			continue
		}
		f := findings[i]
		repaired := test.src[:f.Start.Offset] + f.Fix + test.src[f.End.Offset:]
		if repaired != test.want {
			t.Errorf("%s\nrepaired is %s", test.src, repaired)
		}
		if again := validate.Document([]byte(repaired), test.kind); strings.Contains(codes(again), f.Code) {
			t.Errorf("%s\nstill has %v", repaired, again)
		}
	}
}

var fixes = []struct {
	kind      policy.Kind
	src, want string
}{
	{policy.IdentityPolicy, allow(`"Action": "s3:GetObjct"`), allow(`"Action": "s3:GetObject"`)},
	{policy.IdentityPolicy, allow(`"Action": "s4:GetObject"`), allow(`"Action": "s3:GetObject"`)},
	{policy.IdentityPolicy, allow(`"Actions": "s3:GetObject"`), allow(`"Action": "s3:GetObject"`)},
	{policy.IdentityPolicy, document("allow", `"Action": "s3:GetObject"`), allow(`"Action": "s3:GetObject"`)},
	{policy.IdentityPolicy, allow(`"Sid": "read-only", "Action": "s3:GetObject"`), allow(`"Sid": "readonly", "Action": "s3:GetObject"`)},
	{policy.IdentityPolicy, strings.Replace(allow(`"Action": "s3:GetObject"`), "2012-10-17", "2012-10-18", 1), allow(`"Action": "s3:GetObject"`)},
	{policy.ManagedPolicy, strings.Replace(allow(`"Action": "s3:GetObject"`), "2012-10-17", "2008-10-17", 1), allow(`"Action": "s3:GetObject"`)},
	{policy.IdentityPolicy, allow(`"Action": "s3:GetObject", "Condition": {"StringEqual": {"aws:PrincipalTag/team": "red"}}`), allow(`"Action": "s3:GetObject", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "red"}}`)},
	{policy.IdentityPolicy, allow(`"Action": "s3:GetObject", "Condition": {"StringEquals": {"aws:PrincipleTag/team": "red"}}`), allow(`"Action": "s3:GetObject", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "red"}}`)},
	{policy.IdentityPolicy, allow(`"Action": "s3:GetObject", "Condition": {"IpAddress": {"SourceIp": "203.0.113.0/24"}}`), allow(`"Action": "s3:GetObject", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}`)},
	{policy.IdentityPolicy, allow(`"Action": "s3:GetObject", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.7/24"}}`), allow(`"Action": "s3:GetObject", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}`)},
	{policy.IdentityPolicy, allow(`"Action": "s3:GetObject", "Condition": {"StringEquals": {"aws:SecureTransport": "true"}}`), allow(`"Action": "s3:GetObject", "Condition": {"Bool": {"aws:SecureTransport": "true"}}`)},
	{policy.IdentityPolicy, allow(`"Action": "s3:GetObject", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "red-*"}}`), allow(`"Action": "s3:GetObject", "Condition": {"StringLike": {"aws:PrincipalTag/team": "red-*"}}`)},
	{policy.IdentityPolicy, deny(`"Action": "s3:GetObject", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}`), deny(`"Action": "s3:GetObject", "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}`)},
	{policy.IdentityPolicy, allow(`"Action": "iam:GetUser", "Resource": "arn:aws:iam:us-east-1:111122223333:user/jin"`), allow(`"Action": "iam:GetUser", "Resource": "arn:aws:iam::111122223333:user/jin"`)},
	{policy.IdentityPolicy, allow(`"Action": "s3:GetObject", "Resource": "arn:aws:s3::111122223333:bucket/key"`), allow(`"Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/key"`)},
	{policy.IdentityPolicy, allow(`"Action": "s3:GetObject", "Resource": "arn:aws:S3:::bucket/key"`), allow(`"Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/key"`)},
	{policy.IdentityPolicy, allow(`"Action": "dynamodb:GetItem", "Resource": "arn:aws:dynamodbb:us-east-1:111122223333:table/t"`), allow(`"Action": "dynamodb:GetItem", "Resource": "arn:aws:dynamodb:us-east-1:111122223333:table/t"`)},
	{policy.IdentityPolicy, allow(`"Action": "s3:GetObject", "Condition": {"NullIfExists": {"aws:SourceVpc": "true"}}`), allow(`"Action": "s3:GetObject", "Condition": {"Null": {"aws:SourceVpc": "true"}}`)},
	{policy.IdentityPolicy, allow(`"Action": "s3:GetObject", "Condition": {"StringNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/a"}}`), allow(`"Action": "s3:GetObject", "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/a"}}`)},
}
