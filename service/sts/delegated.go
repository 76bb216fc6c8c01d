package sts

import (
	"encoding/base64"
	"errors"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/sts"
	"github.com/writ-iam/writ/store"
)

// A trade-in token is the id of a delegation request, sealed for the account that
// made it. It is no secret that is stored: what it is good for, and until when,
// stands in the request.

// GetDelegatedAccessToken gives the requestor of a delegation the credentials
// that were granted to it. They end when the access ends, however often they are
// asked for.
func (s *Service) GetDelegatedAccessToken(c *writ.Call, in *api.GetDelegatedAccessTokenInput) (*api.GetDelegatedAccessTokenOutput, error) {
	d, err := s.granted(c, in.TradeInToken)
	if err != nil {
		return nil, err
	}
	started := *d.Session
	started.Expires = d.Until
	creds, err := s.mint(c, &started)
	return &api.GetDelegatedAccessTokenOutput{Credentials: creds, AssumedPrincipal: &started.Issuer.ARN}, err
}

// granted is what a token was given for, while it lasts.
func (s *Service) granted(c *writ.Call, token string) (*writ.Delegation, error) {
	invalid := writ.ValidationError("The trade-in token is not valid.")
	sealed, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return nil, invalid
	}
	id, err := s.keys.Open(store.TradeInTokens, sealed, []byte(c.Scope.Account))
	if err != nil {
		return nil, invalid
	}
	d, err := s.delegation(c, string(id))
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && !c.Time.Before(d.Until):
		return nil, api.ExpiredTradeInTokenException("The trade-in token provided in the request has expired and can no longer be exchanged for credentials.")
	case err == nil && d.Session.Issuer.Partition != c.Scope.Partition:
		return nil, invalid
	}
	return d, err
}

func (s *Service) delegation(c *writ.Call, id string) (d *writ.Delegation, err error) {
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		d, err = s.identities.Delegation(tx, c.Scope.Account, id, c.Time)
		return err
	})
	return d, err
}

// DelegationToken is what Writ's own service gives in place of AWS's message to
// an SNS topic: the state of a request that the caller's account has made and,
// once it was sent and while it is good, the token. store.ErrNotFound if there
// is no such request.
func (s *Service) DelegationToken(c *writ.Call, id string) (state, token string, until time.Time, err error) {
	d, err := s.delegation(c, id)
	if err != nil || !c.Time.Before(d.Until) {
		return stateOf(d), "", time.Time{}, err
	}
	sealed := s.keys.Seal(store.TradeInTokens, []byte(id), []byte(c.Scope.Account))
	return d.State, base64.RawURLEncoding.EncodeToString(sealed), d.Until, nil
}

func stateOf(d *writ.Delegation) string {
	if d == nil {
		return ""
	}
	return d.State
}
