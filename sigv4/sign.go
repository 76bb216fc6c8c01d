package sigv4

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// neverSigned are headers that proxies and clients change on the way.
var neverSigned = []string{"authorization", "connection", "expect", "transfer-encoding", "user-agent", "x-amzn-trace-id"}

// Sign signs a request in its Authorization header, as now, for the scope's
// region and service (its Date is ignored). It sets the headers X-Amz-Date,
// X-Amz-Security-Token and, where the service asks for it, X-Amz-Content-Sha256;
// all headers that are there are signed. It fails if the payload is empty or
// the URL malformed.
func Sign(r *http.Request, creds Credentials, scope Scope, payload Payload, now time.Time) error {
	s := claim(creds, scope, payload, now)
	r.Header.Del("Authorization")
	r.Header.Set("X-Amz-Date", s.stamp)
	if creds.SessionToken != "" {
		r.Header.Set("X-Amz-Security-Token", creds.SessionToken)
	}
	if s.rules.S3 || !payload.hashed() {
		r.Header.Set("X-Amz-Content-Sha256", string(payload))
	}
	s.SignedHeaders = signedHeaders(r.Header)
	signature, err := s.compute(r, creds)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", Algorithm+" Credential="+creds.AccessKeyID+"/"+s.scope+
		", SignedHeaders="+s.SignedHeaders+", Signature="+signature)
	return nil
}

// Presign signs a request in its query, good until expires after now (one
// second to MaxExpires; services other than S3 take it for fifteen minutes).
// The URL is then r.URL; headers that are there must be sent along. S3 wants
// UnsignedPayload.
func Presign(r *http.Request, creds Credentials, scope Scope, payload Payload, expires time.Duration, now time.Time) error {
	if expires < time.Second || expires > MaxExpires {
		return errors.New("sigv4: a presigned URL lives between one second and seven days")
	}
	s := claim(creds, scope, payload, now)
	s.SignedHeaders = signedHeaders(r.Header)
	unsigned := r.URL.RawQuery
	b := append([]byte(unsigned), '&')
	if unsigned == "" {
		b = b[:0]
	}
	b = appendParam(b, paramAlgorithm, Algorithm)
	b = appendParam(b, paramCredential, creds.AccessKeyID+"/"+s.scope)
	b = appendParam(b, paramDate, s.stamp)
	b = appendParam(b, paramExpires, strconv.Itoa(int(expires/time.Second)))
	b = appendParam(b, paramSignedHeaders, s.SignedHeaders)
	if creds.SessionToken != "" {
		b = appendParam(b, paramSecurityToken, creds.SessionToken)
	}
	r.URL.RawQuery = string(b[:len(b)-1])
	signature, err := s.compute(r, creds)
	if err != nil {
		r.URL.RawQuery = unsigned
		return err
	}
	r.URL.RawQuery += "&" + paramNames[paramSignature] + "=" + signature
	return nil
}

// claim is a Signature to be made.
func claim(creds Credentials, scope Scope, payload Payload, now time.Time) *Signature {
	s := &Signature{AccessKeyID: creds.AccessKeyID, Payload: payload, stamp: now.UTC().Format(timeFormat)}
	scope.Date = s.stamp[:len(dateFormat)]
	s.Scope, s.scope = scope, scope.String()
	s.rules.S3 = scope.Service == "s3"
	return s
}

func (s *Signature) compute(r *http.Request, creds Credentials) (string, error) {
	if s.Payload == "" {
		return "", errors.New("sigv4: no payload to sign; that of an empty body is HashPayload(nil)")
	}
	w := scratches.Get().(*scratch)
	defer w.release()
	w.payload = append(w.payload[:0], s.Payload...)
	if err := w.canonicalRequest(r, s, w.payload); err != nil {
		return "", err
	}
	return string(w.sign(s, NewKey(creds.SecretAccessKey, s.Scope))), nil
}

// signedHeaders names the headers to be signed, and the host.
func signedHeaders(h http.Header) string {
	names := []string{"host"}
	for name := range h {
		if name = strings.ToLower(name); name != "host" && !slices.Contains(neverSigned, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, ";")
}

// appendParam writes a parameter and an ampersand.
func appendParam(b []byte, param int, value string) []byte {
	b = append(b, paramNames[param]...)
	b = append(b, '=')
	return append(appendEscaped(b, value), '&')
}
