// Package crossaccount_test runs the example of this directory: its cases, and
// its policies on a server with two accounts.
package crossaccount_test

import (
	"bytes"
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/policy/policytest"
	"github.com/writ-iam/writ/sigv4"
)

// The cases that the reader runs are decided as they say.
func TestCases(t *testing.T) {
	cases, err := policytest.ReadFile("tests.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		if outcome := c.Run(); !outcome.OK {
			t.Errorf("%s: %s by %s\n%s", c.ID, outcome.Decision, outcome.By, c.Explain().Text())
		}
	}
}

const partner = "222222222222"

// two is a lab with the bucket, whose owner is its first account, and the
// partner's account, where john may become any role.
type two struct {
	*testing.T
	*awstest.Lab
	root, john sigv4.Credentials // of the partner
}

func newTwo(t *testing.T) *two {
	l := awstest.New(t)
	a := &two{T: t, Lab: l, root: l.AddAccount(t, partner)}
	a.must(a.root, "iam", "CreateUser", map[string]any{"UserName": "john"})
	a.must(a.root, "iam", "PutUserPolicy", map[string]any{"UserName": "john", "PolicyName": "assume",
		"PolicyDocument": `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}}`})
	key := a.must(a.root, "iam", "CreateAccessKey", map[string]any{"UserName": "john"})["AccessKey"]
	a.john = credentials(key)
	for _, role := range []string{"reader", "writer"} {
		a.must(a.root, "iam", "CreateRole", map[string]any{"RoleName": role,
			"AssumeRolePolicyDocument": `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"` + partner + `"}}}`})
	}
	return a
}

func (a *two) must(creds sigv4.Credentials, service, operation string, params map[string]any) map[string]any {
	a.Helper()
	out, err := a.Call(creds, service, operation, params)
	if err != nil {
		a.Fatal(err)
	}
	return out
}

func credentials(key any) sigv4.Credentials {
	k := key.(map[string]any)
	token, _ := k["SessionToken"].(string)
	return sigv4.Credentials{AccessKeyID: k["AccessKeyId"].(string), SecretAccessKey: k["SecretAccessKey"].(string), SessionToken: token}
}

// allow gives a role of the partner the identity policy of the example.
func (a *two) allow(role string) {
	a.must(a.root, "iam", "PutRolePolicy", map[string]any{"RoleName": role, "PolicyName": "papers", "PolicyDocument": a.file("identity-policy.json")})
}

func (a *two) file(name string) string {
	text, err := os.ReadFile(name)
	if err != nil {
		a.Fatal(err)
	}
	return string(text)
}

// assume is a session of a role of the partner.
func (a *two) assume(role string) sigv4.Credentials {
	out := a.must(a.john, "sts", "AssumeRole", map[string]any{"RoleArn": "arn:aws:iam::" + partner + ":role/" + role, "RoleSessionName": "john"})
	return credentials(out["Credentials"])
}

// send asks for something of the bucket, over TLS or not, from an address.
func (a *two) send(creds sigv4.Credentials, method, path, secure, address string) (int, string) {
	a.Helper()
	var content []byte
	if method == "PUT" {
		content = []byte("hello")
	}
	r := httptest.NewRequest(method, "http://localhost/shared-papers"+path, bytes.NewReader(content))
	r.Header.Set("Content-Length", strconv.Itoa(len(content)))
	if err := sigv4.Sign(r, creds, sigv4.Scope{Region: "us-east-1", Service: "s3"}, sigv4.HashPayload(content), a.Now()); err != nil {
		a.Fatal(err)
	}
	r.RemoteAddr = address + ":50000"
	if secure == "TLS" {
		r.TLS = &tls.ConnectionState{Version: tls.VersionTLS13, CipherSuite: tls.TLS_AES_128_GCM_SHA256}
	}
	w := httptest.NewRecorder()
	a.Handler().ServeHTTP(w, r)
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		a.Fatal(err)
	}
	return w.Code, string(body)
}

// The server decides as the cases do, with two accounts and real sessions.
func TestTwoAccounts(t *testing.T) {
	const office, elsewhere = "203.0.113.7", "198.51.100.7"
	a := newTwo(t)
	a.must(awstest.Root, "s3", "CreateBucket", map[string]any{"Bucket": "shared-papers"})
	a.must(awstest.Root, "s3", "PutObject", map[string]any{"Bucket": "shared-papers", "Key": "hello.txt", "Body": "hello"})
	a.must(awstest.Root, "s3", "PutBucketPolicy", map[string]any{"Bucket": "shared-papers", "Policy": a.file("bucket-policy.json")})
	reader, writer := a.assume("reader"), a.assume("writer")
	a.allow("writer")
	if code, body := a.send(reader, "GET", "/hello.txt", "TLS", office); code != http.StatusForbidden || !strings.Contains(body, "because no identity-based policy allows the s3:GetObject action") {
		t.Errorf("before the partner allows its reader anything: %d %s", code, body)
	}
	a.allow("reader")
	for _, c := range []struct {
		who                           sigv4.Credentials
		method, path, secure, address string
		code                          int
		says                          string
	}{
		{reader, "GET", "/hello.txt", "TLS", office, 200, ""},
		{reader, "GET", "", "TLS", office, 200, "<Key>hello.txt</Key>"},
		{reader, "GET", "/hello.txt", "plain", office, 403, "with an explicit deny in a resource-based policy"},
		{reader, "GET", "/hello.txt", "TLS", elsewhere, 403, "with an explicit deny in a resource-based policy"},
		{writer, "GET", "/hello.txt", "TLS", office, 403, "because no resource-based policy allows the s3:GetObject action"},
		{reader, "PUT", "/mine.txt", "TLS", office, 403, "because no resource-based policy allows the s3:PutObject action"},
		{awstest.Root, "PUT", "/hello.txt", "TLS", elsewhere, 200, ""},
		{awstest.Root, "GET", "/hello.txt", "plain", elsewhere, 403, "with an explicit deny in a resource-based policy"},
	} {
		if code, body := a.send(c.who, c.method, c.path, c.secure, c.address); code != c.code || !strings.Contains(body, c.says) {
			t.Errorf("%s %s %s from %s: %d %s", c.method, c.path, c.secure, c.address, code, body)
		}
	}
}
