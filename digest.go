package writ

import (
	"hash"
	"net/http"

	"github.com/writ-iam/writ/checksum"
)

// CheckDigest holds the digest that a client has given for a body against the
// one computed; the error is S3's (S3 API Reference, "Error responses").
func CheckDigest(a checksum.Algorithm, given string, computed hash.Hash) error {
	switch {
	case !a.Valid(given) && a == checksum.MD5:
		return Errorf(http.StatusBadRequest, "InvalidDigest", "The Content-MD5 you specified was invalid.")
	case !a.Valid(given):
		return Errorf(http.StatusBadRequest, "InvalidRequest", "Value for %s header is invalid.", a.Header())
	case checksum.Encode(computed) == given:
		return nil
	case a == checksum.MD5:
		return Errorf(http.StatusBadRequest, "BadDigest", "The Content-MD5 you specified did not match what we received.")
	}
	return Errorf(http.StatusBadRequest, "BadDigest", "The %s you specified did not match the calculated checksum.", a)
}
