package organizations

import (
	"errors"
	"slices"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/model"
	"github.com/writ-iam/writ/policy"
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
	r, err := s.thing(tx, o, id)
	if err != nil || s.ownBusiness(c, check, id) {
		return r, err
	}
	return r, s.belongs(tx, c, o, &r)
}

// belongs makes a thing the management account's, with what others may do to it.
func (s *Service) belongs(tx *store.Tx, c *writ.Call, o *organization, r *writ.Resource) (err error) {
	r.Account, r.Refusal = o.Management, "You don't have permissions to access this resource."
	if c.Scope.Account != o.Management {
		r.Policy, err = s.delegation(tx, o)
	}
	return err
}

// The types of checks that are about the organization as a whole, and about what
// concerns the caller's account alone.
const kindless, ownType = "organization", "own-account"

// ownBusiness says whether a call is about the caller's own account, which needs
// nobody's leave.
func (s *Service) ownBusiness(c *writ.Call, check *model.Check, id string) bool {
	return check.Type == ownType && (id == "" || id == c.Scope.Account)
}

// thing is what an id stands for.
func (s *Service) thing(tx *store.Tx, o *organization, id string) (r writ.Resource, err error) {
	r.ARN = "*"
	switch kindOf(id) {
	case unknownKind:
		return r, nil
	case policyKind:
		p, err := policies.Get(tx, o.ID, id)
		if err != nil {
			return r, or(err, nil)
		}
		r.ARN, r.Type = o.policyARN(p), "policy"
		r.Keys = map[string]string{"organizations:PolicyType": p.Type}
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

// delegation is what other accounts than the management account may do.
func (s *Service) delegation(tx *store.Tx, o *organization) (*policy.Policy, error) {
	return nil, nil
}

// enabledType says whether policies of a type take effect.
func (o *organization) enabledType(policyType string) bool {
	return slices.Contains(o.PolicyTypes, policyType)
}
