package iam

import (
	"testing"

	"github.com/writ-iam/writ/catalogue"
	"github.com/writ-iam/writ/policy"
)

// Which actions might be allowed, as AWS's own reports were seen to tell.
func TestGrants(t *testing.T) {
	for _, test := range []struct {
		name, statements string
		yes, no          []string
	}{
		{"nothing", `[]`, nil, []string{"s3:GetObject"}},
		{"an action", `{"Effect":"Allow","Action":"s3:getobject","Resource":"*"}`, []string{"s3:GetObject"}, []string{"s3:PutObject", "sqs:SendMessage"}},
		{"all but one", `{"Effect":"Allow","NotAction":"s3:Get*","Resource":"*"}`, []string{"s3:PutObject", "iam:GetUser"}, []string{"s3:GetObject"}},
		{"under conditions", `{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"aws:username":"nobody"}}}`, []string{"s3:GetObject"}, nil},
		{"denied", `[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"s3:*","Resource":"*"}]`, []string{"iam:GetUser"}, []string{"s3:GetObject"}},
		{"denied under conditions", `[{"Effect":"Allow","Action":"s3:*","Resource":"*"},{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]`, []string{"s3:GetObject"}, nil},
		{"denied on some", `[{"Effect":"Allow","Action":"s3:*","Resource":"*"},{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::a/*"}]`, []string{"s3:GetObject"}, nil},
		{"denied on all that is allowed", `[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::a/b/*"},{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::a/*"}]`, nil, []string{"s3:GetObject"}},
		{"denied on the same", `[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::a/?"},{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::a/?"}]`, nil, []string{"s3:GetObject"}},
		{"denied on something else", `[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::a/*"},{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::a/?"}]`, []string{"s3:GetObject"}, nil},
		{"another service's resource", `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:iam::111122223333:user/a"}`, nil, []string{"s3:GetObject"}},
		{"another type of resource", `{"Effect":"Allow","Action":"iam:*","Resource":"arn:aws:iam::*:user/*"}`, []string{"iam:GetUser"}, []string{"iam:GetRole", "iam:ListAccountAliases"}},
		{"a resource with a variable", `{"Effect":"Allow","Action":"iam:*","Resource":"arn:aws:iam::*:user/${aws:username}"}`, []string{"iam:GetUser"}, nil},
		{"not some resources", `{"Effect":"Allow","Action":"iam:GetUser","NotResource":"arn:aws:iam::*:user/a"}`, []string{"iam:GetUser"}, nil},
		{"not any resource", `{"Effect":"Allow","Action":"iam:GetUser","NotResource":"*"}`, nil, []string{"iam:GetUser"}},
		{"nothing readable", `{`, nil, []string{"s3:GetObject"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var g grants
			g.add(policy.Load(test.name, []byte(`{"Version":"2012-10-17","Statement":`+test.statements+`}`)))
			for _, action := range test.yes {
				if !allowedBy(t, &g, action) {
					t.Errorf("%s is not allowed", action)
				}
			}
			for _, action := range test.no {
				if allowedBy(t, &g, action) {
					t.Errorf("%s is allowed", action)
				}
			}
		})
	}
}

func allowedBy(t *testing.T, g *grants, name string) bool {
	t.Helper()
	a, ok := catalogue.LookupAction(name)
	if !ok {
		t.Fatalf("no action %s", name)
	}
	for _, prefix := range catalogue.Services() {
		s, _ := catalogue.LookupService(prefix)
		if found, ok := s.Action(a.Name); ok && found == a {
			return g.names(prefix) && g.allows(s, a)
		}
	}
	t.Fatalf("no service of %s", name)
	return false
}

func TestPatternsMeet(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"", "", true}, {"a", "a", true}, {"a", "b", false},
		{"*", "", true}, {"*", "*", true}, {"?", "*", true}, {"?", "", false},
		{"a*", "*b", true}, {"a*", "b*", false}, {"*a", "*b", false},
		{"a?c", "*b*", true}, {"a?c", "??", false}, {"a?c", "???", true},
		{"user/*", "user/*", true}, {"user/a*", "*/b", true}, {"user/a*", "role/*", false},
		{"*a*b*", "*b*a*", true}, {"a*b", "a*c", false}, {"ab*", "a", false},
	} {
		for _, pair := range [][2]string{{test.a, test.b}, {test.b, test.a}} {
			if got := meet(pair[0], pair[1]); got != test.want {
				t.Errorf("meet(%q, %q) = %t", pair[0], pair[1], got)
			}
		}
	}
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"arn:aws:iam::1:user/*", "arn:*:iam::*:user/*", true},
		{"arn:aws:iam::1:user/*", "arn:*:s3:::*", false},
		{"arn:aws:*", "arn:*:s3:::*", true},
		{"arn:*:iam::*:role/*", "arn:*:iam::*:user/*", false},
	} {
		if got := meetARNs(test.a, test.b); got != test.want {
			t.Errorf("meetARNs(%q, %q) = %t", test.a, test.b, got)
		}
	}
}
