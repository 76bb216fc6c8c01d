package organizations

import (
	"errors"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/organizations"
	"github.com/writ-iam/writ/store"
)

func (s *Service) CreatePolicy(c *writ.Call, in *api.CreatePolicyInput) (*api.CreatePolicyOutput, error) {
	p := &orgPolicy{ID: newID("p-", 10), Type: in.Type, Name: in.Name, Description: in.Description, Content: in.Content, Changed: c.Time}
	out := new(api.CreatePolicyOutput)
	err := s.change(c, func(tx *store.Tx, o *organization) error {
		if err := o.allows(p.Type); err != nil {
			return err
		}
		if err := s.checkContent(p.Type, p.Content); err != nil {
			return err
		}
		n, err := policies.CountBy(tx, "type", store.K(o.ID, p.Type))
		if err != nil {
			return err
		}
		if n >= s.quotaOf("PoliciesOfType", p.Type) {
			return constraint("POLICY_NUMBER_LIMIT_EXCEEDED", "You have exceeded the number of policies allowed in your organization.")
		}
		p.Organization = o.ID
		if err := samePolicy(policies.Insert(tx, p)); err != nil {
			return err
		}
		out.Policy = o.policyShape(p)
		return s.setTags(tx, o, p.ID, in.Tags)
	})
	return out, err
}

// allows refuses policies to organizations that were made for billing alone.
func (o *organization) allows(policyType string) error {
	if o.AllFeatures {
		return nil
	}
	return api.PolicyTypeNotAvailableForOrganizationException("You can't use the specified policy type with the feature set currently enabled for this organization.")
}

func samePolicy(err error) error {
	if errors.Is(err, store.ErrExists) {
		return api.DuplicatePolicyException("A policy with the same name already exists.")
	}
	return err
}

func (o *organization) policy(tx *store.Tx, id string) (*orgPolicy, error) {
	p, err := policies.Get(tx, o.ID, id)
	return p, or(err, api.PolicyNotFoundException("You specified a policy that doesn't exist."))
}

// changeable finds a policy that is not AWS's own.
func (o *organization) changeable(tx *store.Tx, id string) (*orgPolicy, error) {
	p, err := o.policy(tx, id)
	if err == nil && p.AWS {
		err = invalid("IMMUTABLE_POLICY", "You specified a policy that is managed by AWS and can't be modified.")
	}
	return p, err
}

func (s *Service) DescribePolicy(c *writ.Call, in *api.DescribePolicyInput) (*api.DescribePolicyOutput, error) {
	out := new(api.DescribePolicyOutput)
	err := s.read(c, func(tx *store.Tx, o *organization) error {
		p, err := o.policy(tx, in.PolicyId)
		if err == nil {
			out.Policy = o.policyShape(p)
		}
		return err
	})
	return out, err
}

func (s *Service) UpdatePolicy(c *writ.Call, in *api.UpdatePolicyInput) (*api.UpdatePolicyOutput, error) {
	out := new(api.UpdatePolicyOutput)
	err := s.change(c, func(tx *store.Tx, o *organization) error {
		p, err := o.changeable(tx, in.PolicyId)
		if err != nil {
			return err
		}
		for field, to := range map[*string]*string{&p.Name: in.Name, &p.Description: in.Description, &p.Content: in.Content} {
			if to != nil {
				*field = *to
			}
		}
		// What was written before may be more than could be written today.
		if in.Content != nil {
			if err := s.checkContent(p.Type, p.Content); err != nil {
				return err
			}
		}
		p.Changed = c.Time
		out.Policy = o.policyShape(p)
		return samePolicy(policies.Put(tx, p))
	})
	return out, err
}

func (s *Service) DeletePolicy(c *writ.Call, in *api.DeletePolicyInput) (*api.DeletePolicyOutput, error) {
	err := s.change(c, func(tx *store.Tx, o *organization) error {
		p, err := o.changeable(tx, in.PolicyId)
		if err != nil {
			return err
		}
		attached, _, err := attachments.PageBy(tx, "policy", store.K(o.ID, p.ID), nil, 1)
		switch {
		case err != nil:
			return err
		case len(attached) > 0:
			return api.PolicyInUseException("The policy is attached to one or more entities. You must detach it from all roots, organizational units (OUs), and accounts before performing this operation.")
		}
		return errors.Join(policies.Delete(tx, o.ID, p.ID), untagAll(tx, o, p.ID))
	})
	return &api.DeletePolicyOutput{}, err
}

func (s *Service) ListPolicies(c *writ.Call, in *api.ListPoliciesInput) (*api.ListPoliciesOutput, error) {
	out := new(api.ListPoliciesOutput)
	err := s.read(c, func(tx *store.Tx, o *organization) error {
		rows, next, err := turn(s, c, paging{in.NextToken, in.MaxResults}, []string{in.Filter}, func(after store.Key, limit int) ([]*orgPolicy, store.Key, error) {
			return policies.PageBy(tx, "type", store.K(o.ID, in.Filter), after, limit)
		})
		if err != nil {
			return err
		}
		out.NextToken = next
		out.Policies, err = each(rows, func(p *orgPolicy) (api.PolicySummary, error) { return *o.summary(p), nil })
		return err
	})
	return out, err
}

func (o *organization) policyShape(p *orgPolicy) *api.Policy {
	return &api.Policy{Content: &p.Content, PolicySummary: o.summary(p)}
}

func (o *organization) summary(p *orgPolicy) *api.PolicySummary {
	return &api.PolicySummary{Id: &p.ID, Arn: new(o.policyARN(p)), Name: &p.Name, Description: &p.Description, Type: &p.Type, AwsManaged: &p.AWS}
}

// AttachPolicy lets a policy take effect on a root, a unit or an account, and on
// all that is below.
func (s *Service) AttachPolicy(c *writ.Call, in *api.AttachPolicyInput) (*api.AttachPolicyOutput, error) {
	err := s.change(c, func(tx *store.Tx, o *organization) error {
		p, err := s.pair(tx, o, in.PolicyId, in.TargetId)
		switch {
		case err != nil:
			return err
		case !o.enabledType(p.Type):
			return notEnabled()
		}
		n, err := attachments.Count(tx, store.K(o.ID, in.TargetId, p.Type))
		if err != nil {
			return err
		}
		if n >= s.quotaOf("AttachmentsOfType", p.Type) {
			return constraint("MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED", "You have attached the maximum number of policies of that type to the specified target.")
		}
		err = attachments.Insert(tx, &attachment{o.ID, in.TargetId, p.Type, p.ID, c.Time})
		if errors.Is(err, store.ErrExists) {
			return api.DuplicatePolicyAttachmentException("A policy with the same name and type is already attached to the specified target.")
		}
		return err
	})
	return &api.AttachPolicyOutput{}, err
}

// pair finds a policy and a target that both are there.
func (s *Service) pair(tx *store.Tx, o *organization, id, target string) (*orgPolicy, error) {
	p, err := o.policy(tx, id)
	if err != nil {
		return nil, err
	}
	_, err = s.node(tx, o, target)
	return p, or(err, noTarget())
}

func noTarget() error {
	return api.TargetNotFoundException("You specified a target that doesn't exist.")
}

// DetachPolicy leaves every target one service control policy: without any
// nothing would be allowed there.
func (s *Service) DetachPolicy(c *writ.Call, in *api.DetachPolicyInput) (*api.DetachPolicyOutput, error) {
	err := s.change(c, func(tx *store.Tx, o *organization) error {
		p, err := s.pair(tx, o, in.PolicyId, in.TargetId)
		if err != nil {
			return err
		}
		if p.ID == fullAccess[rcp].ID {
			return invalid("NON_DETACHABLE_POLICY", "The policy RCPFullAWSAccess can't be detached.")
		}
		if _, err := attachments.Get(tx, o.ID, in.TargetId, p.Type, p.ID); err != nil {
			return or(err, api.PolicyNotAttachedException("The policy isn't attached to the specified target in the specified root."))
		}
		n, err := attachments.Count(tx, store.K(o.ID, in.TargetId, p.Type))
		if err != nil {
			return err
		}
		if p.Type == scp && n == 1 {
			return constraint("MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED", "You cannot remove the last policy attached to the specified target. You must have at least one attached at all times.")
		}
		return attachments.Delete(tx, o.ID, in.TargetId, p.Type, p.ID)
	})
	return &api.DetachPolicyOutput{}, err
}

func (s *Service) ListPoliciesForTarget(c *writ.Call, in *api.ListPoliciesForTargetInput) (*api.ListPoliciesForTargetOutput, error) {
	out := new(api.ListPoliciesForTargetOutput)
	err := s.read(c, func(tx *store.Tx, o *organization) error {
		if _, err := s.node(tx, o, in.TargetId); err != nil {
			return or(err, noTarget())
		}
		rows, next, err := turn(s, c, paging{in.NextToken, in.MaxResults}, []string{in.TargetId, in.Filter}, func(after store.Key, limit int) ([]*attachment, store.Key, error) {
			return attachments.Page(tx, store.K(o.ID, in.TargetId, in.Filter), after, limit)
		})
		if err != nil {
			return err
		}
		out.NextToken = next
		out.Policies, err = each(rows, func(a *attachment) (api.PolicySummary, error) {
			p, err := policies.Get(tx, o.ID, a.Policy)
			if err != nil {
				return api.PolicySummary{}, err
			}
			return *o.summary(p), nil
		})
		return err
	})
	return out, err
}

func (s *Service) ListTargetsForPolicy(c *writ.Call, in *api.ListTargetsForPolicyInput) (*api.ListTargetsForPolicyOutput, error) {
	out := new(api.ListTargetsForPolicyOutput)
	err := s.read(c, func(tx *store.Tx, o *organization) error {
		if _, err := o.policy(tx, in.PolicyId); err != nil {
			return err
		}
		rows, next, err := turn(s, c, paging{in.NextToken, in.MaxResults}, []string{in.PolicyId}, func(after store.Key, limit int) ([]*attachment, store.Key, error) {
			return attachments.PageBy(tx, "policy", store.K(o.ID, in.PolicyId), after, limit)
		})
		if err != nil {
			return err
		}
		out.NextToken = next
		out.Targets, err = each(rows, func(a *attachment) (api.PolicyTargetSummary, error) {
			n, err := s.node(tx, o, a.Target)
			if err != nil {
				return api.PolicyTargetSummary{}, err
			}
			return api.PolicyTargetSummary{TargetId: &n.ID, Arn: new(o.nodeARN(n.ID)), Name: &n.Name, Type: &n.Type}, nil
		})
		return err
	})
	return out, err
}
