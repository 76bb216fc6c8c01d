package sigv4

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
)

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

// digest stands for an Authorization header in messages, since the header
// could be used again.
func digest(auth string) string {
	sum := sha256.Sum256([]byte(auth))
	return base64.StdEncoding.EncodeToString(sum[:])
}
