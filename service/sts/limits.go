package sts

import (
	"errors"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/sts"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// limits are the session policies of a request, and the tags that share their space.
type limits struct {
	policy *string
	arns   []api.PolicyDescriptorType
	tags   []api.Tag
}

// limit puts the session policies into a session that is to start. It returns
// how much of the space for them is used, in percent; nil if nothing uses any.
func (s *Service) limit(c *writ.Call, started *writ.Session, l limits) (*int, error) {
	if l.policy != nil {
		if _, err := policy.ParseAs(policy.SessionPolicy, []byte(*l.policy)); err != nil {
			return nil, api.MalformedPolicyDocumentException("%s", err)
		}
		started.Policy = *l.policy
	}
	for _, p := range l.arns {
		if p.Arn != nil {
			started.PolicyARNs = append(started.PolicyARNs, *p.Arn)
		}
	}
	if err := s.checkManaged(c, started); err != nil {
		return nil, err
	}
	return l.packed(started)
}

// checkManaged demands that managed session policies exist, as policies of AWS
// or of the account that the session is in.
func (s *Service) checkManaged(c *writ.Call, started *writ.Session) error {
	if len(started.PolicyARNs) == 0 {
		return nil
	}
	return s.db.View(c.Context, func(tx *store.Tx) error {
		for _, arn := range started.PolicyARNs {
			_, err := s.identities.ManagedPolicy(tx, started.Issuer.Account, arn)
			if errors.Is(err, store.ErrNotFound) {
				return invalidParameter("At least one Policy ARN in the PolicyArns parameter does not match an existing IAM Managed Policy ARN.")
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// packed is the share of the space that policies and tags take. Tags that the
// calling session hands on take none.
func (l *limits) packed(started *writ.Session) (*int, error) {
	if l.policy == nil && l.arns == nil && len(l.tags) == 0 {
		return nil, nil
	}
	percent := packedSize(started, l.tags) * 100 / allottedSpace
	switch {
	case percent <= 100:
		return &percent, nil
	case l.policy == nil && l.arns == nil:
		return nil, api.PackedPolicyTooLargeException("Packed size of session tags consumes %d%% of allotted space.", percent)
	}
	return nil, api.PackedPolicyTooLargeException("Packed policy consumes %d%% of allotted space, please use smaller policy.", percent)
}
