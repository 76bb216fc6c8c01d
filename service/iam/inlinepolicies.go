package iam

import (
	"errors"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

func (s *Service) PutUserPolicy(c *writ.Call, in *api.PutUserPolicyInput) (*api.PutUserPolicyOutput, error) {
	return &api.PutUserPolicyOutput{}, s.putInline(c, userHolder, in.UserName, in.PolicyName, in.PolicyDocument)
}

func (s *Service) PutGroupPolicy(c *writ.Call, in *api.PutGroupPolicyInput) (*api.PutGroupPolicyOutput, error) {
	return &api.PutGroupPolicyOutput{}, s.putInline(c, groupHolder, in.GroupName, in.PolicyName, in.PolicyDocument)
}

func (s *Service) PutRolePolicy(c *writ.Call, in *api.PutRolePolicyInput) (*api.PutRolePolicyOutput, error) {
	return &api.PutRolePolicyOutput{}, s.putInline(c, roleHolder, in.RoleName, in.PolicyName, in.PolicyDocument)
}

func (s *Service) GetUserPolicy(c *writ.Call, in *api.GetUserPolicyInput) (*api.GetUserPolicyOutput, error) {
	e, p, err := s.getInline(c, userHolder, in.UserName, in.PolicyName)
	if err != nil {
		return nil, err
	}
	return &api.GetUserPolicyOutput{UserName: e.Name, PolicyName: p.Name, PolicyDocument: encoded(p.Document)}, nil
}

func (s *Service) GetGroupPolicy(c *writ.Call, in *api.GetGroupPolicyInput) (*api.GetGroupPolicyOutput, error) {
	e, p, err := s.getInline(c, groupHolder, in.GroupName, in.PolicyName)
	if err != nil {
		return nil, err
	}
	return &api.GetGroupPolicyOutput{GroupName: e.Name, PolicyName: p.Name, PolicyDocument: encoded(p.Document)}, nil
}

func (s *Service) GetRolePolicy(c *writ.Call, in *api.GetRolePolicyInput) (*api.GetRolePolicyOutput, error) {
	e, p, err := s.getInline(c, roleHolder, in.RoleName, in.PolicyName)
	if err != nil {
		return nil, err
	}
	return &api.GetRolePolicyOutput{RoleName: e.Name, PolicyName: p.Name, PolicyDocument: encoded(p.Document)}, nil
}

func (s *Service) ListUserPolicies(c *writ.Call, in *api.ListUserPoliciesInput) (*api.ListUserPoliciesOutput, error) {
	names, err := s.listInline(c, userHolder, in.UserName, paging{in.Marker, in.MaxItems})
	return (*api.ListUserPoliciesOutput)(names), err
}

func (s *Service) ListGroupPolicies(c *writ.Call, in *api.ListGroupPoliciesInput) (*api.ListGroupPoliciesOutput, error) {
	names, err := s.listInline(c, groupHolder, in.GroupName, paging{in.Marker, in.MaxItems})
	return (*api.ListGroupPoliciesOutput)(names), err
}

func (s *Service) ListRolePolicies(c *writ.Call, in *api.ListRolePoliciesInput) (*api.ListRolePoliciesOutput, error) {
	names, err := s.listInline(c, roleHolder, in.RoleName, paging{in.Marker, in.MaxItems})
	return (*api.ListRolePoliciesOutput)(names), err
}

func (s *Service) DeleteUserPolicy(c *writ.Call, in *api.DeleteUserPolicyInput) (*api.DeleteUserPolicyOutput, error) {
	return &api.DeleteUserPolicyOutput{}, s.deleteInline(c, userHolder, in.UserName, in.PolicyName)
}

func (s *Service) DeleteGroupPolicy(c *writ.Call, in *api.DeleteGroupPolicyInput) (*api.DeleteGroupPolicyOutput, error) {
	return &api.DeleteGroupPolicyOutput{}, s.deleteInline(c, groupHolder, in.GroupName, in.PolicyName)
}

func (s *Service) DeleteRolePolicy(c *writ.Call, in *api.DeleteRolePolicyInput) (*api.DeleteRolePolicyOutput, error) {
	return &api.DeleteRolePolicyOutput{}, s.deleteInline(c, roleHolder, in.RoleName, in.PolicyName)
}

// putInline adds an inline policy, or replaces the one with its name.
func (s *Service) putInline(c *writ.Call, h holder, name, policyName, document string) error {
	if err := s.document(policy.IdentityPolicy, document, ""); err != nil {
		return err
	}
	return s.db.Update(c, func(tx *store.Tx) error {
		e, err := h.change(tx, c, name)
		if err != nil {
			return err
		}
		if err := inlinePolicies.Put(tx, &inlinePolicy{e.Account, e.ID, policyName, document}); err != nil {
			return err
		}
		return s.inlineFit(tx, h, e)
	})
}

// inlineFit says whether the inline policies of an entity are within the quota
// on their size, which is one for all of them together.
func (s *Service) inlineFit(tx *store.Tx, h holder, e *entity) error {
	total, limit := 0, s.quotas[h.inline]
	for p, err := range inlinePolicies.Scan(tx, store.K(e.Account, e.ID)) {
		if err != nil {
			return err
		}
		total += size(p.Document)
	}
	if total > limit {
		return api.LimitExceededException("Maximum policy size of %d bytes exceeded for %s %s", limit, h.word, e.Name)
	}
	return nil
}

func (s *Service) getInline(c *writ.Call, h holder, name, policyName string) (e *entity, p *inlinePolicy, err error) {
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		if e, err = h.find(tx, c, name); err != nil {
			return err
		}
		p, err = inlinePolicies.Get(tx, e.Account, e.ID, policyName)
		return h.noInline(err, policyName)
	})
	return e, p, err
}

func (s *Service) deleteInline(c *writ.Call, h holder, name, policyName string) error {
	return s.db.Update(c, func(tx *store.Tx) error {
		e, err := h.change(tx, c, name)
		if err != nil {
			return err
		}
		return h.noInline(inlinePolicies.Delete(tx, e.Account, e.ID, policyName), policyName)
	})
}

// noInline turns the store's error for an inline policy that is not there into AWS's.
func (h holder) noInline(err error, policyName string) error {
	if errors.Is(err, store.ErrNotFound) {
		return api.NoSuchEntityException("The %s policy with name %s cannot be found.", h.word, policyName)
	}
	return err
}

// nameList has the fields of the outputs of List{User,Group,Role}Policies.
type nameList struct {
	PolicyNames []string
	IsTruncated *bool
	Marker      *string
}

func (s *Service) listInline(c *writ.Call, h holder, name string, p paging) (*nameList, error) {
	got, err := list(s, c, p, func(tx *store.Tx, after store.Key, limit int) ([]*inlinePolicy, store.Key, error) {
		e, err := h.find(tx, c, name)
		if err != nil {
			return nil, nil, err
		}
		return inlinePolicies.Page(tx, store.K(e.Account, e.ID), after, limit)
	}, name)
	if err != nil {
		return nil, err
	}
	names := convert(got.rows, func(p *inlinePolicy) string { return p.Name })
	return &nameList{names, &got.IsTruncated, got.Marker}, nil
}
