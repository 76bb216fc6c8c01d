package iam

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/uuid"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// outbound is an account's issuer of web identity tokens: with them its users and
// roles prove to services elsewhere who they are.
type outbound struct {
	Account string
	Issuer  string // UUID; the last part of the issuer's URL
	Enabled bool
	Keys    []signingKey
}

// signingKey signs the tokens of one algorithm.
type signingKey struct {
	ID        string
	Algorithm jose.SignatureAlgorithm
	Public    []byte       // PKIX
	Private   store.Secret // PKCS #8
}

var outbounds = store.NewTable("iam/outbound-federation",
	func(o *outbound) store.Key { return store.K(o.Account) },
	store.Unique("issuer", func(o *outbound) store.Key { return store.K(o.Issuer) }))

const (
	alreadyEnabled  = "The request failed because outbound identity federation is already enabled for your AWS account. You cannot enable the feature multiple times. To fetch the current configuration (including the unique issuer URL), use the GetOutboundWebIdentityFederationInfo operation."
	alreadyDisabled = "The request failed because outbound identity federation is already disabled for your AWS account. You cannot disable the feature multiple times."
)

// EnableOutboundWebIdentityFederation makes an issuer with keys of its own. An
// account that had one before gets it back.
func (s *Service) EnableOutboundWebIdentityFederation(c *writ.Call, _ *api.EnableOutboundWebIdentityFederationInput) (*api.EnableOutboundWebIdentityFederationOutput, error) {
	fresh, err := newOutbound(c.Scope.Account)
	if err != nil {
		return nil, err
	}
	var issuer string
	err = s.db.Update(c, func(tx *store.Tx) error {
		o, err := outbounds.Get(tx, c.Scope.Account)
		switch {
		case errors.Is(err, store.ErrNotFound):
			o = fresh
		case err != nil:
			return err
		case o.Enabled:
			return api.FeatureEnabledException(alreadyEnabled)
		}
		o.Enabled = true
		issuer = s.Issuers + o.Issuer
		return outbounds.Put(tx, o)
	})
	return &api.EnableOutboundWebIdentityFederationOutput{IssuerIdentifier: &issuer}, err
}

// DisableOutboundWebIdentityFederation ends the issuing. Tokens that were issued
// can still be verified.
func (s *Service) DisableOutboundWebIdentityFederation(c *writ.Call, _ *api.DisableOutboundWebIdentityFederationInput) (*api.DisableOutboundWebIdentityFederationOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		o, err := enabledOutbound(tx, c.Scope.Account)
		if err != nil {
			return disabled(err)
		}
		o.Enabled = false
		return outbounds.Put(tx, o)
	})
	return &api.DisableOutboundWebIdentityFederationOutput{}, err
}

func (s *Service) GetOutboundWebIdentityFederationInfo(c *writ.Call, _ *api.GetOutboundWebIdentityFederationInfoInput) (*api.GetOutboundWebIdentityFederationInfoOutput, error) {
	var issuer string
	err := s.db.View(c.Context, func(tx *store.Tx) error {
		o, err := enabledOutbound(tx, c.Scope.Account)
		if err != nil {
			return disabled(err)
		}
		issuer = s.Issuers + o.Issuer
		return nil
	})
	return &api.GetOutboundWebIdentityFederationInfoOutput{IssuerIdentifier: &issuer, JwtVendingEnabled: new(true)}, err
}

func enabledOutbound(tx *store.Tx, account string) (*outbound, error) {
	o, err := outbounds.Get(tx, account)
	if err == nil && !o.Enabled {
		return nil, store.ErrNotFound
	}
	return o, err
}

func disabled(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return api.FeatureDisabledException(alreadyDisabled)
	}
	return err
}

// newOutbound makes an issuer with a key for each algorithm that AWS has.
func newOutbound(account string) (*outbound, error) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		return nil, err
	}
	o := &outbound{Account: account, Issuer: uuid.NewString()}
	for algorithm, key := range map[jose.SignatureAlgorithm]crypto.Signer{jose.RS256: rsaKey, jose.ES384: ecKey} {
		private, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			return nil, err
		}
		public, err := x509.MarshalPKIXPublicKey(key.Public())
		if err != nil {
			return nil, err
		}
		o.Keys = append(o.Keys, signingKey{uuid.NewString(), algorithm, public, store.NewSecret(private)})
	}
	return o, nil
}

// SigningKey is what STS signs web identity tokens with. An account that does
// not issue tokens, or not with the algorithm, is store.ErrNotFound.
func (s *Service) SigningKey(tx *store.Tx, account, algorithm string) (issuer string, key jose.JSONWebKey, err error) {
	o, err := enabledOutbound(tx, account)
	if err != nil {
		return "", key, err
	}
	for i := range o.Keys {
		if string(o.Keys[i].Algorithm) == algorithm {
			key, err := o.Keys[i].private()
			return s.Issuers + o.Issuer, key, err
		}
	}
	return "", key, store.ErrNotFound
}

func (k *signingKey) private() (jose.JSONWebKey, error) {
	private, err := k.Private.Reveal()
	if err != nil {
		return jose.JSONWebKey{}, err
	}
	return k.web(x509.ParsePKCS8PrivateKey(private))
}

func (k *signingKey) public() (jose.JSONWebKey, error) {
	return k.web(x509.ParsePKIXPublicKey(k.Public))
}

// web is a key in the form that JOSE uses.
func (k *signingKey) web(key any, err error) (jose.JSONWebKey, error) {
	if err != nil {
		return jose.JSONWebKey{}, fmt.Errorf("iam: signing key %s: %w", k.ID, err)
	}
	return jose.JSONWebKey{Key: key, KeyID: k.ID, Algorithm: string(k.Algorithm), Use: "sig"}, nil
}

// VerificationKeys returns the public keys of an issuer, by the last part of its
// URL; store.ErrNotFound if there is none, or its account is closed.
func (s *Service) VerificationKeys(ctx context.Context, issuer string) (set jose.JSONWebKeySet, err error) {
	err = s.db.View(ctx, func(tx *store.Tx) error {
		o, err := outbounds.By(tx, "issuer", issuer)
		if err != nil {
			return err
		}
		if _, err := openAccount(tx, o.Account); err != nil {
			return err
		}
		for i := range o.Keys {
			key, err := o.Keys[i].public()
			if err != nil {
				return err
			}
			set.Keys = append(set.Keys, key)
		}
		return nil
	})
	return set, err
}
