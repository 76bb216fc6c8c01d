// Package oidc verifies the ID tokens of OpenID Connect providers.
//
// Its one idea: a token is nothing but text until a key of its issuer has proved
// it, and the issuer is the one that the verifier was told of, not the one that
// the token names. Parse reads a token so that its issuer can be looked up among
// those that are trusted; only Verify returns claims.
package oidc

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// algorithms are those that a provider may sign with: public keys only. With an
// HMAC whoever can verify could also sign.
var algorithms = []jose.SignatureAlgorithm{jose.RS256, jose.RS384, jose.RS512, jose.ES256, jose.ES384, jose.ES512}

// Errors of tokens. ErrKeys is a fault of the provider, the others are the token's.
var (
	ErrMalformed = errors.New("oidc: not a signed token")
	ErrKeys      = errors.New("oidc: the provider's key is not to be had")
	ErrSignature = errors.New("oidc: the signature is not the provider's")
	ErrIssuer    = errors.New("oidc: the issuer is another")
	ErrEarly     = errors.New("oidc: the token is from the future")
)

// ClaimError says which claim is missing or of the wrong form.
type ClaimError struct{ Name string }

func (e *ClaimError) Error() string { return "oidc: claim " + e.Name + " is missing or malformed" }

// ExpiredError is the error of a token that was good once. Times are Unix seconds.
type ExpiredError struct{ Now, Expires int64 }

func (e *ExpiredError) Error() string { return "oidc: the token has expired" }

// Token is a token that nobody has vouched for yet.
type Token struct {
	signed *jose.JSONWebSignature
	keyID  string
	alg    jose.SignatureAlgorithm
	issuer string
}

// Parse reads a token in the compact form. The only error is ErrMalformed.
func Parse(text string) (*Token, error) {
	signed, err := jose.ParseSignedCompact(text, algorithms)
	if err != nil {
		return nil, ErrMalformed
	}
	claims, err := parseClaims(signed.UnsafePayloadWithoutVerification())
	if err != nil {
		return nil, err
	}
	head := signed.Signatures[0].Protected
	return &Token{signed, head.KeyID, jose.SignatureAlgorithm(head.Algorithm), claims.Text("iss")}, nil
}

// Issuer is who the token claims to be from. It is good for looking that
// provider up and for nothing else.
func (t *Token) Issuer() string { return t.issuer }

// Claims are what a token says.
type Claims map[string]json.RawMessage

func parseClaims(payload []byte) (Claims, error) {
	var all Claims
	if json.Unmarshal(payload, &all) != nil || all == nil {
		return nil, ErrMalformed
	}
	return all, nil
}

// Text returns a claim that is text, "" if it is absent or something else.
func (c Claims) Text(name string) string {
	var s string
	if json.Unmarshal(c[name], &s) != nil {
		return ""
	}
	return s
}

// Texts returns a claim that is text or a list of texts, nil if it is absent or
// something else.
func (c Claims) Texts(name string) []string {
	raw := c[name]
	if strings.HasPrefix(string(raw), "[") {
		var all []string
		if json.Unmarshal(raw, &all) != nil {
			return nil
		}
		return all
	}
	if s := c.Text(name); s != "" {
		return []string{s}
	}
	return nil
}

// time returns a claim that is a NumericDate (RFC 7519, section 2) in seconds.
func (c Claims) time(name string) (seconds int64, present bool, err error) {
	raw, present := c[name]
	if !present {
		return 0, false, nil
	}
	var n float64
	if json.Unmarshal(raw, &n) != nil || string(raw) == "null" || n < 0 || n > 1<<53 {
		return 0, true, &ClaimError{name}
	}
	return int64(n), true, nil
}
