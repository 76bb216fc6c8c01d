package store

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"

	"golang.org/x/crypto/chacha20poly1305"
)

// Purpose is what a sealed value is for. Each purpose has a key of its own, so
// that a value sealed for one is never taken for another.
type Purpose int

// The purposes that values are sealed for.
const (
	Records         Purpose = iota // secrets in stored records
	SessionTokens                  // session tokens of temporary credentials
	EncodedMessages                // encoded authorization messages
	Markers                        // markers of pages
	MetadataSeals                  // what instances prove themselves with
	TradeInTokens                  // tokens of delegation requests
	marks                          // the mark that ties a database to its master key
	purposes
)

// The names enter the keys: a changed name loses what was sealed under it.
var purposeNames = [purposes]string{"records", "session tokens", "encoded messages", "markers", "metadata seals", "trade-in tokens", "marks"}

// MasterKeySize is the size of a master key in bytes.
const MasterKeySize = 32

// ErrSealed is returned for a value that does not open: it was changed, or
// sealed for something else, or with a key that the keyring does not have.
var ErrSealed = errors.New("store: sealed value does not open")

// Keyring seals values with XChaCha20-Poly1305 under keys that HKDF-SHA-256
// (RFC 5869) derives from master keys, one for each purpose. Its nonces are
// large enough to be random for any number of values.
//
// A sealed value is the id of its master key (4 bytes), the nonce (24) and the
// ciphertext with its tag.
type Keyring struct {
	keys []sealer // the first seals, all open
}

type sealer struct {
	id    [4]byte
	aeads [purposes]cipher.AEAD
}

// NewKeyring makes a keyring that seals with master and opens what was sealed
// with master or with one of the old keys.
func NewKeyring(master []byte, old ...[]byte) (*Keyring, error) {
	ring := new(Keyring)
	for _, key := range append([][]byte{master}, old...) {
		s, err := newSealer(key)
		if err != nil {
			return nil, err
		}
		ring.keys = append(ring.keys, s)
	}
	return ring, nil
}

func newSealer(master []byte) (s sealer, err error) {
	if len(master) != MasterKeySize {
		return s, fmt.Errorf("store: a master key has %d bytes, not %d", MasterKeySize, len(master))
	}
	id, err := hkdf.Key(sha256.New, master, nil, "writ key id", len(s.id))
	if err != nil {
		return s, err
	}
	copy(s.id[:], id)
	for p, name := range purposeNames {
		key, err := hkdf.Key(sha256.New, master, nil, "writ "+name, chacha20poly1305.KeySize)
		if err != nil {
			return s, err
		}
		if s.aeads[p], err = chacha20poly1305.NewX(key); err != nil {
			return s, err
		}
	}
	return s, nil
}

// Seal encrypts plaintext. context is not part of the result, but only the
// same context opens it again.
func (r *Keyring) Seal(purpose Purpose, plaintext, context []byte) []byte {
	s, aead := r.keys[0], r.keys[0].aeads[purpose]
	head := len(s.id) + aead.NonceSize()
	sealed := make([]byte, head, head+len(plaintext)+aead.Overhead())
	copy(sealed, s.id[:])
	rand.Read(sealed[len(s.id):])
	return aead.Seal(sealed, sealed[len(s.id):], plaintext, context)
}

// Open decrypts what Seal made for the same purpose and context, or returns
// ErrSealed.
func (r *Keyring) Open(purpose Purpose, sealed, context []byte) ([]byte, error) {
	for i := range r.keys {
		s, aead := &r.keys[i], r.keys[i].aeads[purpose]
		head := len(s.id) + aead.NonceSize()
		if len(sealed) < head || [4]byte(sealed) != s.id {
			continue
		}
		plaintext, err := aead.Open(nil, sealed[len(s.id):head], sealed[head:], context)
		if err != nil {
			return nil, ErrSealed
		}
		return plaintext, nil
	}
	return nil, ErrSealed
}
