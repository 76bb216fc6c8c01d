package iam

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"time"
)

// A one-time code is a function of the seed and of the time (RFC 6238), in the
// form that AWS and all authenticator apps use: SHA-1, six digits, 30 seconds.
// Codes are numbered by their time since 1970.
const codePeriod = 30 * time.Second

// codeNumber is the number of the code of a time.
func codeNumber(at time.Time) uint64 { return uint64(at.Unix()) / uint64(codePeriod/time.Second) }

// oneTimeCode is the code of a number (RFC 4226, section 5.3).
func oneTimeCode(seed []byte, number uint64) string {
	mac := hmac.New(sha1.New, seed)
	binary.Write(mac, binary.BigEndian, number)
	sum := mac.Sum(nil)
	cut := sum[len(sum)-1] & 0xf
	return fmt.Sprintf("%06d", (binary.BigEndian.Uint32(sum[cut:])&0x7fffffff)%1_000_000)
}

// isCode compares without telling by its time how much of a code was right.
func isCode(seed []byte, number uint64, code string) bool {
	return subtle.ConstantTimeCompare([]byte(oneTimeCode(seed, number)), []byte(code)) == 1
}

// findCode finds which of the codes from first to last a code is; ok is false
// if it is none. It computes all of them in any case.
func findCode(seed []byte, first, last uint64, code string) (number uint64, ok bool) {
	for n := first; n <= last; n++ {
		if isCode(seed, n, code) && !ok {
			number, ok = n, true
		}
	}
	return number, ok
}

// findPair finds the first of two consecutive codes.
func findPair(seed []byte, first, last uint64, one, two string) (number uint64, ok bool) {
	for n := first; n < last; n++ {
		if isCode(seed, n, one) && isCode(seed, n+1, two) {
			return n, true
		}
	}
	return 0, false
}
