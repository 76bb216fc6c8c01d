package sts

import (
	"errors"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/sts"
	"github.com/writ-iam/writ/authz"
	"github.com/writ-iam/writ/store"
)

// DecodeAuthorizationMessage opens what EC2 tells in an encoded form of a
// denial in the caller's account.
func (s *Service) DecodeAuthorizationMessage(c *writ.Call, in *api.DecodeAuthorizationMessageInput) (*api.DecodeAuthorizationMessageOutput, error) {
	message, err := authz.Decode(s.keys, c.Scope.Account, in.EncodedMessage)
	if errors.Is(err, store.ErrSealed) {
		return nil, api.InvalidAuthorizationMessageException("Message is not valid")
	}
	return &api.DecodeAuthorizationMessageOutput{DecodedMessage: &message}, err
}
