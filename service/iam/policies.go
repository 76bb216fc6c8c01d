package iam

import (
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

func (s *Service) CreatePolicy(c *writ.Call, in *api.CreatePolicyInput) (*api.CreatePolicyOutput, error) {
	if err := s.checkTags(policyKind, nil, in.Tags); err != nil {
		return nil, err
	}
	if err := s.document(policy.ManagedPolicy, in.PolicyDocument, "PolicySize"); err != nil {
		return nil, err
	}
	p := &managedPolicy{entity: policyKind.newEntity(c, in.Path, in.PolicyName, in.Tags), Description: value(in.Description)}
	p.Updated = p.Created
	first := p.next(in.PolicyDocument, p.Created)
	p.Default = first.Number
	err := s.db.Update(c, func(tx *store.Tx) error {
		if err := insert(s, tx, policies, policyKind, &p.entity, p); err != nil {
			return err
		}
		return policyVersions.Insert(tx, first)
	})
	shape := p.listed(new(policyCounts))
	shape.Tags = toTags(p.Tags)
	return &api.CreatePolicyOutput{Policy: &shape}, err
}

func (s *Service) GetPolicy(c *writ.Call, in *api.GetPolicyInput) (out *api.GetPolicyOutput, err error) {
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		p, err := readPolicy(tx, c, in.PolicyArn)
		if err != nil {
			return err
		}
		used, err := countsOf(tx, c.Scope.Account, in.PolicyArn)
		if err != nil {
			return err
		}
		shape := p.listed(used)
		shape.Description = optionalText(p.Description)
		shape.Tags = presentTags(p.Tags)
		out = &api.GetPolicyOutput{Policy: &shape}
		return nil
	})
	return out, err
}

// DeletePolicy deletes the default version with the policy; all others have to
// be gone.
func (s *Service) DeletePolicy(c *writ.Call, in *api.DeletePolicyInput) (*api.DeletePolicyOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		p, err := findPolicy(tx, c, in.PolicyArn)
		if err != nil {
			return err
		}
		if err := p.unused(tx); err != nil {
			return err
		}
		if err := policyVersions.Delete(tx, p.Account, p.ID, p.Default); err != nil {
			return err
		}
		return remove(tx, policies, &p.entity)
	})
	return &api.DeletePolicyOutput{}, err
}

func (p *managedPolicy) unused(tx *store.Tx) error {
	used, err := countsOf(tx, p.Account, p.arn())
	if err != nil {
		return err
	}
	if used.attached+used.boundaries > 0 {
		return api.DeleteConflictException("Cannot delete a policy attached to entities.")
	}
	n, err := policyVersions.Count(tx, store.K(p.Account, p.ID))
	if err != nil {
		return err
	}
	if n > 1 {
		return api.DeleteConflictException("This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.")
	}
	return nil
}

// policyCounts is how many entities of an account a managed policy is in force for.
type policyCounts struct{ attached, boundaries int }

func countsOf(tx *store.Tx, account, arn string) (*policyCounts, error) {
	of := store.K(account, arn)
	attached, err := attachments.CountBy(tx, "policy", of)
	if err != nil {
		return nil, err
	}
	ofUsers, err := users.CountBy(tx, "boundary", of)
	if err != nil {
		return nil, err
	}
	ofRoles, err := roles.CountBy(tx, "boundary", of)
	return &policyCounts{attached, ofUsers + ofRoles}, err
}

// listed is the policy as ListPolicies shows it: without description and tags.
func (p *managedPolicy) listed(used *policyCounts) api.Policy {
	return api.Policy{PolicyName: &p.Name, PolicyId: &p.ID, Arn: new(p.arn()), Path: &p.Path,
		DefaultVersionId: new(versionID(p.Default)), AttachmentCount: &used.attached,
		PermissionsBoundaryUsageCount: &used.boundaries, IsAttachable: new(true),
		CreateDate: date(p.Created), UpdateDate: date(p.Updated)}
}

// date is nil for a time that is not known: that of old versions of AWS's policies.
func date(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
