package sigv4

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

// scratch is the memory for one computation of a signature, used again and again.
type scratch struct {
	text    []byte // canonical request, then string to sign
	payload []byte // last line of the canonical request
	encoded []byte // names and values of the query, encoded
	pairs   []pair // where they are
	sum     []byte // HMAC
	hex     []byte // signature
	given   []byte // signature that was sent
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// maxKept is the size of memory that is worth keeping; longer requests are rare.
const maxKept = 64 << 10

func (w *scratch) release() {
	if cap(w.text)+cap(w.encoded) <= maxKept && cap(w.pairs) <= maxKept/64 {
		scratches.Put(w)
	}
}

// canonicalRequest writes the canonical request
// (IAM User Guide, "Create a signed AWS API request", step 1).
func (w *scratch) canonicalRequest(r *http.Request, s *Signature, payload []byte) (err error) {
	b := append(w.text[:0], r.Method...)
	b = append(b, '\n')
	if b, err = appendPath(b, r.URL, s.rules.S3); err != nil {
		return err
	}
	b = append(b, '\n')
	if b, err = w.appendQuery(b, r.URL.RawQuery); err != nil {
		return err
	}
	b = append(b, '\n')
	if b, err = appendHeaders(b, r, s.SignedHeaders); err != nil {
		return err
	}
	b = append(b, '\n')
	b = append(b, s.SignedHeaders...)
	b = append(b, '\n')
	w.text = append(b, payload...)
	return nil
}

// sign turns the canonical request into its signature, in hex.
func (w *scratch) sign(s *Signature, key *Key) []byte {
	sum := sha256.Sum256(w.text)
	b := append(w.text[:0], Algorithm...)
	b = append(b, '\n')
	b = append(b, s.stamp...)
	b = append(b, '\n')
	b = append(b, s.scope...)
	b = append(b, '\n')
	w.text = hex.AppendEncode(b, sum[:])
	w.sum = key.appendMAC(w.sum[:0], w.text)
	w.hex = hex.AppendEncode(w.hex[:0], w.sum)
	return w.hex
}

// appendPath writes the path as the client put it on the wire: encoded once
// more and without dot segments, but for S3 as it is.
func appendPath(b []byte, u *url.URL, s3 bool) ([]byte, error) {
	path := wirePath(u)
	if s3 {
		if path == "" {
			path = "/"
		}
		return appendReescaped(b, path, true)
	}
	return appendCleanPath(b, path), nil
}

// wirePath is the path as it was sent, even where it was badly escaped.
func wirePath(u *url.URL) string {
	if u.RawPath != "" {
		if p, err := url.PathUnescape(u.RawPath); err == nil && p == u.Path {
			return u.RawPath
		}
	}
	return u.EscapedPath()
}

// appendHeaders writes the signed headers. One that is signed but not there was
// lost on the way.
func appendHeaders(b []byte, r *http.Request, signed string) ([]byte, error) {
	for rest, more := signed, true; more; {
		var name string
		name, rest, more = strings.Cut(rest, ";")
		b = append(b, name...)
		b = append(b, ':')
		var ok bool
		if b, ok = appendHeader(b, r, name); !ok {
			return nil, refuse(mismatch, textMismatch)
		}
		b = append(b, '\n')
	}
	return b, nil
}

// maxHeaderName bounds the names of signed headers.
const maxHeaderName = 128

// appendHeader writes the values of a header. net/http keeps the host apart
// from the others, and removes Transfer-Encoding, which nobody can thus sign.
func appendHeader(b []byte, r *http.Request, name string) (_ []byte, ok bool) {
	if name == "host" {
		return appendTrimmed(b, host(r)), true
	}
	var buf [maxHeaderName]byte
	values := r.Header[string(appendCanonicalKey(buf[:0], name))]
	for i, value := range values {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendTrimmed(b, value)
	}
	return b, len(values) > 0
}

// host is the Host header, of a request received or of one to be sent.
func host(r *http.Request) string {
	if r.Host == "" {
		return r.URL.Host
	}
	return r.Host
}

// appendCanonicalKey is http.CanonicalHeaderKey without memory of its own.
func appendCanonicalKey(b []byte, name string) []byte {
	upper := true
	for i := range len(name) {
		c := name[i]
		if upper && 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		b = append(b, c)
		upper = c == '-'
	}
	return b
}
