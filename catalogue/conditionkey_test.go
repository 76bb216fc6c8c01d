package catalogue

import (
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
)

func TestLookupKey(t *testing.T) {
	for _, test := range []struct{ name, key, kind string }{
		{"aws:SourceIp", "aws:SourceIp", "IPAddress"},
		{"AWS:sourceip", "aws:SourceIp", "IPAddress"},
		{"aws:PrincipalTag/team", "aws:PrincipalTag/${TagKey}", "String"},
		{"aws:requesttag/cost center", "aws:RequestTag/${TagKey}", "String"},
		{"aws:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}", "String"},
		{"aws:TagKeys", "aws:TagKeys", "ArrayOfString"},
		{"aws:CurrentTime", "aws:CurrentTime", "Date"},
		{"aws:MultiFactorAuthAge", "aws:MultiFactorAuthAge", "Numeric"},
		{"iam:PassedToService", "iam:PassedToService", "String"},
		{"iam:ResourceTag/owner", "iam:ResourceTag/${TagKey}", "String"},
		{"s3:prefix", "s3:prefix", "String"},
		{"ec2:SourceInstanceARN", "ec2:SourceInstanceArn", "ARN"},
		{"kms:EncryptionContext:app", "kms:EncryptionContext:${EncryptionContextKey}", "String"},
		{"codebuild:environment.environmentVariables/HOME.value", "codebuild:environment.environmentVariables/${name}.value", "String"},
		{"token.actions.githubusercontent.com:actor", "token.actions.githubusercontent.com:actor", "String"},
		{"ec2:osuser", "ec2:osuser", "String"}, // of ec2-instance-connect, not of ec2
		{"saml:aud", "saml:aud", "String"},
	} {
		k, ok := LookupKey(test.name)
		if !ok || k.Name != test.key || k.Type != test.kind {
			t.Errorf("%s: got %+v", test.name, k)
		}
	}
	for _, name := range []string{"", "aws:", "aws:NoSuchKey", "aws:PrincipalTag", "aws:PrincipalTag/", "iam:NoSuchKey", "sub", "nosuch:key"} {
		if k, ok := LookupKey(name); ok {
			t.Errorf("%q is %+v", name, k)
		}
	}
}

func TestKeyTypes(t *testing.T) {
	tags, _ := LookupKey("aws:TagKeys")
	if !tags.Multivalued() || tags.ValueType() != "String" {
		t.Errorf("aws:TagKeys is %+v", tags)
	}
	ip, _ := LookupKey("aws:SourceIp")
	if ip.Multivalued() || ip.ValueType() != "IPAddress" {
		t.Errorf("aws:SourceIp is %+v", ip)
	}
}

func TestFits(t *testing.T) {
	for _, test := range []struct {
		template, name string
		want           bool
	}{
		{"a", "a", true},
		{"a", "ab", false},
		{"a/${x}", "a/b", true},
		{"a/${x}", "a/b/c:d", true},
		{"a/${x}", "a/", false},
		{"a/${x}", "b/c", false},
		{"${x}", "a", true},
		{"${x}", "", false},
		{"${x}.b", "a.b", true},
		{"${x}.b", ".b", false},
		{"${x}.b", "a.b.b", true},
		{"${x}.b", "a.b.c", false},
		{"a${x}b${y}c", "a1b2c", true},
		{"a${x}b${y}c", "abbbc", true},
		{"a${x}b${y}c", "abbc", false},
		{"a${x}b${y}c", "a1b2cd", false},
		{"a${x}b${y}c", "a1c", false},
		{"a${x}b${y}", "a1b", false},
		{"a${x}b${y}", "a1b2", true},
	} {
		if got := fits(test.template, test.name); got != test.want {
			t.Errorf("fits(%q, %q) = %v", test.template, test.name, got)
		}
	}
}

// A template means the same as a regular expression with .+ for each variable.
func FuzzFits(f *testing.F) {
	f.Add("a/", "b", "", "a/x/b")
	f.Add("", ".b", "c", "x.b.bc")
	f.Fuzz(func(t *testing.T, first, second, third, name string) {
		all := first + second + third + name
		if strings.Contains(all, "$") || strings.ContainsFunc(all, func(r rune) bool { return r > unicode.MaxASCII }) {
			t.Skip() // a character is a byte
		}
		q := regexp.QuoteMeta
		re := regexp.MustCompile(`(?s)^` + q(first) + `.+` + q(second) + `.+` + q(third) + `$`)
		template := first + "${x}" + second + "${y}" + third
		if got, want := fits(template, name), re.MatchString(name); got != want {
			t.Errorf("fits(%q, %q) = %v, want %v", template, name, got, want)
		}
	})
}

// Names come from policies that anybody writes: a long one must not take long.
func TestLongKeyIsQuick(t *testing.T) {
	start := time.Now()
	LookupKey("codebuild:environment.environmentVariables/" + strings.Repeat(".value", 1<<18))
	if d := time.Since(start); d > time.Second {
		t.Errorf("it took %v", d)
	}
}
