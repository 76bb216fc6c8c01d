package organizations

import (
	"errors"
	"slices"
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/organizations"
	"github.com/writ-iam/writ/model"
	"github.com/writ-iam/writ/store"
)

// Resource tells authz of something in the caller's organization. It belongs to
// the management account, and members reach it as far as its policy lets them.
// What is not there, and what a caller without an organization asks for, has the
// ARN "*" and the caller's own account: the operation will say so.
func (s *Service) Resource(tx *store.Tx, c *writ.Call, check *model.Check, id string) (writ.Resource, error) {
	if check.Type == "handshake" {
		return s.handshakeResource(tx, c, id)
	}
	o, _, err := organizationOf(tx, c.Scope.Account)
	if errors.Is(err, store.ErrNotFound) {
		return writ.Resource{ARN: "*", Type: kindless}, nil
	}
	if err != nil {
		return writ.Resource{}, err
	}
	r, err := s.asked(tx, o, check, id)
	if err == nil {
		err = o.typeOfInput(tx, c, &r)
	}
	if err != nil || s.ownBusiness(c, check, id) {
		return r, err
	}
	return r, s.belongs(tx, c, o, &r)
}

// belongs makes a thing the management account's, with what others may do to it.
func (s *Service) belongs(tx *store.Tx, c *writ.Call, o *organization, r *writ.Resource) (err error) {
	r.Account, r.Refusal = o.Management, "You don't have permissions to access this resource."
	if c.Scope.Account != o.Management {
		r.Policy, err = s.delegated.GetTx(tx, o.ID)
	}
	return err
}

const policyTypeKey = "organizations:PolicyType"

// typeOfInput tells of the type of the policy that a call attaches or detaches,
// also where what is asked is whether it may at that target.
func (o *organization) typeOfInput(tx *store.Tx, c *writ.Call, r *writ.Resource) error {
	var id string
	switch in := c.Input.(type) {
	case *api.AttachPolicyInput:
		id = in.PolicyId
	case *api.DetachPolicyInput:
		id = in.PolicyId
	default:
		return nil
	}
	p, err := policies.Get(tx, o.ID, id)
	if err == nil {
		r.Keys = map[string]string{policyTypeKey: p.Type}
	}
	return or(err, nil)
}

// The types of checks that are about the organization as a whole, and about what
// concerns the caller's account alone.
const kindless, ownType = "organization", "own-account"

// ownBusiness says whether a call is about the caller's own account, which needs
// nobody's leave.
func (s *Service) ownBusiness(c *writ.Call, check *model.Check, id string) bool {
	return check.Type == ownType && (id == "" || id == c.Scope.Account)
}

// asked is what a check is about: something that is there, a new policy of a type,
// an account that is to come in, or the resource policy, which may be new.
func (s *Service) asked(tx *store.Tx, o *organization, check *model.Check, id string) (writ.Resource, error) {
	switch check.Type {
	case "policy":
		return writ.Resource{ARN: o.arnOf("policy", strings.ToLower(id), "p-*")}, nil
	case "invitee":
		if kindOf(id) == accountKind {
			return writ.Resource{ARN: o.nodeARN(id), Type: "account"}, nil
		}
		return writ.Resource{ARN: "*", Type: kindless}, nil // an address
	case "resourcepolicy":
		p, err := resourcePolicies.Get(tx, o.ID)
		if errors.Is(err, store.ErrNotFound) {
			return s.thing(tx, o, "rp-*")
		}
		if err != nil {
			return writ.Resource{}, err
		}
		return s.thing(tx, o, p.ID)
	}
	return s.thing(tx, o, id)
}

// thing is what an id stands for.
func (s *Service) thing(tx *store.Tx, o *organization, id string) (r writ.Resource, err error) {
	r.ARN = "*"
	switch kindOf(id) {
	case unknownKind:
		return r, nil
	case resourcePolicyKind:
		r.ARN, r.Type = o.arnOf("resourcepolicy", id), "resourcepolicy"
	case policyKind:
		p, err := policies.Get(tx, o.ID, id)
		if err != nil {
			return r, or(err, nil)
		}
		r.ARN, r.Type = o.policyARN(p), "policy"
		r.Keys = map[string]string{policyTypeKey: p.Type}
		if p.AWS {
			r.Type = "awspolicy"
		}
	default:
		n, err := s.node(tx, o, id)
		if err != nil {
			return r, or(err, nil)
		}
		r.ARN, r.Type = o.nodeARN(id), resourceTypes[n.Type]
	}
	r.Tags, err = tagsOf(tx, o, id)
	return r, err
}

var resourceTypes = map[string]string{rootType: "root", unitType: "organizationalunit", accountType: "account"}

// enabledType says whether policies of a type take effect.
func (o *organization) enabledType(policyType string) bool {
	return slices.Contains(o.PolicyTypes, policyType)
}
