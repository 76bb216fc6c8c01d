package writ

import (
	"errors"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/writ"
	"github.com/writ-iam/writ/store"
)

// Delegations is what seals trade-in tokens.
type Delegations interface {
	// DelegationToken returns the state of a request that the caller's account
	// has made, and its token if that was sent and is still good.
	// store.ErrNotFound if there is no such request.
	DelegationToken(c *writ.Call, id string) (state, token string, until time.Time, err error)
}

// GetDelegationToken tells the requestor of a delegation what became of it. AWS
// sends that to an SNS topic.
func (s *Service) GetDelegationToken(c *writ.Call, in *api.GetDelegationTokenInput) (*api.GetDelegationTokenOutput, error) {
	state, token, until, err := s.delegations.DelegationToken(c, in.DelegationRequestId)
	if errors.Is(err, store.ErrNotFound) {
		return nil, api.ResourceNotFoundException("This account has made no delegation request %s.", in.DelegationRequestId)
	}
	if err != nil {
		return nil, err
	}
	out := &api.GetDelegationTokenOutput{State: state}
	if token != "" {
		out.TradeInToken, out.Expiration = &token, &until
	}
	return out, nil
}
