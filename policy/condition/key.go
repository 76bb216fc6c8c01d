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

// seed keeps callers who choose names of keys (tags) from choosing collisions.
var seed = maphash.MakeSeed()

// hash is the same for all spellings of a key, as names ignore case (R76).
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

// multivalued holds the hashes of keys that have a set of values even when the
// set has one member (IAM User Guide, "AWS global condition context keys";
// Service Authorization Reference, keys of type ArrayOf…).
var multivalued = hashes(
	"aws:CalledVia",
	"aws:PrincipalOrgPaths",
	"aws:PrincipalServiceNamesList",
	"aws:ResourceOrgPaths",
	"aws:SourceOrgPaths",
	"aws:TagKeys",
	"dynamodb:Attributes",
	"dynamodb:LeadingKeys",
	"kms:EncryptionContextKeys",
	"saml:eduPersonAffiliation",
	"sts:TransitiveTagKeys",
)

func hashes(keys ...string) map[uint64]bool {
	set := make(map[uint64]bool, len(keys))
	for _, key := range keys {
		set[hash(key)] = true
	}
	return set
}
