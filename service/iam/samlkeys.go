package iam

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"slices"
	"time"

	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// samlKey decrypts assertions that a provider encrypts.
type samlKey struct {
	ID      string
	Created time.Time
	Key     store.Secret // RSA, in PKCS #8
}

// maxSAMLKeys lets a new key take over before the old one goes.
const maxSAMLKeys = 2

// minSAMLKey is the size in bits below which a key keeps nothing secret. With one
// above maxSAMLKey it takes long to decrypt what anybody may have brought.
const minSAMLKey, maxSAMLKey = 2048, 4096

// newSAMLKey reads a private key in PEM; nil for none.
func newSAMLKey(text *string, now time.Time) (*samlKey, error) {
	if text == nil {
		return nil, nil
	}
	key, ok := privateKey([]byte(*text))
	if !ok {
		return nil, api.InvalidInputException("Invalid private key.")
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return &samlKey{rand.Text(), now.Truncate(time.Second), store.NewSecret(der)}, nil
}

func privateKey(text []byte) (*rsa.PrivateKey, bool) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, false
	}
	key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	if err != nil {
		any, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			return nil, false
		}
		var ok bool
		if key, ok = any.(*rsa.PrivateKey); !ok {
			return nil, false
		}
	}
	return key, key.N.BitLen() >= minSAMLKey && key.N.BitLen() <= maxSAMLKey
}

func (p *samlProvider) add(key *samlKey) error {
	if key == nil {
		return nil
	}
	if len(p.Keys) >= maxSAMLKeys {
		return api.LimitExceededException("Private key limit of %d is reached.", maxSAMLKeys)
	}
	p.Keys = append(p.Keys, *key)
	return nil
}

// drop takes a key away, unless it is the last and one is required.
func (p *samlProvider) drop(id string) error {
	i := slices.IndexFunc(p.Keys, func(k samlKey) bool { return k.ID == id })
	switch {
	case i < 0:
		return api.InvalidInputException("Failed to remove private key because the Key ID does not match a private key.")
	case len(p.Keys) == 1 && p.Encryption == "Required":
		return api.InvalidInputException("Failed to remove private key.")
	}
	p.Keys = slices.Delete(p.Keys, i, i+1)
	return nil
}

func (p *samlProvider) checkEncryption() error {
	if p.Encryption == "Required" && len(p.Keys) == 0 {
		return api.InvalidInputException("Unable to set assertion encryption mode to Required because no private key is provided.")
	}
	return nil
}

// private are the keys that assertions may be encrypted for.
func (p *samlProvider) private() ([]*rsa.PrivateKey, error) {
	var all []*rsa.PrivateKey
	for _, k := range p.Keys {
		der, err := k.Key.Reveal()
		if err != nil {
			return nil, err
		}
		key, err := x509.ParsePKCS8PrivateKey(der)
		if err != nil {
			return nil, err
		}
		all = append(all, key.(*rsa.PrivateKey))
	}
	return all, nil
}
