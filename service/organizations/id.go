package organizations

import (
	"crypto/rand"
	"strings"
)

// Ids of Organizations are lower case letters and digits behind a prefix.
const idAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789"

// newID makes an id of n random characters behind a prefix.
func newID(prefix string, n int) string {
	var b strings.Builder
	b.WriteString(prefix)
	for range n {
		b.WriteByte(idAlphabet[randomBelow(len(idAlphabet))])
	}
	return b.String()
}

// newAccountID makes the number of an account that probably does not exist.
func newAccountID() string {
	digits := []byte{'1' + byte(randomBelow(9))} // people lose leading zeros
	for range 11 {
		digits = append(digits, '0'+byte(randomBelow(10)))
	}
	return string(digits)
}

// randomBelow is a random number below n, which is at most 128.
func randomBelow(n int) int {
	for {
		var b [1]byte
		rand.Read(b[:])
		if k := int(b[0]); k < 256/n*n {
			return k % n
		}
	}
}

// kind is what an id is of.
type kind int

const (
	unknownKind kind = iota
	rootKind
	unitKind
	accountKind
	policyKind
	resourcePolicyKind
)

// kindOf tells it from the form of the id.
func kindOf(id string) kind {
	switch {
	case strings.HasPrefix(id, "r-"):
		return rootKind
	case strings.HasPrefix(id, "ou-"):
		return unitKind
	case strings.HasPrefix(id, "p-"):
		return policyKind
	case strings.HasPrefix(id, "rp-"):
		return resourcePolicyKind
	case len(id) == 12 && strings.Trim(id, "0123456789") == "":
		return accountKind
	}
	return unknownKind
}
