// Package condition decides the Condition element of a policy statement.
//
// The one central idea: what can be known when the policy is compiled is worked
// out then, so that deciding a request means finding keys by their hash and
// comparing values that are already parsed.
package condition

import (
	"hash/maphash"
	"strings"
)

// Key is the name of a context key, aws:PrincipalTag/team. Names ignore case (R76).
type Key string

// fold gives the form in which names are compared.
func (k Key) fold() string { return strings.ToLower(string(k)) }

// seed keeps callers who choose key names (tags) from choosing collisions.
var seed = maphash.MakeSeed()

// hash is the same for all spellings of a key.
func hash(key string) uint64 {
	var buf [64]byte
	if len(key) > len(buf) {
		return maphash.String(seed, strings.ToLower(key))
	}
	for i := range len(key) {
		c := key[i]
		if c >= 0x80 {
			return maphash.String(seed, strings.ToLower(key))
		}
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		buf[i] = c
	}
	return maphash.Bytes(seed, buf[:len(key)])
}

// multivalued lists the keys, folded, that have a set of values even when the
// set has one member (IAM User Guide, "AWS global condition context keys";
// Service Authorization Reference, keys of type ArrayOf…).
var multivalued = map[string]bool{
	"aws:calledvia":                 true,
	"aws:principalorgpaths":         true,
	"aws:principalservicenameslist": true,
	"aws:resourceorgpaths":          true,
	"aws:sourceorgpaths":            true,
	"aws:tagkeys":                   true,
	"dynamodb:attributes":           true,
	"dynamodb:leadingkeys":          true,
	"kms:encryptioncontextkeys":     true,
	"saml:edupersonaffiliation":     true,
	"sts:transitivetagkeys":         true,
}
