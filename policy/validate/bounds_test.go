package validate_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/policy/validate"
)

// TestBounds: documents far beyond all quotas, each hard on one of the checks,
// are still answered within seconds, and with no more findings than anybody reads.
func TestBounds(t *testing.T) {
	fill := func(format string) string {
		var b strings.Builder
		for i := 0; b.Len() < policy.MaxSize/4; i++ {
			fmt.Fprintf(&b, format, i)
		}
		return strings.TrimSuffix(b.String(), ",")
	}
	for name, src := range map[string]string{
		"unknown actions":   allow(`"Action": [` + fill(`"ec2:DescribeInstanceTypo%d",`) + `]`),
		"wild actions":      allow(`"Action": [` + fill(`"ec2:*%d*",`) + `], "Resource": "arn:aws:ec2:*:*:instance/*"`),
		"services":          allow(`"Action": [` + fill(`"service%d:Get",`) + `]`),
		"resources":         allow(`"Action": "ec2:*", "Resource": [` + fill(`"arn:aws:ec2:*:*:*i*n*s*/%d*",`) + `]`),
		"a long resource":   allow(`"Action": "ec2:*", "Resource": "arn:aws:ec2:*:*:` + fill(`*%d`)[:50_000] + `"`),
		"statements":        `{"Version": "2012-10-17", "Statement": [` + fill(`{"Effect": "Allow", "Action": ["s3:Get*%d"], "Resource": "*"},`) + `]}`,
		"empty statements":  `{"Version": "2012-10-17", "Statement": [` + fill(`{"Sid%d": ""},`) + `]}`,
		"keys":              allow(`"Action": "ec2:*", "Condition": {"StringEquals": {` + fill(`"ec2:ResourceTag/%d": "x",`) + `}}`),
		"unknown keys":      allow(`"Action": "ec2:*", "Condition": {"StringEquals": {` + fill(`"aws:PrincipleTag%d": "x",`) + `}}`),
		"unknown operators": allow(`"Action": "ec2:*", "Condition": {` + fill(`"StringEqual%d": {},`) + `}`),
		"values":            allow(`"Action": "ec2:*", "Condition": {"NumericEquals": {"aws:MultiFactorAuthAge": [` + fill(`"x%d",`) + `]}}`),
		"variables":         allow(`"Action": "s3:*", "Resource": "arn:aws:s3:::` + fill(`${aws:usrname%d}`)[:100_000] + `"`),
		"braces":            allow(`"Action": "s3:*", "Resource": "arn:aws:s3:::` + strings.Repeat("${", 10_000) + `"`),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			findings := validate.Document([]byte(src), policy.IdentityPolicy)
			if len(findings) > 1000 {
				t.Errorf("%d findings", len(findings))
			}
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("took %v", took)
			} else {
				t.Log(took, len(findings))
			}
		})
	}
}

// TestSevereFindings: what is severe is told however much there is that is not.
func TestSevereFindings(t *testing.T) {
	many := strings.Repeat(`"s3:GetObject", `, 5000) + `"s3:GetObject"`
	findings := validate.Document([]byte(allow(`"Action": [`+many+`, "s3:GetObjct"]`)), policy.IdentityPolicy)
	if n := len(findings); n != 1000 || findings[n-1].Severity != validate.Error {
		t.Errorf("%d findings, the last is %v", n, findings[n-1])
	}
	many = strings.Repeat(`"s3:GetObjct", `, 5000) + `"s3:GetObjct"`
	src := `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*", "Action": [` + many + `]}, {"Effect": "Allow", "Action": "s3:GetObject"}]}`
	findings = validate.Document([]byte(src), policy.IdentityPolicy)
	check(t, src, policy.IdentityPolicy, findings)
	if n := len(findings); n != 1000 {
		t.Errorf("%d findings", n)
	}
}
