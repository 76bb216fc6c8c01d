package sigv4

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// Rules are what a service asks of signatures. The zero Rules are those of an
// ordinary service, for any region and name.
type Rules struct {
	Service string            // the only signing name accepted; "" accepts any
	Region  func(string) bool // which regions are accepted; nil accepts any

	// S3 selects S3's form: the path is encoded once and taken as it is, the
	// payload must be declared, X-Amz-Expires counts, and chunks are accepted.
	S3 bool

	// UnsignedPayload accepts bodies that the signature does not cover.
	UnsignedPayload bool
}

// Check holds a signature against the clock and the rules: everything that can
// be refused without the secret. Errors are *Error.
func (s *Signature) Check(r *http.Request, rules Rules, now time.Time) error {
	s.rules, s.state = rules, parsed
	if err := s.checkTime(now.UTC()); err != nil {
		return err
	}
	if err := s.checkScope(); err != nil {
		return err
	}
	if err := s.checkHeaders(r.Header); err != nil {
		return err
	}
	if err := s.checkPayload(); err != nil {
		return err
	}
	s.state = checked
	return nil
}

// checkTime wants the request signed within MaxSkew. X-Amz-Expires counts for
// S3 alone: the other services take a presigned request for fifteen minutes,
// whatever it says (that is what the tokens of Amazon EKS live by).
func (s *Signature) checkTime(now time.Time) error {
	oldest, newest := now.Add(-MaxSkew), now.Add(MaxSkew)
	if s.Presigned && s.rules.S3 {
		return s.checkExpires(now, newest)
	}
	switch {
	case s.Time.Before(oldest.Truncate(time.Second)):
		return refuse(skewed, "Signature expired: %s is now earlier than %s (%s - 15 min.)", s.stamp, oldest.Format(timeFormat), now.Format(timeFormat))
	case s.Time.After(newest):
		return refuse(skewed, "Signature not yet current: %s is still later than %s (%s + 15 min.)", s.stamp, newest.Format(timeFormat), now.Format(timeFormat))
	}
	return nil
}

func (s *Signature) checkExpires(now, newest time.Time) error {
	end := s.Time.Add(s.Expires)
	switch {
	case !s.hasExpires:
		return refuse(incompleteQuery, "AWS query-string parameters must include 'X-Amz-Expires'. Re-examine the query-string parameters.")
	case s.Time.After(newest):
		return refuse(early, "Signature not yet current: %s is still later than %s (%s + 15 min.)", s.stamp, newest.Format(timeFormat), now.Format(timeFormat))
	case now.After(end):
		return refuse(expired, "Signature expired: %s is now earlier than %s", end.Format(timeFormat), now.Format(timeFormat))
	}
	return nil
}

// checkScope says all that is wrong with the credential's scope at once.
func (s *Signature) checkScope() error {
	var b []string
	if s.rules.Region != nil && !s.rules.Region(s.Scope.Region) {
		b = append(b, "Credential should be scoped to a valid region, not '"+s.Scope.Region+"'.")
	}
	if s.rules.Service != "" && s.rules.Service != s.Scope.Service {
		b = append(b, "Credential should be scoped to correct service: '"+s.rules.Service+"'.")
	}
	if s.terminator != terminator {
		b = append(b, "Credential should be scoped with a valid terminator: 'aws4_request', not '"+s.terminator+"'.")
	}
	if day := s.stamp[:len(dateFormat)]; s.Scope.Date != day {
		b = append(b, "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '"+s.Scope.Date+"' != '"+day+"', from '"+s.stamp+"'.")
	}
	if b == nil {
		return nil
	}
	return refuse(misscoped, "%s", strings.Join(b, " "))
}

// checkHeaders wants the host and every x-amz-* header covered: what is not
// covered could have been added on the way.
func (s *Signature) checkHeaders(h http.Header) error {
	if !s.covers("host") {
		return refuse(unsignedHeader, "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
	}
	var unsigned []string
	for name := range h {
		if len(name) > 6 && strings.EqualFold(name[:6], "x-amz-") && !s.covers(name) {
			unsigned = append(unsigned, strings.ToLower(name))
		}
	}
	if unsigned == nil {
		return nil
	}
	slices.Sort(unsigned)
	return refuse(unsignedHeader, "There were headers present in the request which were not signed: %s", echo(strings.Join(unsigned, ", ")))
}

// covers tells whether the header of that name, in any case, is signed.
func (s *Signature) covers(name string) bool {
	for rest, more := s.SignedHeaders, true; more; {
		var signed string
		signed, rest, more = strings.Cut(rest, ";")
		if len(signed) == len(name) && strings.EqualFold(signed, name) {
			return true
		}
	}
	return false
}

// checkPayload wants a declaration that the rules allow.
func (s *Signature) checkPayload() error {
	if s.rules.S3 && s.Payload == "" {
		if !s.Presigned {
			return refuse(undeclared, "Missing required header for this request: x-amz-content-sha256")
		}
		s.Payload = UnsignedPayload
	}
	switch {
	case s.Payload == "", s.Payload.hashed():
		return nil
	case s.Payload == UnsignedPayload && s.rules.UnsignedPayload,
		s.Payload == StreamingUnsignedTrailer && s.rules.S3 && s.rules.UnsignedPayload,
		s.Payload.signed() && s.rules.S3:
		return nil
	}
	return refuse(payload, "%s", textPayload)
}
