package iam

import (
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/policy"
)

// AssociateDelegationRequest makes the caller the one who looks after a request.
func (s *Service) AssociateDelegationRequest(c *writ.Call, in *api.AssociateDelegationRequestInput) (*api.AssociateDelegationRequestOutput, error) {
	err := s.changeDelegation(c, in.DelegationRequestId, []string{unassigned}, func(d *delegation) error {
		d.OwnerAccount, d.OwnerARN, d.OwnerID = c.Scope.Account, c.Caller.ARN, c.Caller.ID
		d.enter(assigned, c.Time)
		return nil
	})
	return &api.AssociateDelegationRequestOutput{}, err
}

// UpdateDelegationRequest hands a request to those who may approve it.
func (s *Service) UpdateDelegationRequest(c *writ.Call, in *api.UpdateDelegationRequestInput) (*api.UpdateDelegationRequestOutput, error) {
	err := s.changeDelegation(c, in.DelegationRequestId, []string{assigned, pendingApproval}, func(d *delegation) error {
		d.Notes = value(in.Notes)
		d.enter(pendingApproval, c.Time)
		return nil
	})
	return &api.UpdateDelegationRequestOutput{}, err
}

// rootLongest is how long what root approves may last (IAM User Guide, "IAM
// temporary delegation").
const rootLongest = 4 * time.Hour

// AcceptDelegationRequest grants what is asked for, out of the caller's own
// rights: the credentials will be the caller's, cut down to the policy.
func (s *Service) AcceptDelegationRequest(c *writ.Call, in *api.AcceptDelegationRequestInput) (*api.AcceptDelegationRequestOutput, error) {
	err := s.changeDelegation(c, in.DelegationRequestId, []string{assigned, pendingApproval}, func(d *delegation) error {
		if c.Caller.Type == policy.RootUser && d.Duration > rootLongest {
			return api.InvalidInputException("Root users can only approve delegation requests with a duration of 4 hours or less.")
		}
		session, err := delegatedSession(c, d)
		if err != nil {
			return err
		}
		d.Session, d.ApproverARN = session, c.Caller.ARN
		d.enter(accepted, c.Time)
		return nil
	})
	return &api.AcceptDelegationRequestOutput{}, err
}

// delegatedSession is the caller as a session that somebody else will have. It
// is as old as the acceptance, so that what revokes the caller's sessions revokes
// it, and it has no second factor: nobody will have proved one.
func delegatedSession(c *writ.Call, d *delegation) (*writ.Session, error) {
	s := writ.Session{Issuer: writ.Issuer{Type: writ.IssuerUser, Partition: c.Caller.Partition, Account: c.Caller.Account,
		Name: c.Caller.Name, ID: c.Caller.ID, ARN: c.Caller.ARN}}
	if c.Caller.Type == policy.RootUser {
		s.Issuer.Type = writ.IssuerRoot
	}
	if own := c.Caller.Session; own != nil {
		if own.Policy != "" || own.PolicyARNs != nil {
			return nil, api.InvalidInputException("A session that is limited by session policies can't accept a delegation request.")
		}
		s = *own
	}
	s.Operation, s.Issued, s.Expires, s.MFA, s.Instance = "GetDelegatedAccessToken", c.Time.Truncate(time.Second), time.Time{}, time.Time{}, nil
	s.Policy, s.Delegate = d.Policy, d.Requestor
	return &s, nil
}

// RejectDelegationRequest denies what is asked for; as long as no token was sent
// it may have been accepted.
func (s *Service) RejectDelegationRequest(c *writ.Call, in *api.RejectDelegationRequestInput) (*api.RejectDelegationRequestOutput, error) {
	err := s.changeDelegation(c, in.DelegationRequestId, []string{assigned, pendingApproval, accepted}, func(d *delegation) error {
		d.Rejection, d.Session = value(in.Notes), nil
		d.enter(rejected, c.Time)
		return nil
	})
	return &api.RejectDelegationRequestOutput{}, err
}

// SendDelegationToken lets the requestor have the token from now on, until the
// access ends. It cannot be undone.
func (s *Service) SendDelegationToken(c *writ.Call, in *api.SendDelegationTokenInput) (*api.SendDelegationTokenOutput, error) {
	err := s.changeDelegation(c, in.DelegationRequestId, []string{accepted}, func(d *delegation) error {
		d.Sent = c.Time.Truncate(time.Second)
		d.enter(finalized, c.Time)
		return nil
	})
	return &api.SendDelegationTokenOutput{}, err
}
