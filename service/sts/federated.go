package sts

import (
	"errors"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/sts"
	"github.com/writ-iam/writ/store"
)

// AssumeRoleWithWebIdentity starts a session of a role for somebody whom an
// OpenID Connect provider vouches for. That was proved before (authn.Gate), and
// the role's trust policy has decided.
func (s *Service) AssumeRoleWithWebIdentity(c *writ.Call, in *api.AssumeRoleWithWebIdentityInput) (*api.AssumeRoleWithWebIdentityOutput, error) {
	i := c.Caller.Identity
	f, err := s.federate(c, in.RoleArn, in.RoleSessionName, in.DurationSeconds, limits{policy: in.Policy, arns: in.PolicyArns})
	if err != nil {
		return nil, err
	}
	creds, err := s.issue(c, f.session, f.duration)
	return &api.AssumeRoleWithWebIdentityOutput{Credentials: creds, AssumedRoleUser: assumedRoleUser(f.session), PackedPolicySize: f.packed,
		SubjectFromWebIdentityToken: &i.Subject, Provider: &i.Provider, Audience: &i.Audience, SourceIdentity: optional(i.SourceIdentity)}, err
}

// AssumeRoleWithSAML starts a session of a role for somebody whom a SAML provider
// vouches for. The assertion is good for one session.
func (s *Service) AssumeRoleWithSAML(c *writ.Call, in *api.AssumeRoleWithSAMLInput) (*api.AssumeRoleWithSAMLOutput, error) {
	i := c.Caller.Identity
	f, err := s.federate(c, in.RoleArn, i.SessionName, in.DurationSeconds, limits{policy: in.Policy, arns: in.PolicyArns})
	if err != nil {
		return nil, err
	}
	if err := s.consume(c, i); err != nil {
		return nil, err
	}
	creds, err := s.issue(c, f.session, f.duration)
	return &api.AssumeRoleWithSAMLOutput{Credentials: creds, AssumedRoleUser: assumedRoleUser(f.session), PackedPolicySize: f.packed,
		Subject: &i.Subject, SubjectType: optional(i.SubjectType), Issuer: &i.Issuer, Audience: &i.Audience,
		NameQualifier: &i.NameQualifier, SourceIdentity: optional(i.SourceIdentity)}, err
}

// federated is a session that is to start on a provider's word.
type federated struct {
	session  *writ.Session
	duration time.Duration
	packed   *int
}

func (s *Service) federate(c *writ.Call, arn, name string, seconds *int, l limits) (*federated, error) {
	i := c.Caller.Identity
	role, longest, err := s.role(c, arn)
	if err != nil {
		return nil, err
	}
	f := &federated{session: &writ.Session{Operation: c.Operation.Name, Name: name, Issuer: role, SourceIdentity: i.SourceIdentity,
		Provider: i.Provider, ProviderID: i.ProviderID, Keys: i.SessionKeys}}
	for _, t := range i.Tags {
		l.tags = append(l.tags, api.Tag(t))
	}
	f.session.Tags = tagMap(l.tags)
	f.session.TransitiveTags = asWritten(f.session.Tags, i.TransitiveTagKeys)
	if f.duration, err = federatedDuration(c, seconds, longest); err != nil {
		return nil, err
	}
	f.packed, err = s.limit(c, f.session, l)
	return f, err
}

// federatedDuration ends at the latest when the provider says so.
func federatedDuration(c *writ.Call, seconds *int, longest time.Duration) (time.Duration, error) {
	d, err := roleDuration(c, seconds, longest)
	if end := c.Caller.Identity.SessionEnd; err == nil && !end.IsZero() {
		d = min(d, end.Sub(c.Time.Truncate(time.Second)))
	}
	return d, err
}

// usedAssertion says that an assertion has had its session. It is kept until the
// assertion is too old to be taken.
type usedAssertion struct {
	Provider string
	ID       string
	Until    time.Time
}

var usedAssertions = store.NewTable("sts/used-assertion",
	func(u *usedAssertion) store.Key { return store.K(u.Provider, u.ID) },
	store.Index("until", func(u *usedAssertion) store.Key { return store.K(u.Until) }),
	store.Unlogged[usedAssertion]())

// swept is how many old assertions each new one takes along. More than one, so
// that none are left over.
const swept = 4

// consume notes that an assertion was used, and refuses one that was.
func (s *Service) consume(c *writ.Call, i *writ.Identity) error {
	err := s.db.Update(c, func(tx *store.Tx) error {
		if err := sweep(tx, c.Time); err != nil {
			return err
		}
		return usedAssertions.Insert(tx, &usedAssertion{i.ProviderID, i.AssertionID, i.Redeemable})
	})
	if errors.Is(err, store.ErrExists) {
		return api.InvalidIdentityTokenException("Assertion was used before")
	}
	return err
}

func sweep(tx *store.Tx, now time.Time) error {
	old, _, err := usedAssertions.PageBy(tx, "until", store.K(), nil, swept)
	for _, u := range old {
		if err == nil && u.Until.Before(now) {
			err = usedAssertions.Delete(tx, u.Provider, u.ID)
		}
	}
	return err
}
