package iam

import (
	"strconv"
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/catalogue"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// managed names a managed policy as an account sees it: one of its own, or one
// of AWS's (whose ARN has "aws" for the account).
type managed struct{ account, arn string }

// Clone implements store.Cloner.
func (m managed) Clone() managed { return managed{strings.Clone(m.account), strings.Clone(m.arn)} }

// Len implements store.Cloner.
func (m managed) Len() int { return len(m.account) + len(m.arn) }

// loadManaged compiles the default version of a managed policy. Its name is no part
// of the request that asked for it, which would be kept with it.
func (s *Service) loadManaged(tx *store.Tx, m managed) (*policy.Policy, error) {
	if isAWS(m.arn) {
		p, ok := catalogue.ManagedPolicy(m.arn)
		if !ok {
			return nil, store.ErrNotFound
		}
		return policy.Load(strings.Clone(m.arn), []byte(p.Document)), nil
	}
	p, err := policyByARN(tx, m.account, m.arn)
	if err != nil {
		return nil, err
	}
	v, err := policyVersions.Get(tx, p.Account, p.ID, p.Default)
	if err != nil {
		return nil, err
	}
	return policy.Load(strings.Clone(m.arn), []byte(v.Document)), nil
}

// ManagedPolicy is authz's way to the managed policies of sessions.
func (s *Service) ManagedPolicy(tx *store.Tx, account, arn string) (*policy.Policy, error) {
	return s.shared.GetTx(tx, managed{account, arn})
}

// isAWS says whether an ARN is that of a policy that AWS manages.
func isAWS(text string) bool {
	a, err := arn.Parse(text)
	return err == nil && a.Account == "aws"
}

// policyByARN finds a customer managed policy; store.ErrNotFound also for the
// ARNs of other accounts and for a wrong path.
func policyByARN(tx *store.Tx, account, text string) (*managedPolicy, error) {
	a, err := arn.Parse(text)
	if err != nil || a.Account != account {
		return nil, store.ErrNotFound
	}
	p, err := policies.Get(tx, account, strings.ToLower(lastPart(a.Resource)))
	if err == nil && p.arn() != text {
		return nil, store.ErrNotFound
	}
	return p, err
}

// lastPart is the name at the end of "policy/path/name".
func lastPart(resource string) string { return resource[strings.LastIndexByte(resource, '/')+1:] }

// checkPolicyARN refuses what can't be the ARN of a managed policy.
func checkPolicyARN(c *writ.Call, text string) error {
	a, err := arn.Parse(text)
	switch {
	case err != nil:
		return writ.ValidationError("ARN %s is not valid.", text)
	case a.Service != "iam", a.Region != "", !strings.HasPrefix(a.Resource, "policy/"):
		return api.InvalidInputException("ARN %s is not valid.", text)
	case a.Partition != c.Scope.Partition:
		return writ.ValidationError("Invalid ARN partition")
	}
	return nil
}

// findPolicy finds a customer managed policy of the caller's account by its ARN.
func findPolicy(tx *store.Tx, c *writ.Call, arn string) (*managedPolicy, error) {
	if err := checkPolicyARN(c, arn); err != nil {
		return nil, err
	}
	p, err := policyByARN(tx, c.Scope.Account, arn)
	return p, absentIs(err, policyKind, arn)
}

// readPolicy finds a managed policy that is only read, so it may be AWS's.
func readPolicy(tx *store.Tx, c *writ.Call, arn string) (*managedPolicy, error) {
	if !isAWS(arn) {
		return findPolicy(tx, c, arn)
	}
	p, err := awsPolicy(c, arn)
	if err != nil {
		return nil, err
	}
	return awsRecord(&p.ManagedInfo), nil
}

// awsPolicy finds a policy that AWS manages.
func awsPolicy(c *writ.Call, arn string) (*catalogue.Managed, error) {
	if err := checkPolicyARN(c, arn); err != nil {
		return nil, err
	}
	p, ok := catalogue.ManagedPolicy(arn)
	if !ok {
		return nil, api.NoSuchEntityException("Policy %s was not found.", arn)
	}
	return p, nil
}

// awsRecord is the record that one of AWS's policies would have.
func awsRecord(p *catalogue.ManagedInfo) *managedPolicy {
	partition, _, _ := strings.Cut(strings.TrimPrefix(p.ARN, "arn:"), ":")
	version, _ := versionNumber(p.DefaultVersion)
	return &managedPolicy{Updated: p.Updated, Default: version, Last: version,
		entity: entity{Partition: partition, Account: "aws", ID: p.ID, Path: p.Path, Name: p.Name, Created: p.Created}}
}

// forServicesOnly says whether a policy is one of AWS's for service-linked roles.
func forServicesOnly(arn string) bool {
	p, ok := catalogue.ManagedPolicy(arn)
	return ok && !p.Attachable
}

// attachable checks that a policy can be attached to an entity, and returns it
// compiled.
func (s *Service) attachable(tx *store.Tx, c *writ.Call, arn string) (*policy.Policy, error) {
	if err := checkPolicyARN(c, arn); err != nil {
		return nil, err
	}
	if forServicesOnly(arn) {
		return nil, api.PolicyNotAttachableException("Cannot attach a Service Role Policy to a Customer Role.")
	}
	p, err := s.shared.GetTx(tx, managed{c.Scope.Account, arn})
	return p, absentIs(err, policyKind, arn)
}

// versionID is how the API writes a version's number: "v1".
func versionID(n uint64) string { return "v" + strconv.FormatUint(n, 10) }

// versionNumber is the other way round; ok is false for what no version has.
func versionNumber(id string) (n uint64, ok bool) {
	digits, ok := strings.CutPrefix(id, "v")
	n, err := strconv.ParseUint(digits, 10, 64)
	return n, ok && err == nil && versionID(n) == id
}
