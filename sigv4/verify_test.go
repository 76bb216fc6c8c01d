package sigv4

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"
)

// signed is a request of a client as it arrives, with all that can be altered.
func signed(t testing.TB, service string) *http.Request {
	t.Helper()
	r := outgoing(t, "POST", "https://a.example/path/to?b=2&a=1", "body", "Content-Type", "text/plain", "X-Amz-Target", "Service.Operation", "X-Amz-Content-Sha256", string(HashPayload([]byte("body"))))
	if err := Sign(r, testCreds, Scope{Region: "eu-west-1", Service: service}, HashPayload([]byte("body")), at(t, testStamp)); err != nil {
		t.Fatal(err)
	}
	return incoming(t, r)
}

func replace(h http.Header, name, old, new string) {
	h.Set(name, strings.Replace(h.Get(name), old, new, 1))
}

// TestMutations alters one thing each of a good request.
func TestMutations(t *testing.T) {
	const bad, incompleteSig = "SignatureDoesNotMatch", "IncompleteSignature"
	for _, test := range []struct {
		name  string
		alter func(r *http.Request)
		code  string
	}{
		{"nothing", func(r *http.Request) {}, ""},
		{"order of the query", func(r *http.Request) { r.URL.RawQuery = "a=1&b=2" }, ""},
		{"blanks in a header", func(r *http.Request) { r.Header.Set("Content-Type", " text/plain\t") }, ""},
		{"header nobody signs", func(r *http.Request) { r.Header.Set("Via", "1.1 proxy") }, ""},

		{"method", func(r *http.Request) { r.Method = "PUT" }, bad},
		{"path", func(r *http.Request) { r.URL.Path = "/path/To" }, bad},
		{"trailing slash", func(r *http.Request) { r.URL.Path += "/" }, bad},
		{"escaped slash", func(r *http.Request) { r.URL.RawPath = "/path%2Fto" }, bad},
		{"query value", func(r *http.Request) { r.URL.RawQuery = "b=2&a=2" }, bad},
		{"query name", func(r *http.Request) { r.URL.RawQuery = "b=2&A=1" }, bad},
		{"query added", func(r *http.Request) { r.URL.RawQuery += "&c" }, bad},
		{"query repeated", func(r *http.Request) { r.URL.RawQuery += "&a=1" }, bad},
		{"query removed", func(r *http.Request) { r.URL.RawQuery = "" }, bad},
		{"bad escape", func(r *http.Request) { r.URL.RawQuery += "&c=%4" }, "MalformedQueryString"},
		{"bad escape in a name", func(r *http.Request) { r.URL.RawQuery += "&%4" }, "MalformedQueryString"},
		{"host", func(r *http.Request) { r.Host = "b.example" }, bad},
		{"port", func(r *http.Request) { r.Host += ":443" }, bad},
		{"signed header", func(r *http.Request) { r.Header.Set("X-Amz-Target", "Service.Other") }, bad},
		{"case of a signed header", func(r *http.Request) { r.Header.Set("X-Amz-Target", "service.operation") }, bad},
		{"signed header removed", func(r *http.Request) { r.Header.Del("X-Amz-Target") }, bad},
		{"signed header repeated", func(r *http.Request) { r.Header.Add("X-Amz-Target", "Service.Operation") }, bad},
		{"unsigned x-amz header", func(r *http.Request) { r.Header.Set("X-Amz-Meta-A", "b") }, bad},
		{"unsigned x-amz header in odd case", func(r *http.Request) { r.Header["x-AMZ-meta"] = []string{"b"} }, bad},
		{"token", func(r *http.Request) { r.Header.Set("X-Amz-Security-Token", "other") }, bad},
		{"token removed", func(r *http.Request) { r.Header.Del("X-Amz-Security-Token") }, bad},
		{"token twice", func(r *http.Request) { r.Header.Add("X-Amz-Security-Token", "other") }, incompleteSig},
		{"date", func(r *http.Request) { r.Header.Set("X-Amz-Date", "20260131T235958Z") }, bad},
		{"date twice", func(r *http.Request) { r.Header.Add("X-Amz-Date", testStamp) }, incompleteSig},
		{"declared hash", func(r *http.Request) { r.Header.Set("X-Amz-Content-Sha256", string(HashPayload(nil))) }, bad},
		{"declared unsigned", func(r *http.Request) { r.Header.Set("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD") }, bad},
		{"declared chunks", func(r *http.Request) { r.Header.Set("X-Amz-Content-Sha256", string(StreamingPayload)) }, bad},
		{"declared nonsense", func(r *http.Request) { r.Header.Set("X-Amz-Content-Sha256", "?") }, bad},
		{"declared twice", func(r *http.Request) { r.Header.Add("X-Amz-Content-Sha256", "?") }, incompleteSig},
		{"access key", func(r *http.Request) { replace(r.Header, "Authorization", "AKIDEXAMPLE", "AKIDEXAMPLF") }, ""},
		{"scope date", func(r *http.Request) { replace(r.Header, "Authorization", "/20260131", "/20260130") }, bad},
		{"scope region", func(r *http.Request) { replace(r.Header, "Authorization", "eu-west-1", "eu-west-2") }, bad},
		{"scope service", func(r *http.Request) { replace(r.Header, "Authorization", "/iam/", "/sts/") }, bad},
		{"terminator", func(r *http.Request) { replace(r.Header, "Authorization", "aws4_request", "aws5_request") }, bad},
		{"algorithm", func(r *http.Request) { replace(r.Header, "Authorization", "SHA256", "SHA512") }, incompleteSig},
		{"signature", func(r *http.Request) { replace(r.Header, "Authorization", "Signature=", "Signature=0") }, bad},
		{"upper-case signature", func(r *http.Request) {
			head, sig, _ := strings.Cut(r.Header.Get("Authorization"), "Signature=")
			r.Header.Set("Authorization", head+"Signature="+strings.ToUpper(sig))
		}, bad},
		{"fewer signed headers", func(r *http.Request) { replace(r.Header, "Authorization", "content-type;", "") }, bad},
		{"host not signed", func(r *http.Request) { replace(r.Header, "Authorization", "host;", "") }, bad},
		{"signed headers out of order", func(r *http.Request) { replace(r.Header, "Authorization", "content-type;host", "host;content-type") }, incompleteSig},
		{"second Authorization", func(r *http.Request) { r.Header.Add("Authorization", "Bearer x") }, bad},
		{"presigned as well", func(r *http.Request) { r.URL.RawQuery += "&X-Amz-Algorithm=" + Algorithm }, bad},
		{"presigned as well, in disguise", func(r *http.Request) { r.URL.RawQuery += "&%58-Amz-Signature=0" }, bad},
		{"no signature", func(r *http.Request) { r.Header.Del("Authorization") }, "MissingAuthenticationToken"},
		{"other scheme", func(r *http.Request) { r.Header.Set("Authorization", "Bearer x") }, "MissingAuthenticationToken"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := signed(t, "iam")
			test.alter(r)
			err := accept(r, []byte("body"), suiteSecret, Rules{Service: "iam"}, at(t, testStamp))
			if codeOf(err) != test.code {
				t.Errorf("%v, want %q", err, test.code)
			}
		})
	}
}

func TestVerifyWrongSecretOrBody(t *testing.T) {
	r, now := signed(t, "iam"), at(t, testStamp)
	if err := accept(r, []byte("body"), suiteSecret+"x", Rules{}, now); err == nil || err.Error() != "SignatureDoesNotMatch: "+textMismatch {
		t.Errorf("wrong secret: %v", err)
	}
	r.Header.Del("X-Amz-Content-Sha256")
	replace(r.Header, "Authorization", "x-amz-content-sha256;", "")
	if err := accept(r, []byte("bodY"), suiteSecret, Rules{}, now); codeOf(err) != "SignatureDoesNotMatch" {
		t.Errorf("wrong body: %v", err)
	}
	if err := accept(r, nil, suiteSecret, Rules{}, now); codeOf(err) != "SignatureDoesNotMatch" {
		t.Errorf("body neither read nor declared: %v", err)
	}
}

// TestStepsCannotBeSkipped calls each step without the one before.
func TestStepsCannotBeSkipped(t *testing.T) {
	r, now := signed(t, "iam"), at(t, testStamp)
	sum := sha256.Sum256([]byte("body"))
	s, err := Parse(r)
	if err != nil {
		t.Fatal(err)
	}
	key := NewKey(suiteSecret, s.Scope)
	if s.Verify(r, sum[:], key) == nil {
		t.Error("Verify without Check")
	}
	if s.Check(r, Rules{Service: "sts"}, now) == nil || s.Verify(r, sum[:], key) == nil {
		t.Error("Verify after Check has failed")
	}
	if err := s.Check(r, Rules{}, now); err != nil {
		t.Fatal(err)
	}
	if s.Verify(r, sum[:], nil) == nil {
		t.Error("Verify without key")
	}
	if s.Verify(r, sum[:10], key) == nil {
		t.Error("Verify with part of a hash")
	}
	if _, err := s.Body(r); err == nil {
		t.Error("Body without Verify")
	}
	if err := s.Verify(r, sum[:], key); err != nil {
		t.Error(err)
	}
	if _, err := s.Body(r); err != nil {
		t.Error(err)
	}
	if s.Check(r, Rules{Service: "sts"}, now) == nil || s.state != parsed {
		t.Error("a failed Check leaves the signature verified")
	}
}

func TestUnsignedPayloadByRuleOnly(t *testing.T) {
	r := outgoing(t, "POST", "https://a.example/", "body")
	if err := Sign(r, testCreds, Scope{Region: "eu-west-1", Service: "iam"}, UnsignedPayload, at(t, testStamp)); err != nil {
		t.Fatal(err)
	}
	for allowed, code := range map[bool]string{true: "", false: "SignatureDoesNotMatch"} {
		err := accept(incoming(t, r), []byte("any"), suiteSecret, Rules{UnsignedPayload: allowed}, at(t, testStamp))
		if codeOf(err) != code {
			t.Errorf("allowed %v: %v", allowed, err)
		}
	}
}

func TestRegionRule(t *testing.T) {
	r := signed(t, "iam")
	for region, ok := range map[string]bool{"eu-west-1": true, "us-east-1": false} {
		rules := Rules{Region: func(s string) bool { return s == region }}
		err := accept(r, []byte("body"), suiteSecret, rules, at(t, testStamp))
		if (err == nil) != ok {
			t.Errorf("%s: %v", region, err)
		}
	}
}

func TestClock(t *testing.T) {
	signedAt := at(t, testStamp)
	header := func() *http.Request { return signed(t, "iam") }
	presigned := func(service string) func() *http.Request {
		return func() *http.Request {
			r := outgoing(t, "GET", "https://a.example/", "")
			payload := HashPayload([]byte("body"))
			if service == "s3" {
				payload = UnsignedPayload
			}
			if err := Presign(r, testCreds, Scope{Region: "us-east-1", Service: service}, payload, time.Hour, signedAt); err != nil {
				t.Fatal(err)
			}
			return incoming(t, r)
		}
	}
	const old, young = "Signature expired: ", "Signature not yet current: "
	for _, test := range []struct {
		name    string
		request func() *http.Request
		after   time.Duration // on the server's clock
		style   Style
		want    string // prefix of the error
	}{
		{"now", header, 0, Query, ""},
		{"15 min", header, MaxSkew, Query, ""},
		{"15 min and a bit", header, MaxSkew + time.Millisecond, Query, ""},
		{"15 min 1 s", header, MaxSkew + time.Second, Query, "SignatureDoesNotMatch: Signature expired: 20260131T235959Z is now earlier than 20260201T000000Z (20260201T001500Z - 15 min.)"},
		{"-15 min", header, -MaxSkew, Query, ""},
		{"-15 min 1 s", header, -MaxSkew - time.Second, Query, "SignatureDoesNotMatch: Signature not yet current: 20260131T235959Z is still later than 20260131T235958Z (20260131T234458Z + 15 min.)"},
		{"JSON", header, time.Hour, JSON, "InvalidSignatureException: " + old},
		{"S3", header, time.Hour, S3, "RequestTimeTooSkewed: "},
		{"presigned", presigned("sts"), MaxSkew, Query, ""},
		{"presigned, 15 min whatever it says", presigned("sts"), MaxSkew + time.Second, Query, "SignatureDoesNotMatch: " + old},
		{"presigned, early", presigned("sts"), -time.Hour, Query, "SignatureDoesNotMatch: " + young},
		{"presigned for S3", presigned("s3"), time.Hour, S3, ""},
		{"presigned for S3, late", presigned("s3"), time.Hour + time.Second, S3, "AccessDenied: Request has expired"},
		{"presigned for S3, early", presigned("s3"), -MaxSkew - time.Second, S3, "AccessDenied: Request is not valid yet"},
	} {
		t.Run(test.name, func(t *testing.T) {
			rules := Rules{S3: strings.Contains(test.name, "for S3"), UnsignedPayload: true}
			err := accept(test.request(), []byte("body"), suiteSecret, rules, signedAt.Add(test.after))
			var e *Error
			if errors.As(err, &e) {
				err = e.For(test.style)
			}
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.HasPrefix(err.Error(), test.want)) {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}

// TestServer sends signed requests through net/http, which must hand on what
// the signature covers: also headers that it treats in its own way.
func TestServer(t *testing.T) {
	for _, http2 := range []bool{false, true} {
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err == nil {
				err = accept(r, body, suiteSecret, Rules{Service: "iam"}, at(t, testStamp))
			}
			fmt.Fprint(w, err, " ", r.ProtoMajor)
		}))
		server.EnableHTTP2 = http2
		server.StartTLS()
		defer server.Close()
		for _, test := range roundTrips {
			r := outgoing(t, test.method, test.address, test.body, append(test.headers, "Content-Length", strconv.Itoa(len(test.body)))...)
			r.Host, r.URL.Host, r.URL.Scheme = host(r), server.Listener.Addr().String(), "https"
			if test.body == "" {
				r.Header.Del("Content-Length")
			}
			if err := Sign(r, testCreds, Scope{Region: "us-east-1", Service: "iam"}, HashPayload([]byte(test.body)), at(t, testStamp)); err != nil {
				t.Fatal(err)
			}
			answer, err := server.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			got, _ := io.ReadAll(answer.Body)
			answer.Body.Close()
			if want := fmt.Sprint(nil, " ", answer.ProtoMajor); string(got) != want || http2 != (answer.ProtoMajor == 2) {
				t.Errorf("%s %s: %s", test.method, test.address, got)
			}
		}
	}
}

// TestExpiresRequiredByS3 leaves X-Amz-Expires out.
func TestExpiresRequiredByS3(t *testing.T) {
	const query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID%2F20260131%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20260131T235959Z&X-Amz-SignedHeaders=host&X-Amz-Signature=ab"
	r := request(t, "GET /?"+query+" HTTP/1.1\nHost: b.example", "")
	s, err := Parse(r)
	if err != nil {
		t.Fatal(err)
	}
	err = s.Check(r, Rules{S3: true, UnsignedPayload: true}, at(t, testStamp))
	if err == nil || !strings.Contains(err.Error(), "must include 'X-Amz-Expires'") {
		t.Error(err)
	}
	if err := s.Check(r, Rules{}, at(t, testStamp)); err != nil {
		t.Error(err)
	}
}

// TestDeclarationRequiredByS3 leaves x-amz-content-sha256 out.
func TestDeclarationRequiredByS3(t *testing.T) {
	r := outgoing(t, "GET", "https://a.example/", "")
	if err := Sign(r, testCreds, Scope{Region: "us-east-1", Service: "iam"}, HashPayload(nil), at(t, testStamp)); err != nil {
		t.Fatal(err)
	}
	err := accept(incoming(t, r), []byte{}, suiteSecret, Rules{S3: true}, at(t, testStamp))
	if err == nil || err.Error() != "SignatureDoesNotMatch: Missing required header for this request: x-amz-content-sha256" {
		t.Error(err)
	}
}
