package sts

import (
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/sts"
	"github.com/writ-iam/writ/policy"
)

// GetSessionToken starts a session of the calling user, with all its rights.
func (s *Service) GetSessionToken(c *writ.Call, in *api.GetSessionTokenInput) (*api.GetSessionTokenOutput, error) {
	started := ownSession(c)
	started.MFA = c.MFA
	creds, err := s.issue(c, started, ownDuration(c, in.DurationSeconds))
	return &api.GetSessionTokenOutput{Credentials: creds}, err
}

// GetFederationToken starts a session for somebody whom the calling user
// vouches for, with the rights that both the user's policies and the session's
// policies give.
func (s *Service) GetFederationToken(c *writ.Call, in *api.GetFederationTokenInput) (*api.GetFederationTokenOutput, error) {
	started := ownSession(c)
	started.Name = in.Name
	if err := checkTags(in.Tags); err != nil {
		return nil, err
	}
	started.Tags = tagMap(in.Tags)
	packed, err := s.limit(c, started, limits{in.Policy, in.PolicyArns, in.Tags})
	if err != nil {
		return nil, err
	}
	if packed == nil {
		packed = new(0) // unlike AssumeRole it always tells
	}
	creds, err := s.issue(c, started, ownDuration(c, in.DurationSeconds))
	user := &api.FederatedUser{FederatedUserId: started.Issuer.Account + ":" + in.Name, Arn: ownARN(started, "federated-user/"+in.Name)}
	return &api.GetFederationTokenOutput{Credentials: creds, FederatedUser: user, PackedPolicySize: packed}, err
}

// ownSession stands for the calling user or root, and ends with the key that
// asked for it. No session ever gets here.
func ownSession(c *writ.Call) *writ.Session {
	issuer := writ.Issuer{Type: writ.IssuerUser, Partition: c.Caller.Partition, Account: c.Caller.Account,
		Name: c.Caller.Name, ID: c.Caller.ID, ARN: c.Caller.ARN}
	if c.Caller.Type == policy.RootUser {
		issuer.Type = writ.IssuerRoot
	}
	return &writ.Session{Operation: c.Operation.Name, Issuer: issuer, ParentKey: c.Caller.AccessKeyID}
}

// ownDuration is twelve hours if the caller asks for nothing else. Root has one
// hour at most, whatever it asks for.
func ownDuration(c *writ.Call, seconds *int) time.Duration {
	d := asked(seconds, 12*time.Hour)
	if c.Caller.Type == policy.RootUser {
		return min(d, time.Hour)
	}
	return d
}
