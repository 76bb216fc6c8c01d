package sts

import (
	"errors"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/sts"
	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// AssumeRole starts a session of a role. Whether the caller may was decided
// before: by the role's trust policy and the caller's own.
func (s *Service) AssumeRole(c *writ.Call, in *api.AssumeRoleInput) (*api.AssumeRoleOutput, error) {
	role, longest, err := s.role(c, in.RoleArn)
	if err != nil {
		return nil, err
	}
	started := &writ.Session{Operation: c.Operation.Name, Name: in.RoleSessionName, Issuer: role, Instance: c.Chain.Instance}
	duration, err := roleDuration(c, in.DurationSeconds, longest)
	if err != nil {
		return nil, err
	}
	if err := prepare(c, in, started); err != nil {
		return nil, err
	}
	packed, err := s.limit(c, started, limits{in.Policy, in.PolicyArns, in.Tags})
	if err != nil {
		return nil, err
	}
	creds, err := s.issue(c, started, duration)
	return &api.AssumeRoleOutput{Credentials: creds, AssumedRoleUser: assumedRoleUser(started),
		PackedPolicySize: packed, SourceIdentity: optional(started.SourceIdentity)}, err
}

// role finds the role to assume. Its account decided who may, so it is there
// unless the ARN is no role's at all.
func (s *Service) role(c *writ.Call, arn string) (role writ.Issuer, longest time.Duration, err error) {
	_, err = s.db.Recall(c.Context, func(tx *store.Tx) error {
		role, longest, err = s.identities.Role(tx, arn)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return role, 0, writ.ValidationError("Request ARN is invalid")
	}
	return role, longest, err
}

// prepare fills in what the session has beside its policies.
func prepare(c *writ.Call, in *api.AssumeRoleInput, started *writ.Session) (err error) {
	if in.ProvidedContexts != nil {
		return writ.NotImplemented("ProvidedContexts are not implemented.")
	}
	started.MFA = c.MFA
	if started.SourceIdentity, err = sourceIdentity(c, in.SourceIdentity); err != nil {
		return err
	}
	started.Tags, started.TransitiveTags, err = chainedTags(c, in.Tags, in.TransitiveTagKeys)
	return err
}

// chained says that a role assumes the role (IAM User Guide, "Role chaining").
func chained(c *writ.Call) bool { return c.Caller.Type == policy.RoleSession }

// roleDuration is an hour if the caller asks for nothing else. The role's limit
// is not one for AWS services (IAM User Guide, "Update the maximum session
// duration for a role").
func roleDuration(c *writ.Call, seconds *int, longest time.Duration) (time.Duration, error) {
	d := asked(seconds, time.Hour)
	switch {
	case chained(c) && d > time.Hour:
		return 0, writ.ValidationError("The requested DurationSeconds exceeds the 1 hour session duration limit for roles assumed by role chaining.")
	case d > longest && c.Caller.Type != policy.Service:
		return 0, writ.ValidationError("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
	}
	return d, nil
}

// asked is the duration of a request, or the usual one.
func asked(seconds *int, usual time.Duration) time.Duration {
	if seconds == nil {
		return usual
	}
	return time.Duration(*seconds) * time.Second
}

// sourceIdentity stays with all sessions that follow from the one that set it
// (IAM User Guide, "Monitor and control actions taken with assumed roles").
func sourceIdentity(c *writ.Call, wanted *string) (string, error) {
	inherited := ""
	if c.Caller.Session != nil {
		inherited = c.Caller.Session.SourceIdentity
	}
	switch {
	case wanted == nil:
		return inherited, nil
	case inherited != "" && inherited != *wanted:
		return "", writ.ValidationError("The source identity is already set for this assume role session")
	}
	return *wanted, nil
}

func assumedRoleUser(s *writ.Session) *api.AssumedRoleUser {
	return &api.AssumedRoleUser{AssumedRoleId: s.Issuer.ID + ":" + s.Name, Arn: ownARN(s, "assumed-role/"+s.Issuer.Name+"/"+s.Name)}
}

// ownARN is an ARN of STS itself in the account of the session.
func ownARN(s *writ.Session, resource string) string {
	return arn.ARN{Partition: s.Issuer.Partition, Service: "sts", Account: s.Issuer.Account, Resource: resource}.String()
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
