package sigv4

import (
	"crypto/sha256"
	"strings"
	"sync"
)

// Keys remembers signing keys, which cost four HMACs to derive. It holds a
// bounded number of them: when one generation is full, it becomes the old one,
// and what nobody asks for in the meantime is forgotten with the next change.
// It may be used from several goroutines.
type Keys struct {
	half int // keys in one generation

	mu       sync.RWMutex
	now, old map[keyName]*Key
}

// keyName is what a signing key depends on. The secret stands in it as a
// digest, so that a changed secret is never served the former key.
type keyName struct {
	accessKeyID string
	secret      [sha256.Size]byte
	scope       Scope
}

// NewKeys makes a cache of at most size keys (at least two).
func NewKeys(size int) *Keys {
	return &Keys{half: max(size/2, 1), now: map[keyName]*Key{}}
}

// Key is the signing key of a secret access key for a Scope.
func (k *Keys) Key(accessKeyID, secret string, scope Scope) *Key {
	var buf [128]byte
	name := keyName{accessKeyID, sha256.Sum256(append(buf[:0], secret...)), scope}
	k.mu.RLock()
	key := k.now[name]
	k.mu.RUnlock()
	if key != nil {
		return key
	}
	return k.remember(name, secret)
}

func (k *Keys) remember(name keyName, secret string) *Key {
	k.mu.Lock()
	defer k.mu.Unlock()
	key := k.now[name]
	if key == nil {
		key = k.old[name]
	}
	if key == nil {
		key = NewKey(secret, name.scope)
	}
	if len(k.now) >= k.half {
		k.now, k.old = map[keyName]*Key{}, k.now
	}
	k.now[name.clone()] = key
	return key
}

// clone frees the name from the request whose header it is a part of.
func (n keyName) clone() keyName {
	n.accessKeyID = strings.Clone(n.accessKeyID)
	n.scope = Scope{strings.Clone(n.scope.Date), strings.Clone(n.scope.Region), strings.Clone(n.scope.Service)}
	return n
}
