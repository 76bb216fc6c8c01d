package sigv4

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"time"
)

// Signature is what a request claims about itself. Nothing in it is to be
// believed before Verify has returned nil.
type Signature struct {
	AccessKeyID   string
	Scope         Scope
	Time          time.Time // when it was signed, UTC, to the second
	SignedHeaders string    // lower-case names, sorted, joined by semicolons
	SessionToken  string    // "" for long-term credentials
	Presigned     bool      // found in the query, not in the Authorization header
	Expires       time.Duration
	Payload       Payload // as declared by x-amz-content-sha256; "" if it was not

	signature  string // lower-case hex
	scope      string // the credential after the access key id, as sent
	terminator string
	stamp      string // Time in timeFormat
	hasExpires bool

	rules Rules
	key   *Key  // set by Verify
	state state // how far it has been believed
}

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

func (s *Signature) parseHeader(h http.Header, auth string) error {
	date, err := s.readHeaders(h)
	if err != nil {
		return err
	}
	if date == "" {
		date = dateHeader(h)
	}
	credential, err := s.readAuthorization(auth)
	if err != nil {
		return err
	}
	if err := s.complete(credential, date, auth); err != nil {
		return err
	}
	return s.finish(incomplete, credential, date)
}

// readAuthorization fills in the header's parameters and returns the credential.
// Parameters are separated by commas, spaces, or both, as AWS reads them.
func (s *Signature) readAuthorization(auth string) (credential string, err error) {
	algorithm, rest, _ := strings.Cut(auth, " ")
	if algorithm != Algorithm {
		algorithm, _ = cutEither(algorithm, ',', '=') // what follows may be the signature
		return "", refuse(incomplete, "Unsupported AWS 'algorithm': '%s'.", echo(algorithm))
	}
	for rest != "" {
		var field string
		field, rest = cutEither(rest, ',', ' ')
		if field == "" {
			continue
		}
		name, value, ok := strings.Cut(field, "=")
		if !ok {
			return "", refuse(incomplete, "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '%s'.", digest(auth))
		}
		var into *string
		switch name {
		case "Credential":
			into = &credential
		case "SignedHeaders":
			into = &s.SignedHeaders
		case "Signature":
			into = &s.signature
		default:
			continue
		}
		if *into != "" {
			return "", refuse(incomplete, "Authorization header has more than one '%s' parameter. (Hashed with SHA-256 and encoded with Base64) Authorization=%s", name, digest(auth))
		}
		*into = value
	}
	return credential, nil
}

// complete says all that is missing at once, as AWS does.
func (s *Signature) complete(credential, date, auth string) error {
	if credential != "" && s.signature != "" && s.SignedHeaders != "" && date != "" {
		return nil
	}
	var b strings.Builder
	require := func(ok bool, name string) {
		if !ok {
			b.WriteString("Authorization header requires '" + name + "' parameter. ")
		}
	}
	require(credential != "", "Credential")
	require(s.signature != "", "Signature")
	require(s.SignedHeaders != "", "SignedHeaders")
	if date == "" {
		b.WriteString("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ")
	}
	return refuse(incomplete, "%s(Hashed with SHA-256 and encoded with Base64) Authorization=%s", b.String(), digest(auth))
}

// readHeaders takes what both kinds of signature may have in headers, and
// returns X-Amz-Date.
func (s *Signature) readHeaders(h http.Header) (date string, err error) {
	if date, err = only(h, "X-Amz-Date"); err != nil {
		return "", err
	}
	if s.SessionToken, err = only(h, "X-Amz-Security-Token"); err != nil {
		return "", err
	}
	declared, err := only(h, "X-Amz-Content-Sha256")
	s.Payload = Payload(declared)
	return date, err
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

// dateHeader is the Date header in ISO 8601 basic format, which AWS falls back
// to. What is no HTTP date is returned as it is.
func dateHeader(h http.Header) string {
	date := h.Get("Date")
	if t, err := http.ParseTime(date); err == nil {
		return t.UTC().Format(timeFormat)
	}
	return date
}

// only is the value of a header that may be there once, or "". One that is
// there twice could mean one thing here and another to who signed it.
func only(h http.Header, name string) (string, error) {
	switch v := h[name]; len(v) {
	case 0:
		return "", nil
	case 1:
		return v[0], nil
	}
	return "", refuse(incomplete, "Found more than one '%s' HTTP header.", name)
}

// cutEither cuts s around the first of two separators.
func cutEither(s string, x, y byte) (before, after string) {
	end := len(s)
	if i := strings.IndexByte(s, x); i >= 0 {
		end = i
	}
	if i := strings.IndexByte(s[:end], y); i >= 0 {
		end = i
	}
	return s[:end], s[min(end+1, len(s)):]
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

// digest stands for an Authorization header in messages, since the header
// could be used again.
func digest(auth string) string {
	sum := sha256.Sum256([]byte(auth))
	return base64.StdEncoding.EncodeToString(sum[:])
}
