package sigv4

import (
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"sync"
)

// Key is a signing key, derived from a secret access key for one Scope. It may
// be used from several goroutines.
type Key struct {
	macs sync.Pool // of hash.Hash: HMACs that have the key already mixed in
}

// NewKey derives the key of a secret access key for a Scope
// (IAM User Guide, "Create a signed AWS API request", step 4).
func NewKey(secret string, scope Scope) *Key {
	key := mac([]byte("AWS4"+secret), scope.Date)
	key = mac(key, scope.Region)
	key = mac(key, scope.Service)
	key = mac(key, terminator)
	return &Key{macs: sync.Pool{New: func() any { return hmac.New(sha256.New, key) }}}
}

// String reveals nothing.
func (k *Key) String() string { return "Key" }

// GoString reveals nothing.
func (k *Key) GoString() string { return "Key" }

func mac(key []byte, data string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(data))
	return h.Sum(nil)
}

// appendMAC appends the HMAC of data to b.
func (k *Key) appendMAC(b, data []byte) []byte {
	h := k.macs.Get().(hash.Hash)
	h.Reset()
	h.Write(data)
	b = h.Sum(b)
	k.macs.Put(h)
	return b
}
