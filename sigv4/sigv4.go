// Package sigv4 signs and verifies requests with AWS Signature Version 4, in
// the Authorization header, in a presigned URL, and chunk by chunk.
//
// Its one idea: a signature is checked in the order in which AWS checks it, and
// each step returns what AWS would answer. Parse reads what the request claims,
// Check holds it against the clock and the service, Verify proves it with the
// secret, and Body proves a payload that was not read before. A step that was
// skipped makes the next one fail.
//
//	sig, err := sigv4.Parse(r)                 // who claims to have signed, when, for what
//	err = sig.Check(r, rules, time.Now())      // expired? scoped to this service? all signed?
//	key := keys.Key(sig.AccessKeyID, secret, sig.Scope)
//	err = sig.Verify(r, hash[:], key)          // was it that secret?
//
// Sign and Presign are the client's side. Signature Version 4A is not supported.
//
// Source of the rules: IAM User Guide, "AWS Signature Version 4 for API
// requests"; Amazon S3 API Reference, "Authenticating Requests". The order of
// the checks and their texts are those that AWS's services are seen to give.
package sigv4

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

const (
	// Algorithm is the only one supported.
	Algorithm = "AWS4-HMAC-SHA256"

	// MaxSkew is how far the clocks of client and server may differ.
	MaxSkew = 15 * time.Minute

	// MaxExpires is the longest life of a presigned URL.
	MaxExpires = 7 * 24 * time.Hour

	terminator = "aws4_request"
	timeFormat = "20060102T150405Z" // ISO 8601 basic format, always UTC
	dateFormat = "20060102"
)

// Scope says where a signing key is good: the second to fourth part of AWS's
// Credential. A key is derived for one Scope and is worthless outside of it.
type Scope struct {
	Date    string // YYYYMMDD, UTC
	Region  string // "us-east-1"
	Service string // the service's signing name: "iam", "s3"
}

func (s Scope) String() string {
	return s.Date + "/" + s.Region + "/" + s.Service + "/" + terminator
}

// Credentials are what a client signs with.
type Credentials struct {
	AccessKeyID     string
	SecretAccessKey string
	SessionToken    string // "" for long-term credentials
}

// String names the credentials without their secrets.
func (c Credentials) String() string { return "Credentials(" + c.AccessKeyID + ")" }

// GoString is String, so that %#v shows no secret either.
func (c Credentials) GoString() string { return c.String() }

// Payload is what a signature says of the body: the lower-case hex of its
// SHA-256, or one of the constants below. It is the last line of the canonical
// request and the value of the header x-amz-content-sha256.
type Payload string

const (
	UnsignedPayload          Payload = "UNSIGNED-PAYLOAD"                           // the body is not covered
	StreamingPayload         Payload = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"         // each chunk has its signature
	StreamingPayloadTrailer  Payload = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" // and so have the trailing headers
	StreamingUnsignedTrailer Payload = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"         // chunks and trailing headers, none signed
)

// HashPayload is the Payload of a body that is at hand. A nil body is empty.
func HashPayload(body []byte) Payload {
	sum := sha256.Sum256(body)
	return Payload(hex.EncodeToString(sum[:]))
}

// streaming tells whether the body comes in chunks (Content-Encoding aws-chunked).
func (p Payload) streaming() bool {
	return p == StreamingPayload || p == StreamingPayloadTrailer || p == StreamingUnsignedTrailer
}

// signed tells whether the chunks of a streaming Payload have signatures.
func (p Payload) signed() bool { return p == StreamingPayload || p == StreamingPayloadTrailer }

// trailer tells whether headers follow the last chunk.
func (p Payload) trailer() bool {
	return p == StreamingPayloadTrailer || p == StreamingUnsignedTrailer
}

// hashed tells whether p has the form of a SHA-256 in lower-case hex.
func (p Payload) hashed() bool { return isLowerHex(string(p), 2*sha256.Size) }

func isLowerHex(s string, n int) bool {
	if len(s) != n {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
