package iam

import (
	"fmt"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/authz"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// SimulatePrincipalPolicy decides as for a user, group or role of the account,
// with all its policies, its groups' and its boundary's, those of the input added
// to them, and what its organization limits. A boundary in the input takes the
// place of its own.
func (s *Service) SimulatePrincipalPolicy(c *writ.Call, in *api.SimulatePrincipalPolicyInput) (*api.SimulatePrincipalPolicyOutput, error) {
	asked := &api.SimulateCustomPolicyInput{PolicyInputList: in.PolicyInputList,
		PermissionsBoundaryPolicyInputList: in.PermissionsBoundaryPolicyInputList, ActionNames: in.ActionNames,
		ResourceArns: in.ResourceArns, ResourcePolicy: in.ResourcePolicy, ResourceOwner: in.ResourceOwner,
		CallerArn: in.CallerArn, ContextEntries: in.ContextEntries, ResourceHandlingOption: in.ResourceHandlingOption,
		MaxItems: in.MaxItems, Marker: in.Marker}
	var own policy.Policies
	var source *policy.Principal
	var over *authz.Membership
	err := s.db.View(c.Context, func(tx *store.Tx) error {
		h, e, err := findSource(tx, c, in.PolicySourceArn)
		if err != nil {
			return err
		}
		source = h.principal(e)
		if over, err = s.membership(tx, e.Account); err != nil {
			return err
		}
		if asked.CallerArn == nil && h.kind == userKind {
			asked.CallerArn = &in.PolicySourceArn
		}
		return s.simulated(tx, h, e, &own)
	})
	if err != nil {
		return nil, err
	}
	out, err := s.simulate(c, asked, source, &own, over)
	return (*api.SimulatePrincipalPolicyOutput)(out), err
}

// SimulateCustomPolicy decides by the policies of the input alone, as for a user
// of the caller's account unless it names another.
func (s *Service) SimulateCustomPolicy(c *writ.Call, in *api.SimulateCustomPolicyInput) (*api.SimulateCustomPolicyOutput, error) {
	somebody := &policy.Principal{Type: policy.User, Account: c.Scope.Account}
	return s.simulate(c, in, somebody, &policy.Policies{Identity: []*policy.Policy{}}, nil)
}

// principal is who an entity is when it calls. A group never does: it is taken
// for some user in it.
func (h holder) principal(e *entity) *policy.Principal {
	if h.kind == roleKind {
		return &policy.Principal{Type: policy.RoleSession, Account: e.Account, RoleARN: h.arn(e)}
	}
	p := &policy.Principal{Type: policy.User, Account: e.Account}
	if h.kind == userKind {
		p.ARN = h.arn(e)
	}
	return p
}

// simulated fills in the policies of an entity. Embedded ones are called by what
// they are embedded in, as AWS's simulator does: user_bob_read.
func (s *Service) simulated(tx *store.Tx, h holder, e *entity, p *policy.Policies) error {
	all, err := s.ownedBy(tx, h, e)
	if err != nil {
		return err
	}
	for _, o := range all {
		if err := evaluable(o.Policy); err != nil {
			return err
		}
		if o.arn == "" {
			o.Policy = policy.Compile(fmt.Sprintf("%s_%s_%s", o.kind.resource, o.entity.Name, o.Policy.Name()), o.Document())
		}
		p.Identity = append(p.Identity, o.Policy)
	}
	p.Boundary, err = s.boundaryOf(tx, h, e)
	return err
}

// evaluable refuses a stored policy that can't be read.
func evaluable(p *policy.Policy) error {
	if err := p.Err(); err != nil {
		return api.PolicyEvaluationException("The policy %s cannot be evaluated: %s", p.Name(), err)
	}
	return nil
}

// boundaryOf returns the boundary of a user or role, nil if there is none.
func (s *Service) boundaryOf(tx *store.Tx, h holder, e *entity) ([]*policy.Policy, error) {
	var boundary string
	switch h.kind {
	case userKind:
		u, err := users.By(tx, "id", e.ID)
		if err != nil {
			return nil, err
		}
		boundary = u.Boundary
	case roleKind:
		r, err := roles.By(tx, "id", e.ID)
		if err != nil {
			return nil, err
		}
		boundary = r.Boundary
	}
	return s.boundary(tx, e.Account, boundary)
}
