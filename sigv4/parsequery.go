package sigv4

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// The parameters of a presigned URL, in the order in which AWS misses them.
const (
	paramAlgorithm = iota
	paramCredential
	paramSignature
	paramSignedHeaders
	paramDate
	paramExpires
	paramSecurityToken
	paramContentSHA256
	params
)

var paramNames = [params]string{
	"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date",
	"X-Amz-Expires", "X-Amz-Security-Token", "X-Amz-Content-Sha256",
}

// query holds the parameters of a presigned URL, unescaped.
type query struct {
	values [params]string
	has    [params]bool
	found  bool // one of those that make a query a signature is there
}

// findQuery picks the signature's parameters from a raw query.
func findQuery(raw string) (query, error) {
	var q query
	for raw != "" {
		var pair string
		pair, raw, _ = strings.Cut(raw, "&")
		name, value, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(name)
		if err != nil {
			return q, badEscape()
		}
		if !strings.HasPrefix(name, "X-Amz-") {
			continue
		}
		if err := q.set(name, value); err != nil {
			return q, err
		}
	}
	q.found = q.has[paramAlgorithm] || q.has[paramCredential] || q.has[paramSignature]
	return q, nil
}

func (q *query) set(name, escaped string) error {
	for i, known := range paramNames {
		if name != known {
			continue
		}
		value, err := url.QueryUnescape(escaped)
		if err != nil {
			return badEscape()
		}
		if q.has[i] {
			return refuse(incompleteQuery, "Found more than one '%s' query-string parameter. Re-examine the query-string parameters.", name)
		}
		q.values[i], q.has[i] = value, true
	}
	return nil
}

func badEscape() *Error {
	return refuse(malformedURL, "Illegal hex character in escape %% pattern.")
}

func (s *Signature) parseQuery(h http.Header, q *query) error {
	if err := q.complete(); err != nil {
		return err
	}
	if q.values[paramAlgorithm] != Algorithm {
		return refuse(incompleteQuery, "Unsupported AWS 'algorithm': '%s'.", echo(q.values[paramAlgorithm]))
	}
	s.Presigned, s.signature, s.SignedHeaders = true, q.values[paramSignature], q.values[paramSignedHeaders]
	if _, err := s.readHeaders(h); err != nil {
		return err
	}
	if err := s.readQuery(q); err != nil {
		return err
	}
	return s.finish(incompleteQuery, q.values[paramCredential], q.values[paramDate])
}

// complete says all that is missing at once, as AWS does.
func (q *query) complete() error {
	var b strings.Builder
	for i := range paramExpires {
		if q.values[i] == "" {
			b.WriteString("AWS query-string parameters must include '" + paramNames[i] + "'. ")
		}
	}
	if b.Len() == 0 {
		return nil
	}
	return refuse(incompleteQuery, "%sRe-examine the query-string parameters.", b.String())
}

// readQuery takes what may stand in the query or in a header, but not in both.
func (s *Signature) readQuery(q *query) error {
	if err := either(&s.SessionToken, q, paramSecurityToken); err != nil {
		return err
	}
	declared := string(s.Payload)
	if err := either(&declared, q, paramContentSHA256); err != nil {
		return err
	}
	s.Payload = Payload(declared)
	return s.setExpires(q)
}

func either(value *string, q *query, param int) error {
	if q.has[param] && *value != "" {
		return refuse(ambiguous, "Found '%s' both as a query-string param and as HTTP header.", paramNames[param])
	}
	if q.has[param] {
		*value = q.values[param]
	}
	return nil
}

// setExpires reads the life of a presigned URL, in seconds
// (S3 API Reference, "Authenticating Requests: Using Query Parameters").
func (s *Signature) setExpires(q *query) error {
	if s.hasExpires = q.has[paramExpires]; !s.hasExpires {
		return nil
	}
	seconds, err := strconv.ParseInt(q.values[paramExpires], 10, 64)
	switch {
	case err != nil:
		return refuse(incompleteQuery, "X-Amz-Expires should be a number")
	case seconds < 0:
		return refuse(incompleteQuery, "X-Amz-Expires must be non-negative")
	case seconds > int64(MaxExpires/time.Second):
		return refuse(incompleteQuery, "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds")
	}
	s.Expires = time.Duration(seconds) * time.Second
	return nil
}
