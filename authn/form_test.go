package authn_test

import (
	"maps"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/sigv4"
)

// posting is a call by a form.
func posting(t *testing.T, at time.Time) *writ.Call {
	c, _, _ := request(t, "s3", "PostObject", sigv4.Credentials{})
	c.Time = at
	return c
}

// A form is its signer's if its policy is signed with the signer's key of the
// day; whatever is missing, changed or old is refused.
func TestAuthenticateForm(t *testing.T) {
	b := newBench(t)
	scope := sigv4.Scope{Date: now.Format("20060102"), Region: "eu-west-1", Service: "s3"}
	signed := map[string]string{"key": "a", "policy": "cG9saWN5", "x-amz-algorithm": "AWS4-HMAC-SHA256", "x-amz-date": now.Format("20060102T150405Z"),
		"x-amz-credential": bob.AccessKeyID + "/" + scope.String(), "x-amz-signature": sigv4.NewKey(bob.SecretAccessKey, scope).SignText("cG9saWN5")}
	for _, c := range []struct {
		name   string
		change map[string]string // "-" takes a field away
		at     time.Duration
		code   string
	}{
		{"as it was signed", nil, 0, ""},
		{"six days later", nil, 6 * 24 * time.Hour, ""},
		{"eight days later", nil, 8 * 24 * time.Hour, "AccessDenied"},
		{"an hour before", nil, -time.Hour, "AccessDenied"},
		{"another policy", map[string]string{"policy": "b3RoZXI="}, 0, "SignatureDoesNotMatch"},
		{"another signature", map[string]string{"x-amz-signature": "00"}, 0, "SignatureDoesNotMatch"},
		{"no signature", map[string]string{"x-amz-signature": "-"}, 0, "InvalidArgument"},
		{"no policy", map[string]string{"policy": "-"}, 0, "InvalidArgument"},
		{"an unknown key", map[string]string{"x-amz-credential": "AKIAUNKNOWN/" + scope.String()}, 0, "InvalidAccessKeyId"},
		{"a key for another service", map[string]string{"x-amz-credential": bob.AccessKeyID + "/" + scope.Date + "/eu-west-1/iam/aws4_request"}, 0, "InvalidArgument"},
		{"another day", map[string]string{"x-amz-date": now.AddDate(0, 0, -1).Format("20060102T150405Z")}, 0, "InvalidArgument"},
		{"a token that is none", map[string]string{"x-amz-security-token": "token"}, 0, "InvalidToken"},
	} {
		fields := maps.Clone(signed)
		for name, text := range c.change {
			if fields[name] = text; text == "-" {
				delete(fields, name)
			}
		}
		call := posting(t, now.Add(c.at))
		err := b.AuthenticateForm(call, httptest.NewRequest("POST", "/lab", nil), fields)
		if code(err) != c.code || (err == nil) != (c.code == "") {
			t.Errorf("%s: %v, want %s", c.name, err, c.code)
		}
		if (call.Caller != nil) != (c.code == "") {
			t.Errorf("%s: the caller is %v", c.name, call.Caller)
		}
	}
}

// A form without any signature is nobody's, and one that signs twice is refused.
func TestUnsignedForm(t *testing.T) {
	b := newBench(t)
	call := posting(t, now)
	if err := b.AuthenticateForm(call, httptest.NewRequest("POST", "/lab", nil), map[string]string{"key": "a"}); err != nil || call.Caller.Account != "" || call.Signed.Form {
		t.Errorf("unsigned: %v, %+v", err, call.Caller)
	}
	r := httptest.NewRequest("POST", "/lab", nil)
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00")
	if err := b.AuthenticateForm(posting(t, now), r, map[string]string{"key": "a"}); err == nil {
		t.Error("a form with a signature in the header was let in")
	}
}
