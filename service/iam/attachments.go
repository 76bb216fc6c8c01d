package iam

import (
	"errors"
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

func (s *Service) AttachUserPolicy(c *writ.Call, in *api.AttachUserPolicyInput) (*api.AttachUserPolicyOutput, error) {
	return &api.AttachUserPolicyOutput{}, s.attach(c, userHolder, in.UserName, in.PolicyArn)
}

func (s *Service) AttachGroupPolicy(c *writ.Call, in *api.AttachGroupPolicyInput) (*api.AttachGroupPolicyOutput, error) {
	return &api.AttachGroupPolicyOutput{}, s.attach(c, groupHolder, in.GroupName, in.PolicyArn)
}

func (s *Service) AttachRolePolicy(c *writ.Call, in *api.AttachRolePolicyInput) (*api.AttachRolePolicyOutput, error) {
	return &api.AttachRolePolicyOutput{}, s.attach(c, roleHolder, in.RoleName, in.PolicyArn)
}

func (s *Service) DetachUserPolicy(c *writ.Call, in *api.DetachUserPolicyInput) (*api.DetachUserPolicyOutput, error) {
	return &api.DetachUserPolicyOutput{}, s.detach(c, userHolder, in.UserName, in.PolicyArn)
}

func (s *Service) DetachGroupPolicy(c *writ.Call, in *api.DetachGroupPolicyInput) (*api.DetachGroupPolicyOutput, error) {
	return &api.DetachGroupPolicyOutput{}, s.detach(c, groupHolder, in.GroupName, in.PolicyArn)
}

func (s *Service) DetachRolePolicy(c *writ.Call, in *api.DetachRolePolicyInput) (*api.DetachRolePolicyOutput, error) {
	return &api.DetachRolePolicyOutput{}, s.detach(c, roleHolder, in.RoleName, in.PolicyArn)
}

func (s *Service) ListAttachedUserPolicies(c *writ.Call, in *api.ListAttachedUserPoliciesInput) (*api.ListAttachedUserPoliciesOutput, error) {
	all, err := s.listAttached(c, userHolder, in.UserName, in.PathPrefix, paging{in.Marker, in.MaxItems})
	return (*api.ListAttachedUserPoliciesOutput)(all), err
}

func (s *Service) ListAttachedGroupPolicies(c *writ.Call, in *api.ListAttachedGroupPoliciesInput) (*api.ListAttachedGroupPoliciesOutput, error) {
	all, err := s.listAttached(c, groupHolder, in.GroupName, in.PathPrefix, paging{in.Marker, in.MaxItems})
	return (*api.ListAttachedGroupPoliciesOutput)(all), err
}

func (s *Service) ListAttachedRolePolicies(c *writ.Call, in *api.ListAttachedRolePoliciesInput) (*api.ListAttachedRolePoliciesOutput, error) {
	all, err := s.listAttached(c, roleHolder, in.RoleName, in.PathPrefix, paging{in.Marker, in.MaxItems})
	return (*api.ListAttachedRolePoliciesOutput)(all), err
}

// attach attaches a managed policy. To attach it twice is the same as once.
func (s *Service) attach(c *writ.Call, h holder, name, policyARN string) error {
	return s.db.Update(c, func(tx *store.Tx) error {
		e, err := h.change(tx, c, name)
		if err != nil {
			return err
		}
		if _, err := s.attachable(tx, c, policyARN); err != nil {
			return err
		}
		if err := s.oneMoreInUse(tx, e.Account, policyARN); err != nil {
			return err
		}
		a := &attachment{Account: e.Account, EntityType: h.resource, EntityID: e.ID, PolicyARN: policyARN}
		return add(s, tx, attachments, store.K(e.Account, e.ID), a, h.attached)
	})
}

func (s *Service) detach(c *writ.Call, h holder, name, policyARN string) error {
	if err := checkPolicyARN(c, policyARN); err != nil {
		return err
	}
	return s.db.Update(c, func(tx *store.Tx) error {
		e, err := h.change(tx, c, name)
		if err != nil {
			return err
		}
		err = attachments.Delete(tx, e.Account, e.ID, policyARN)
		if errors.Is(err, store.ErrNotFound) {
			return api.NoSuchEntityException("Policy %s was not found.", policyARN)
		}
		return err
	})
}

// attachedList has the fields of the outputs of ListAttached{User,Group,Role}Policies.
type attachedList struct {
	AttachedPolicies []api.AttachedPolicy
	IsTruncated      *bool
	Marker           *string
}

// listAttached is ordered by ARN. It reads all that are attached, since there
// are few.
func (s *Service) listAttached(c *writ.Call, h holder, name string, pathPrefix *string, p paging) (*attachedList, error) {
	all := []api.AttachedPolicy{}
	err := s.db.View(c.Context, func(tx *store.Tx) error {
		e, err := h.find(tx, c, name)
		if err != nil {
			return err
		}
		for a, err := range attachments.Scan(tx, store.K(e.Account, e.ID)) {
			if err != nil {
				return err
			}
			if strings.HasPrefix(policyPath(a.PolicyARN), value(pathPrefix)) {
				all = append(all, a.shape())
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	page, truncated, marker, err := part(s, c, p, name+"\x00"+value(pathPrefix), all)
	return &attachedList{page, &truncated, marker}, err
}

func (a *attachment) shape() api.AttachedPolicy {
	return api.AttachedPolicy{PolicyName: new(lastPart(a.PolicyARN)), PolicyArn: &a.PolicyARN}
}

// policyPath is "/path/" of the ARN of a policy, which ends in "policy/path/name".
func policyPath(policyARN string) string {
	_, rest, _ := strings.Cut(policyARN, ":policy")
	return strings.TrimSuffix(rest, lastPart(rest))
}
