package sigv4

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

var testCreds = Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: suiteSecret, SessionToken: "token/+=="}

const testStamp = "20260131T235959Z"

// outgoing is a client's request; incoming is what a server makes of it.
func outgoing(t testing.TB, method, address, body string, headers ...string) *http.Request {
	t.Helper()
	r, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

func incoming(t testing.TB, r *http.Request) *http.Request {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\nHost: %s\n", r.Method, r.URL.RequestURI(), host(r))
	for name, values := range r.Header {
		for _, value := range values {
			b.WriteString(name + ": " + value + "\n")
		}
	}
	return request(t, b.String(), "")
}

var roundTrips = []struct {
	method, address, body string
	headers               []string
}{
	{"GET", "https://iam.amazonaws.com/", "", nil},
	{"GET", "https://iam.amazonaws.com", "", nil},
	{"POST", "https://iam.amazonaws.com/", "Action=ListUsers&Version=2010-05-08", []string{"Content-Type", "application/x-www-form-urlencoded"}},
	{"POST", "http://localhost:4810/", "{}", []string{"X-Amz-Target", "TrentService.ListKeys", "User-Agent", "aws-cli/2"}},
	{"GET", "https://a.example/b//c/../d/./e/?x=%2F&y=a+b&&z&x=1&x=&%61=b&a%3Db=c%26d", "", nil},
	{"PUT", "https://a.example/a%20b/%E1%88%B4/c%2Fd/~e/f:g@h;i,j=k+l(m)!n'o*", "", []string{"A", "  1   2\t 3 ", "A", "", "A", "4"}},
	{"DELETE", "https://a.example/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A111122223333%3Afunction%3Af", "", nil},
}

func TestSignRoundTrip(t *testing.T) {
	now := at(t, testStamp)
	for _, service := range []string{"iam", "s3"} {
		for _, test := range roundTrips {
			r := outgoing(t, test.method, test.address, test.body, test.headers...)
			if err := Sign(r, testCreds, Scope{Region: "eu-west-1", Service: service}, HashPayload([]byte(test.body)), now); err != nil {
				t.Fatal(err)
			}
			in := incoming(t, r)
			rules := Rules{Service: service, S3: service == "s3"}
			if err := accept(in, []byte(test.body), suiteSecret, rules, now); err != nil {
				t.Errorf("%s %s %s: %v", service, test.method, test.address, err)
			}
			s, _ := Parse(in)
			if s.AccessKeyID != testCreds.AccessKeyID || s.SessionToken != testCreds.SessionToken || !s.Time.Equal(now) || s.Presigned {
				t.Errorf("parsed as %+v", s)
			}
			if want := (Scope{"20260131", "eu-west-1", service}); s.Scope != want {
				t.Errorf("scope %v, want %v", s.Scope, want)
			}
		}
	}
}

func TestPresignRoundTrip(t *testing.T) {
	now := at(t, testStamp)
	for _, service := range []string{"sts", "s3"} {
		for _, test := range roundTrips {
			r := outgoing(t, test.method, test.address, test.body, test.headers...)
			payload := HashPayload([]byte(test.body))
			if service == "s3" {
				payload = UnsignedPayload
			}
			if err := Presign(r, testCreds, Scope{Region: "eu-west-1", Service: service}, payload, time.Hour, now); err != nil {
				t.Fatal(err)
			}
			in := incoming(t, r)
			rules := Rules{Service: service, S3: service == "s3", UnsignedPayload: service == "s3"}
			if err := accept(in, []byte(test.body), suiteSecret, rules, now); err != nil {
				t.Errorf("%s %s %s: %v", service, test.method, r.URL, err)
			}
			s, _ := Parse(in)
			if s.SessionToken != testCreds.SessionToken || s.Expires != time.Hour || !s.Presigned {
				t.Errorf("parsed as %+v", s)
			}
		}
	}
}

func TestPresignExpires(t *testing.T) {
	for expires, ok := range map[time.Duration]bool{
		-time.Second: false, 0: false, time.Millisecond: false, time.Second: true,
		MaxExpires: true, MaxExpires + time.Second: false,
	} {
		r := outgoing(t, "GET", "https://b.s3.amazonaws.com/k", "")
		err := Presign(r, testCreds, Scope{Region: "us-east-1", Service: "s3"}, UnsignedPayload, expires, at(t, testStamp))
		if (err == nil) != ok {
			t.Errorf("%v: %v", expires, err)
		}
	}
}

func TestSignRefuses(t *testing.T) {
	scope, now := Scope{Region: "us-east-1", Service: "iam"}, at(t, testStamp)
	if err := Sign(outgoing(t, "GET", "https://a.example/", ""), testCreds, scope, "", now); err == nil {
		t.Error("signed no payload")
	}
	bad := &http.Request{Method: "GET", Header: http.Header{}, URL: &url.URL{Host: "a.example", Path: "/", RawQuery: "a=%zz"}}
	if err := Sign(bad, testCreds, scope, HashPayload(nil), now); err == nil {
		t.Error("signed a malformed query")
	}
	if err := Presign(bad, testCreds, scope, HashPayload(nil), time.Hour, now); err == nil || bad.URL.RawQuery != "a=%zz" {
		t.Errorf("presigned a malformed query: %v, %v", err, bad.URL)
	}
}

// TestSignAgain signs a request that is already signed, as a retry does.
func TestSignAgain(t *testing.T) {
	r := outgoing(t, "GET", "https://iam.amazonaws.com/", "")
	scope := Scope{Region: "us-east-1", Service: "iam"}
	for _, stamp := range []string{"20250101T000000Z", testStamp} {
		if err := Sign(r, testCreds, scope, HashPayload(nil), at(t, stamp)); err != nil {
			t.Fatal(err)
		}
	}
	if err := accept(incoming(t, r), []byte{}, suiteSecret, Rules{}, at(t, testStamp)); err != nil {
		t.Error(err)
	}
}

func TestNothingSecretInFormats(t *testing.T) {
	key := NewKey(suiteSecret, Scope{"20260131", "us-east-1", "iam"})
	sig, err := Parse(signed(t, "iam"))
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		if text := fmt.Sprintf(format, sig); strings.Contains(text, sig.signature) || strings.Contains(text, "token") {
			t.Errorf("%s shows %s", format, text)
		}
		if text := fmt.Sprintf(format, testCreds) + fmt.Sprintf(format, key); strings.Contains(text, suiteSecret) || strings.Contains(text, "token") || len(text) > 40 {
			t.Errorf("%s shows %s", format, text)
		}
	}
}
