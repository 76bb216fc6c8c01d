package sigv4

import (
	"net/http"
	"strings"
	"time"
)

// Signature is what a request claims about itself. Nothing in it is to be
// believed before Verify has returned nil.
type Signature struct {
	AccessKeyID   string
	Scope         Scope
	Time          time.Time     // when it was signed, UTC, to the second
	SignedHeaders string        // lower-case names, sorted, joined by semicolons
	SessionToken  string        // "" for long-term credentials
	Presigned     bool          // found in the query, not in the Authorization header
	Expires       time.Duration // X-Amz-Expires of a presigned URL, 0 if it has none
	Payload       Payload       // as declared by x-amz-content-sha256; "" if it was not

	signature  string // lower-case hex
	scope      string // the credential after the access key id, as sent
	terminator string
	stamp      string // Time in timeFormat
	hasExpires bool

	rules Rules
	key   *Key  // set by Verify
	state state // how far it has been believed
}

// String names the signature without the token and the signature proper, which
// have no place in a log.
func (s Signature) String() string { return "Signature(" + s.AccessKeyID + "/" + s.scope + ")" }

// GoString is String, so that %#v shows no more.
func (s Signature) GoString() string { return s.String() }

type state uint8

const (
	parsed state = iota
	checked
	verified
)

// maxCredential bounds what is kept and echoed of a Credential; AWS's access
// key ids have at most 128 characters.
const maxCredential = 256

// Parse finds the signature of a request. A request with none gives an error
// for which IsMissing holds, one with several is refused. Errors are *Error;
// the Signature is then of no use.
func Parse(r *http.Request) (Signature, error) {
	var s Signature
	err := s.parse(r)
	return s, err
}

func (s *Signature) parse(r *http.Request) error {
	q, err := findQuery(r.URL.RawQuery)
	if err != nil {
		return err
	}
	auth := r.Header["Authorization"]
	switch {
	case len(auth) > 1:
		return refuse(ambiguous, "Found more than one 'Authorization' HTTP header.")
	case len(auth) == 1 && q.found:
		return refuse(ambiguous, "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.")
	case len(auth) == 1 && strings.HasPrefix(auth[0], "AWS4-"):
		return s.parseHeader(r.Header, auth[0])
	case q.found:
		return s.parseQuery(r.Header, &q)
	}
	return refuse(missing, textMissing)
}

// finish takes the credential and the date apart and looks at the signed headers.
func (s *Signature) finish(why reason, credential, date string) error {
	if err := s.setTime(why, date); err != nil {
		return err
	}
	if err := s.setCredential(why, credential); err != nil {
		return err
	}
	if !sortedNames(s.SignedHeaders) {
		return refuse(why, "SignedHeaders must be lower-case header names, sorted, each once, separated by semicolons.")
	}
	return nil
}

func (s *Signature) setTime(why reason, date string) error {
	t, ok := parseTime(date)
	if !ok {
		return refuse(why, "Date must be in ISO-8601 'basic format'. Got '%s'. See http://en.wikipedia.org/wiki/ISO_8601", echo(date))
	}
	s.Time, s.stamp = t, date
	return nil
}

// parseTime is time.Parse for timeFormat alone, in a third of the time.
func parseTime(s string) (t time.Time, ok bool) {
	if len(s) != len(timeFormat) || s[8] != 'T' || s[15] != 'Z' {
		return t, false
	}
	year, month, day := digits(s[:4]), digits(s[4:6]), digits(s[6:8])
	hour, minute, second := digits(s[9:11]), digits(s[11:13]), digits(s[13:15])
	if min(year, month, day, hour, minute, second) < 0 || hour > 23 || minute > 59 || second > 59 {
		return t, false
	}
	t = time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC)
	return t, t.Day() == day && t.Month() == time.Month(month) // else a day that is in no calendar
}

// digits is the number that s spells, or negative.
func digits(s string) (n int) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return -1
		}
		n = 10*n + int(s[i]-'0')
	}
	return n
}

func (s *Signature) setCredential(why reason, credential string) error {
	if strings.Count(credential, "/") != 4 || len(credential) > maxCredential {
		return refuse(why, "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '%s'", echo(credential))
	}
	s.AccessKeyID, s.scope, _ = strings.Cut(credential, "/")
	rest := s.scope
	s.Scope.Date, rest, _ = strings.Cut(rest, "/")
	s.Scope.Region, rest, _ = strings.Cut(rest, "/")
	s.Scope.Service, s.terminator, _ = strings.Cut(rest, "/")
	return nil
}

// sortedNames tells whether list is a semicolon list of lower-case header
// names in strictly ascending order, hence without repetition.
func sortedNames(list string) bool {
	last := ""
	for rest, more := list, true; more; {
		var name string
		name, rest, more = strings.Cut(rest, ";")
		if name <= last || !headerName(name) {
			return false
		}
		last = name
	}
	return true
}

// headerName tells whether s is a token in lower case.
func headerName(s string) bool {
	for i := range len(s) {
		if !tokenBytes[s[i]] {
			return false
		}
	}
	return len(s) > 0 && len(s) <= maxHeaderName
}

// tokenBytes are what header names consist of (RFC 9110, section 5.6.2), in
// lower case.
var tokenBytes = bytesOf("abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~")

// echo is what of a client's text goes into a message.
func echo(s string) string { return s[:min(len(s), maxCredential)] }
