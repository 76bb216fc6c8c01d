package sts_test

import (
	"encoding/xml"
	"io"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/sigv4"
)

// ask makes a call of STS at a host and in a region, and returns the body of the answer.
func ask(t *testing.T, l *awstest.Lab, creds sigv4.Credentials, host, region, action string) (status int, body []byte) {
	t.Helper()
	form := url.Values{"Action": {action}, "Version": {"2011-06-15"}}.Encode()
	r := httptest.NewRequest("POST", "http://"+host+"/", strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if err := sigv4.Sign(r, creds, sigv4.Scope{Region: region, Service: "sts"}, sigv4.HashPayload([]byte(form)), l.Now()); err != nil {
		t.Fatal(err)
	}
	answer := l.Do(r)
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, body
}

// sessionAt gets the credentials of a session from a host.
func sessionAt(t *testing.T, l *awstest.Lab, host string) sigv4.Credentials {
	t.Helper()
	status, body := ask(t, l, awstest.Root, host, "us-east-1", "GetSessionToken")
	var answer struct {
		ID     string `xml:"GetSessionTokenResult>Credentials>AccessKeyId"`
		Secret string `xml:"GetSessionTokenResult>Credentials>SecretAccessKey"`
		Token  string `xml:"GetSessionTokenResult>Credentials>SessionToken"`
	}
	if err := xml.Unmarshal(body, &answer); err != nil || status != 200 {
		t.Fatalf("%d %v %s", status, err, body)
	}
	return sigv4.Credentials{AccessKeyID: answer.ID, SecretAccessKey: answer.Secret, SessionToken: answer.Token}
}

// Tokens of the global endpoint are good only in regions that no account has to
// enable, unless the account chose version 2. Those of other endpoints are good
// everywhere.
func TestTokenVersions(t *testing.T) {
	for _, test := range []struct {
		host, version, region string
		want                  int
	}{
		{"sts.amazonaws.com", "v1Token", "us-east-1", 200},
		{"sts.amazonaws.com", "v1Token", "ap-east-1", 403},
		{"sts.amazonaws.com:443", "v1Token", "ap-east-1", 403},
		{"sts.amazonaws.com", "v2Token", "ap-east-1", 200},
		{"sts.us-east-1.amazonaws.com", "v1Token", "ap-east-1", 200},
		{"localhost", "v1Token", "ap-east-1", 200},
	} {
		l := awstest.New(t)
		if _, err := l.Call(awstest.Root, "iam", "SetSecurityTokenServicePreferences", map[string]any{"GlobalEndpointTokenVersion": test.version}); err != nil {
			t.Fatal(err)
		}
		if _, err := l.Call(awstest.Root, "account", "EnableRegion", map[string]any{"RegionName": "ap-east-1"}); err != nil {
			t.Fatal(err)
		}
		session := sessionAt(t, l, test.host)
		status, body := ask(t, l, session, "localhost", test.region, "GetCallerIdentity")
		if status != test.want || status != 200 && !strings.Contains(string(body), "InvalidClientTokenId") {
			t.Errorf("%v: %d %s", test, status, body)
		}
	}
}
