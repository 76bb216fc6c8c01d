package oidc

import (
	"context"
	"fmt"
	"time"
)

// leeway is how far the clocks of provider and server may differ.
const leeway = time.Minute

// Provider is who may have issued a token.
type Provider struct {
	Issuer      string   // its URL, as tokens have it in iss
	Thumbprints []string // that vouch for its server, beside the known authorities
}

// Verify proves that the provider issued a token and that it is good at a time,
// and returns what it says. Whom the token is for (aud, azp) and whom it is
// about (sub) is for the caller to judge.
func (k *Keys) Verify(ctx context.Context, t *Token, p Provider, now time.Time) (Claims, error) {
	if t.issuer != p.Issuer {
		return nil, ErrIssuer
	}
	key, err := k.find(ctx, t, p)
	if err != nil {
		return nil, err
	}
	payload, err := t.signed.Verify(key)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSignature, err)
	}
	claims, err := parseClaims(payload)
	if err != nil {
		return nil, err
	}
	return claims, claims.current(now)
}

// current says whether the claims are good at a time. Expiry and time of issue
// are required, as OpenID Connect Core 1.0 does in section 2.
func (c Claims) current(now time.Time) error {
	for _, name := range []string{"exp", "iat", "nbf"} {
		at, present, err := c.time(name)
		switch {
		case err != nil:
			return err
		case !present && name != "nbf":
			return &ClaimError{name}
		case name == "exp" && now.Add(-leeway).Unix() >= at:
			return &ExpiredError{now.Unix(), at}
		case name != "exp" && present && now.Add(leeway).Unix() < at:
			return ErrEarly
		}
	}
	return nil
}
