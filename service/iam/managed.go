package iam

import (
	"errors"
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

// loadManaged compiles the default version of a managed policy.
func (s *Service) loadManaged(tx *store.Tx, m managed) (*policy.Policy, error) {
	if isAWS(m.arn) {
		p, ok := catalogue.ManagedPolicy(m.arn)
		if !ok {
			return nil, store.ErrNotFound
		}
		return policy.Load(m.arn, []byte(p.Document)), nil
	}
	p, err := policyByARN(tx, m.account, m.arn)
	if err != nil {
		return nil, err
	}
	v, err := policyVersions.Get(tx, p.Account, p.ID, p.Default)
	if err != nil {
		return nil, err
	}
	return policy.Load(m.arn, []byte(v.Document)), nil
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
	name := a.Resource[strings.LastIndexByte(a.Resource, '/')+1:]
	if err != nil || a.Account != account {
		return nil, store.ErrNotFound
	}
	p, err := policies.Get(tx, account, strings.ToLower(name))
	if err == nil && p.arn() != text {
		return nil, store.ErrNotFound
	}
	return p, err
}

// attachable checks that a policy can be attached to an entity or be its
// boundary, and returns it compiled.
func (s *Service) attachable(tx *store.Tx, c *writ.Call, arn string) (*policy.Policy, error) {
	p, err := s.shared.GetTx(tx, managed{c.Scope.Account, arn})
	if errors.Is(err, store.ErrNotFound) {
		return nil, api.NoSuchEntityException("Policy %s does not exist or is not attachable.", arn)
	}
	return p, err
}

// versionID is how the API writes a version's number: "v1".
func versionID(n uint64) string { return "v" + strconv.FormatUint(n, 10) }
