package validate_test

import (
	"testing"

	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/policy/validate"
)

// FuzzDocument: whatever is validated, the findings have their places, and say of
// every document that AWS refuses why.
func FuzzDocument(f *testing.F) {
	for _, src := range []string{
		`{`, `{"Version": "2012-10-17", "Statement": []}`,
		allow(`"Action": ["s3:Get*", "iam:PassRole"], "Resource": "arn:aws:s3:::bucket/${aws:username, 'x'}/*", "Condition": {"StringLike": {"aws:PrincipalTag/a": ["*", "b"]}}`),
		deny(`"NotAction": "sts:*", "NotResource": "arn:aws:iam::*:role/a?", "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": false}}`),
		let(`"Principal": {"AWS": ["*", "111122223333"], "Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"`),
		let(`"NotPrincipal": "*", "Action": "*", "Resource": "arn:aws:s3"`),
		`{"Version": "2012-10-17", "Statement": [{"Sid": "a", "Sid2": 1}, {"Sid": "a"}, 7]}`,
		`{"Version": "2008-10-17", "Id": [], "Statement": {"Effect": "allow", "Condition": {"": {"": ""}, "Null": [], "NumericEquals": {"a:b": 1e9}}}}`,
	} {
		for kind := policy.IdentityPolicy; kind <= policy.ResourceControlPolicy; kind++ {
			f.Add(src, byte(kind))
		}
	}
	f.Fuzz(func(t *testing.T, src string, kind byte) {
		k := policy.Kind(kind) % (policy.ResourceControlPolicy + 1)
		findings := validate.Document([]byte(src), k)
		check(t, src, k, findings)
		d, err := policy.Parse([]byte(src))
		if err != nil {
			return
		}
		for _, p := range d.Problems() {
			ofPrincipal := p.Element == "Principal" || p.Element == "NotPrincipal" // one finding may be about all of them
			if len(findings) < 1000 && !ofPrincipal && !reported(findings, p.Pos.Offset, src) {
				t.Errorf("%s\n%s is not among %v", src, p, findings)
			}
		}
	})
}

// reported says whether a finding is about what stands at an offset, or, if that
// is a name, about its value.
func reported(findings []validate.Finding, offset int, src string) bool {
	for _, f := range findings {
		if f.Start.Offset <= offset && offset < f.End.Offset {
			return true
		}
		if f.Start.Offset > offset && onlyName(src[offset:f.Start.Offset]) {
			return true
		}
	}
	return false
}

// onlyName says whether a text is the name of a member up to its value.
func onlyName(text string) bool {
	quotes := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\':
			i++
		case c == '"':
			quotes++
		case quotes%2 == 0 && c != ':' && c != ' ' && c != '\t' && c != '\n' && c != '\r':
			return false
		}
	}
	return quotes == 2
}
