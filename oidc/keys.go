package oidc

import (
	"context"
	"crypto/ecdsa"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// minRSA is the size in bits below which an RSA key is no proof. Keys of more than
// 8,192 bits, with which a token would cost seconds, jose does not read.
const minRSA = 2048

// maxKeys is how many keys of a type a provider may publish (IAM User Guide,
// "Create an OpenID Connect (OIDC) identity provider in IAM").
const maxKeys = 100

// keysAge is how old a provider's documents may be where they name the key.
const keysAge = 24 * time.Hour

// Documents fetches what providers publish. Package egress does it.
type Documents interface {
	Get(ctx context.Context, url string, thumbprints []string, maxAge time.Duration) ([]byte, error)
}

// Keys finds the keys of providers: those that the operator gave, and for all
// other providers those that they publish.
type Keys struct {
	documents Documents
	offline   map[string][]jose.JSONWebKey // by issuer
}

// NewKeys makes a source of keys. dir has the keys of providers that can't be
// asked (see ReadDir); "" means none.
func NewKeys(documents Documents, dir string) (*Keys, error) {
	k := &Keys{documents: documents}
	if dir == "" {
		return k, nil
	}
	var err error
	k.offline, err = readDir(dir)
	return k, err
}

// Offline says whether the operator gave a provider's keys.
func (k *Keys) Offline(issuer string) bool {
	_, ok := k.offline[issuer]
	return ok
}

// find returns the key that a token must be signed with. A key that the known
// documents don't have may be a new one, so then they are fetched again.
func (k *Keys) find(ctx context.Context, t *Token, p Provider) (any, error) {
	if set, ok := k.offline[p.Issuer]; ok {
		return choose(set, t)
	}
	set, err := k.published(ctx, t, p, keysAge)
	if err != nil {
		return nil, err
	}
	if key, err := choose(set, t); err == nil {
		return key, nil
	}
	if set, err = k.published(ctx, t, p, 0); err != nil {
		return nil, err
	}
	return choose(set, t)
}

// published reads a provider's keys of the token's type by way of its discovery
// document (OpenID Connect Discovery 1.0, section 4).
func (k *Keys) published(ctx context.Context, t *Token, p Provider, age time.Duration) ([]jose.JSONWebKey, error) {
	var discovered struct {
		Issuer  string `json:"issuer"`
		JWKSURI string `json:"jwks_uri"`
	}
	at := strings.TrimSuffix(p.Issuer, "/") + "/.well-known/openid-configuration"
	if err := k.document(ctx, at, p, age, &discovered); err != nil {
		return nil, err
	}
	if discovered.Issuer != p.Issuer {
		return nil, fmt.Errorf("%w: %s says that it is %q", ErrKeys, at, discovered.Issuer)
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := k.document(ctx, discovered.JWKSURI, p, age, &set); err != nil {
		return nil, err
	}
	return known(set.Keys, keyType(t.alg))
}

// keyType is the type of the keys that an algorithm signs with (RFC 7518, section 6.1).
func keyType(alg jose.SignatureAlgorithm) string {
	if curves[alg] > 0 {
		return "EC"
	}
	return "RSA"
}

// known reads the keys of a type. It leaves out those that nobody here knows:
// providers publish them beside those that they sign with.
func known(raw []json.RawMessage, kty string) ([]jose.JSONWebKey, error) {
	var all []jose.JSONWebKey
	n := 0
	for i := range raw {
		var head struct {
			Type string `json:"kty"`
		}
		if json.Unmarshal(raw[i], &head) != nil || head.Type != kty {
			continue
		}
		if n++; n > maxKeys {
			return nil, fmt.Errorf("%w: there are more than %d keys of type %s", ErrKeys, maxKeys, kty)
		}
		var key jose.JSONWebKey
		if json.Unmarshal(raw[i], &key) == nil {
			all = append(all, key)
		}
	}
	return all, nil
}

func (k *Keys) document(ctx context.Context, url string, p Provider, age time.Duration, into any) error {
	if k.documents == nil {
		return ErrKeys
	}
	raw, err := k.documents.Get(ctx, url, p.Thumbprints, age)
	if err == nil {
		err = json.Unmarshal(raw, into)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrKeys, err)
	}
	return nil
}

var errNoKey = errors.New("no key fits")

// choose picks the key that the token names. A token that names none must leave
// no choice.
func choose(set []jose.JSONWebKey, t *Token) (any, error) {
	var fitting []any
	for i := range set {
		if key := &set[i]; (t.keyID == "" || key.KeyID == t.keyID) && fits(key, t.alg) {
			fitting = append(fitting, key.Key)
		}
	}
	if len(fitting) != 1 {
		return nil, fmt.Errorf("%w: %w", ErrKeys, errNoKey)
	}
	return fitting[0], nil
}

// curves are the bits of the curve that an algorithm demands (RFC 7518, section 3.4).
var curves = map[jose.SignatureAlgorithm]int{jose.ES256: 256, jose.ES384: 384, jose.ES512: 521}

// fits says whether a key is a public one, of a good size, and for the algorithm.
func fits(key *jose.JSONWebKey, alg jose.SignatureAlgorithm) bool {
	if key.Use != "" && key.Use != "sig" || key.Algorithm != "" && key.Algorithm != string(alg) {
		return false
	}
	switch public := key.Key.(type) {
	case *rsa.PublicKey:
		return curves[alg] == 0 && public.N.BitLen() >= minRSA
	case *ecdsa.PublicKey:
		return curves[alg] == public.Curve.Params().BitSize
	}
	return false
}
