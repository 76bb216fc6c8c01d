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
// for which IsMissing holds, one with several is refused. Errors are *Error.
func Parse(r *http.Request) (Signature, error) {
	q, err := findQuery(r.URL.RawQuery)
	if err != nil {
		return Signature{}, err
	}
	auth := r.Header["Authorization"]
	switch {
	case len(auth) > 1:
		return Signature{}, refuse(ambiguous, "Found more than one 'Authorization' HTTP header.")
	case len(auth) == 1 && q.found:
		return Signature{}, refuse(ambiguous, "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.")
	case len(auth) == 1 && strings.HasPrefix(auth[0], "AWS4-"):
		return parseHeader(r.Header, auth[0])
	case q.found:
		return parseQuery(r.Header, &q)
	}
	return Signature{}, refuse(missing, textMissing)
}

func parseHeader(h http.Header, auth string) (Signature, error) {
	var s Signature
	credential, err := s.readAuthorization(h, auth)
	if err != nil {
		return Signature{}, err
	}
	if err := s.readHeaders(h); err != nil {
		return Signature{}, err
	}
	date, _ := single(h, "X-Amz-Date")
	if date == "" {
		date = dateHeader(h)
	}
	return s, s.finish(incomplete, credential, date)
}

// readAuthorization fills in the header's parameters and returns the credential.
// Parameters are separated by commas, spaces, or both, as AWS reads them.
func (s *Signature) readAuthorization(h http.Header, auth string) (credential string, err error) {
	algorithm, rest, _ := strings.Cut(auth, " ")
	if algorithm != Algorithm {
		algorithm, _ = cutAny(algorithm, ",=") // what follows may be the signature
		return "", refuse(incomplete, "Unsupported AWS 'algorithm': '%s'.", echo(algorithm))
	}
	for rest != "" {
		var field string
		field, rest = cutAny(rest, ", ")
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
	return credential, s.complete(h, credential, auth)
}

// complete says all that is missing at once, as AWS does.
func (s *Signature) complete(h http.Header, credential, auth string) error {
	hasDate := len(h["X-Amz-Date"]) > 0 || len(h["Date"]) > 0
	if credential != "" && s.signature != "" && s.SignedHeaders != "" && hasDate {
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
	if !hasDate {
		b.WriteString("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ")
	}
	return refuse(incomplete, "%s(Hashed with SHA-256 and encoded with Base64) Authorization=%s", b.String(), digest(auth))
}

// readHeaders takes what both kinds of signature may have in headers. A header
// that is there twice could mean one thing here and another to who signed it.
func (s *Signature) readHeaders(h http.Header) error {
	for _, name := range [...]string{"X-Amz-Date", "X-Amz-Security-Token", "X-Amz-Content-Sha256"} {
		if len(h[name]) > 1 {
			return refuse(incomplete, "Found more than one '%s' HTTP header.", name)
		}
	}
	s.SessionToken, _ = single(h, "X-Amz-Security-Token")
	declared, _ := single(h, "X-Amz-Content-Sha256")
	s.Payload = Payload(declared)
	return nil
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
	t, err := time.Parse(timeFormat, date)
	if err != nil || len(date) != len(timeFormat) {
		return refuse(why, "Date must be in ISO-8601 'basic format'. Got '%s'. See http://en.wikipedia.org/wiki/ISO_8601", echo(date))
	}
	s.Time, s.stamp = t, date
	return nil
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
	date, _ := single(h, "Date")
	if t, err := http.ParseTime(date); err == nil {
		return t.UTC().Format(timeFormat)
	}
	return date
}

// single is a header's only value; ok is false if it has none or several.
func single(h http.Header, name string) (value string, ok bool) {
	if v := h[name]; len(v) == 1 {
		return strings.Trim(v[0], " \t"), true
	}
	return "", false
}

func cutAny(s, separators string) (before, after string) {
	if i := strings.IndexAny(s, separators); i >= 0 {
		return s[:i], s[i+1:]
	}
	return s, ""
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

// headerName tells whether s is a token of RFC 9110, section 5.6.2, in lower case.
func headerName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && strings.IndexByte("!#$%&'*+-.^_`|~", c) < 0 {
			return false
		}
	}
	return len(s) > 0 && len(s) <= maxHeaderName
}

// echo is what of a client's text goes into a message.
func echo(s string) string { return s[:min(len(s), maxCredential)] }

// digest stands for an Authorization header in messages, since the header
// could be used again.
func digest(auth string) string {
	sum := sha256.Sum256([]byte(auth))
	return base64.StdEncoding.EncodeToString(sum[:])
}
