package sigv4

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

const fullAuth = "AWS4-HMAC-SHA256 Credential=AKID/20150830/us-east-1/iam/aws4_request, SignedHeaders=host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"

func TestParseHeader(t *testing.T) {
	hashed := func(auth string) string {
		return "(Hashed with SHA-256 and encoded with Base64) Authorization=" + digest(auth)
	}
	const date = "20150830T123600Z"
	for _, test := range []struct{ auth, date, want string }{
		{fullAuth, date, ""},
		{strings.ReplaceAll(fullAuth, ", ", ","), date, ""},
		{strings.ReplaceAll(fullAuth, ", ", " "), date, ""},
		{strings.ReplaceAll(fullAuth, ", ", " ,  "), date, ""},
		{"", "", "MissingAuthenticationToken: Request is missing Authentication Token"},
		{"AWS AKID:sig", date, "MissingAuthenticationToken: Request is missing Authentication Token"},
		{"AWS4-HMAC-SHA256", date, "IncompleteSignature: Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. " + hashed("AWS4-HMAC-SHA256")},
		{"AWS4-HMAC-SHA256 Credential=, Signature=a", "", "IncompleteSignature: Authorization header requires 'Credential' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. " + hashed("AWS4-HMAC-SHA256 Credential=, Signature=a")},
		{"AWS4-HMAC-SHA256 Credential, Signature=a", date, "IncompleteSignature: Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '" + digest("AWS4-HMAC-SHA256 Credential, Signature=a") + "'."},
		{"AWS4-ECDSA-P256-SHA256 Credential=a", date, "IncompleteSignature: Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'."},
		{"AWS4-HMAC-SHA1,Signature=secret", date, "IncompleteSignature: Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1'."},
		{fullAuth + ", Signature=0", date, "IncompleteSignature: Authorization header has more than one 'Signature' parameter. " + hashed(fullAuth+", Signature=0")},
		{fullAuth, "201", "IncompleteSignature: Date must be in ISO-8601 'basic format'. Got '201'. See http://en.wikipedia.org/wiki/ISO_8601"},
		{fullAuth, "2015-08-30T12:36:00Z", "IncompleteSignature: Date must be in ISO-8601 'basic format'. Got '2015-08-30T12:36:00Z'. See http://en.wikipedia.org/wiki/ISO_8601"},
		{fullAuth, "20150830T123600.5Z", "IncompleteSignature: Date must be in ISO-8601 'basic format'. Got '20150830T123600.5Z'. See http://en.wikipedia.org/wiki/ISO_8601"},
		{strings.Replace(fullAuth, "/iam", "", 1), date, "IncompleteSignature: Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'AKID/20150830/us-east-1/aws4_request'"},
		{strings.Replace(fullAuth, "/iam", "/iam/iam", 1), date, "IncompleteSignature: Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'AKID/20150830/us-east-1/iam/iam/aws4_request'"},
		{strings.Replace(fullAuth, "host;", "host;host;", 1), date, "IncompleteSignature: SignedHeaders must be lower-case header names, sorted, each once, separated by semicolons."},
		{strings.Replace(fullAuth, "host;", "Host;", 1), date, "IncompleteSignature: SignedHeaders must be lower-case header names, sorted, each once, separated by semicolons."},
		{strings.Replace(fullAuth, "host;", "host;;", 1), date, "IncompleteSignature: SignedHeaders must be lower-case header names, sorted, each once, separated by semicolons."},
	} {
		r := &http.Request{Method: "GET", URL: &url.URL{Path: "/"}, Header: http.Header{}}
		if test.auth != "" {
			r.Header.Set("Authorization", test.auth)
		}
		if test.date != "" {
			r.Header.Set("X-Amz-Date", test.date)
		}
		_, err := Parse(r)
		if got := fmt.Sprint(err); err != nil && got != test.want || err == nil && test.want != "" {
			t.Errorf("%q\n got %v\nwant %s", test.auth, err, test.want)
		}
		if IsMissing(err) != strings.HasPrefix(test.want, "Missing") {
			t.Errorf("%q: IsMissing is %v", test.auth, IsMissing(err))
		}
	}
}

// TestParseTime holds parseTime against time.Parse.
func TestParseTime(t *testing.T) {
	for _, stamp := range []string{
		"20260131T235959Z", "20240229T000000Z", "00010101T000000Z", "99991231T235959Z",
		"20260229T000000Z", "20260431T000000Z", "20261301T000000Z", "20260001T000000Z", "20260100T000000Z",
		"20260131T240000Z", "20260131T006000Z", "20260131T000060Z", "2026-131T000000Z", "20260131 000000Z",
		"20260131T000000z", "20260131T00000Z", "20260131T0000000Z", "", "2026013１T000000Z",
	} {
		want, err := time.Parse(timeFormat, stamp)
		got, ok := parseTime(stamp)
		if ok != (err == nil) || ok && !got.Equal(want) {
			t.Errorf("%q: %v, %v, time.Parse: %v, %v", stamp, got, ok, want, err)
		}
	}
}

func TestDateHeader(t *testing.T) {
	for date, want := range map[string]string{
		"Sun, 30 Aug 2015 12:36:00 GMT":  "20150830T123600Z",
		"Sunday, 30-Aug-15 12:36:00 GMT": "20150830T123600Z",
		"20150830T123600Z":               "20150830T123600Z",
		"yesterday":                      "",
	} {
		r := &http.Request{URL: &url.URL{Path: "/"}, Header: http.Header{"Authorization": {fullAuth}, "Date": {date}}}
		s, err := Parse(r)
		if s.stamp != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v", date, s.stamp, err)
		}
	}
}

func TestParseQuery(t *testing.T) {
	const q = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID%2F20150830%2Fus-east-1%2Fsts%2Faws4_request&X-Amz-Date=20150830T123600Z&X-Amz-SignedHeaders=host&X-Amz-Signature=ab"
	for _, test := range []struct{ query, want string }{
		{q, ""},
		{q + "&X-Amz-Expires=604800&X-Amz-Security-Token=a%2Bb", ""},
		{"Action=GetCallerIdentity", "MissingAuthenticationToken: Request is missing Authentication Token"},
		{"X-Amz-Signature=ab", "IncompleteSignature: AWS query-string parameters must include 'X-Amz-Algorithm'. AWS query-string parameters must include 'X-Amz-Credential'. AWS query-string parameters must include 'X-Amz-SignedHeaders'. AWS query-string parameters must include 'X-Amz-Date'. Re-examine the query-string parameters."},
		{strings.Replace(q, "SHA256", "SHA1", 1), "IncompleteSignature: Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1'."},
		{q + "&X-Amz-Signature=cd", "IncompleteSignature: Found more than one 'X-Amz-Signature' query-string parameter. Re-examine the query-string parameters."},
		{q + "&X-Amz-Expires=604801", "IncompleteSignature: X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds"},
		{q + "&X-Amz-Expires=-1", "IncompleteSignature: X-Amz-Expires must be non-negative"},
		{q + "&X-Amz-Expires=1e3", "IncompleteSignature: X-Amz-Expires should be a number"},
		{q + "&X-Amz-Expires=99999999999999999999", "IncompleteSignature: X-Amz-Expires should be a number"},
		{q + "&X-Amz-Security-Token=%zz", "MalformedQueryString: Illegal hex character in escape % pattern."},
	} {
		r := &http.Request{Method: "GET", URL: &url.URL{Path: "/", RawQuery: test.query}, Header: http.Header{}}
		_, err := Parse(r)
		if got := fmt.Sprint(err); err != nil && got != test.want || err == nil && test.want != "" {
			t.Errorf("%q\n got %v\nwant %s", test.query, err, test.want)
		}
	}
	both := &http.Request{URL: &url.URL{Path: "/", RawQuery: q + "&X-Amz-Security-Token=a"}, Header: http.Header{"X-Amz-Security-Token": {"b"}}}
	if _, err := Parse(both); codeOf(err) != "SignatureDoesNotMatch" {
		t.Errorf("two tokens: %v", err)
	}
}

// TestScopeTexts has all four complaints in one answer, as AWS gives them.
func TestScopeTexts(t *testing.T) {
	auth := strings.Replace(fullAuth, "AKID/20150830/us-east-1/iam/aws4_request", "a/b/c/d/e", 1)
	r := &http.Request{URL: &url.URL{Path: "/"}, Header: http.Header{"Authorization": {auth}, "X-Amz-Date": {"20150830T123600Z"}}}
	s, err := Parse(r)
	if err != nil {
		t.Fatal(err)
	}
	err = s.Check(r, Rules{Service: "iam", Region: func(string) bool { return false }}, at(t, "20150830T123600Z"))
	const want = "SignatureDoesNotMatch: Credential should be scoped to a valid region, not 'c'. Credential should be scoped to correct service: 'iam'. Credential should be scoped with a valid terminator: 'aws4_request', not 'e'. Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: 'b' != '20150830', from '20150830T123600Z'."
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

func TestErrorStyles(t *testing.T) {
	for why := foreign + 1; why < reasons; why++ {
		for style, w := range wordings[why] {
			if w.code == "" || w.status < 400 || w.status > 499 {
				t.Errorf("reason %d has no words in style %d", why, style)
			}
		}
	}
	for _, test := range []struct {
		err   *Error
		style Style
		want  string
	}{
		{UnknownKey(), Query, "403 InvalidClientTokenId: The security token included in the request is invalid."},
		{UnknownKey(), JSON, "400 UnrecognizedClientException: The security token included in the request is invalid."},
		{UnknownKey(), S3, "403 InvalidAccessKeyId: The AWS Access Key Id you provided does not exist in our records."},
		{InvalidToken(), RESTJSON, "403 UnrecognizedClientException: The security token included in the request is invalid."},
		{ExpiredToken(), Query, "403 ExpiredToken: The security token included in the request is expired"},
		{ExpiredToken(), JSON, "400 ExpiredTokenException: The security token included in the request is expired"},
		{refuse(incomplete, "x"), S3, "400 AuthorizationHeaderMalformed: The authorization header is malformed; x"},
		{&Error{Code: "Other", Message: "m", Status: 418}, S3, "418 Other: m"},
		{UnknownKey(), styles, "403 InvalidClientTokenId: The security token included in the request is invalid."},
	} {
		e := test.err.For(test.style)
		if got := fmt.Sprint(e.Status, " ", e); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
	if !IsMissing(fmt.Errorf("call: %w", refuse(missing, textMissing).For(JSON))) || IsMissing(errors.New("x")) || IsMissing(nil) {
		t.Error("IsMissing")
	}
}

// FuzzParse wants no panic, AWS's kind of error, no signature in an error, and
// that nobody passes without the secret.
func FuzzParse(f *testing.F) {
	f.Add(fullAuth, "20150830T123600Z", "a=b", "/")
	f.Add("", "", "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID%2F20150830%2Fus-east-1%2Fsts%2Faws4_request&X-Amz-Date=20150830T123600Z&X-Amz-SignedHeaders=host&X-Amz-Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7&X-Amz-Expires=1", "/a%2F../b")
	f.Add("AWS4-HMAC-SHA256 Credential=////, SignedHeaders=host;;, Signature==", "Sun, 30 Aug 2015 12:36:00 GMT", "%", "//")
	f.Fuzz(func(t *testing.T, auth, date, rawQuery, path string) {
		r := &http.Request{Method: "GET", Host: "h", URL: &url.URL{Path: path, RawQuery: rawQuery}, Header: http.Header{}}
		if auth != "" {
			r.Header.Set("Authorization", auth)
		}
		r.Header.Set("X-Amz-Date", date)
		s, err := Parse(r)
		if err == nil {
			if err := s.Check(r, Rules{}, s.Time); err != nil && codeOf(err) == "" {
				t.Error(err)
			}
			s.state = checked
			sum := sha256.Sum256(nil)
			err = s.Verify(r, sum[:], NewKey("a secret that nobody has", s.Scope))
		}
		var e *Error
		if !errors.As(err, &e) || e.reason == foreign || e.Status < 400 {
			t.Fatalf("%q: %v", auth, err)
		}
		if len(s.signature) == 64 && strings.Contains(e.Message, s.signature) {
			t.Errorf("signature in %s", e.Message)
		}
	})
}

// FuzzCanonicalQuery holds the query's canonical form against net/url.
func FuzzCanonicalQuery(f *testing.F) {
	for _, seed := range []string{"", "a", "a=", "=a", "b=2&a=1&a=0", "a-=1&a=2", "a=%2f&a=+", "&&", "a=b=c", "%61=1", "é=ß"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		if strings.Contains(raw, ";") { // which net/url refuses
			t.Skip()
		}
		w := new(scratch)
		got, err := w.appendQuery(nil, raw)
		values, wantErr := url.ParseQuery(raw)
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("%q: %v, net/url: %v", raw, err, wantErr)
		}
		if err != nil {
			return
		}
		delete(values, "X-Amz-Signature")
		var want [][2]string
		for name, list := range values {
			for _, value := range list {
				want = append(want, [2]string{escapeLikeURL(name), escapeLikeURL(value)})
			}
		}
		slices.SortFunc(want, func(x, y [2]string) int { return slices.Compare(x[:], y[:]) })
		var b []string
		for _, pair := range want {
			b = append(b, pair[0]+"="+pair[1])
		}
		if strings.Join(b, "&") != string(got) {
			t.Errorf("%q\n got %s\nwant %s", raw, got, strings.Join(b, "&"))
		}
	})
}

func escapeLikeURL(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}
