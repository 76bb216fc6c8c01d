package iam

import (
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/model"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// The operations that look into what policies grant name a user, group or role
// by its ARN.

// holderOf is the kind of entity that an ARN names.
func holderOf(text string) (holder, arn.ARN, error) {
	a, err := arn.Parse(text)
	if err == nil && a.Service == "iam" && a.Region == "" {
		kind, _, _ := strings.Cut(a.Resource, "/")
		for _, h := range []holder{userHolder, groupHolder, roleHolder} {
			if kind == h.resource && lastPart(a.Resource) != "" {
				return h, a, nil
			}
		}
	}
	return holder{}, a, api.InvalidInputException("Invalid Entity Arn: %s does not clearly define entity type and name.", text)
}

// findSource finds the user, group or role of exactly that ARN in the caller's account.
func findSource(tx *store.Tx, c *writ.Call, text string) (holder, *entity, error) {
	h, a, err := holderOf(text)
	if err != nil {
		return h, nil, err
	}
	if a.Account != c.Scope.Account {
		return h, nil, api.InvalidInputException("Invalid Policy Source Arn: caller's account %s does not have access to policies in account %s", c.Scope.Account, a.Account)
	}
	e, err := h.find(tx, c, lastPart(a.Resource))
	if _, told := writ.AsError(err); told || err == nil && h.arn(e) != text {
		return h, nil, api.NoSuchEntityException("Unable to retrieve specified IAM entity.")
	}
	return h, e, err
}

// sourceResource is what the ARN of such an operation stands for, even if there
// is no such entity, or it is another account's: the operation will say so.
func (s *Service) sourceResource(tx *store.Tx, c *writ.Call, check *model.Check, text string) (writ.Resource, error) {
	named := writ.Resource{ARN: text, Account: c.Scope.Account}
	h, a, err := holderOf(text)
	if err != nil || a.Account != c.Scope.Account {
		return named, nil
	}
	found, err := s.Resource(tx, c, &model.Check{Action: check.Action, Type: h.resource}, lastPart(a.Resource))
	if err != nil || found.ARN != text {
		return named, err
	}
	found.Type, found.Label = h.resource, ""
	return found, nil
}

// owned is a policy that an identity has: of its own or of a group that it is in.
type owned struct {
	holder
	*entity
	*policy.Policy
	arn string // "" if it is embedded
}

// ownedBy lists the policies of an entity, and of its groups if it is a user.
func (s *Service) ownedBy(tx *store.Tx, h holder, e *entity) ([]owned, error) {
	all, err := s.owned(tx, h, e)
	if err != nil || h.kind != userKind {
		return all, err
	}
	for m, err := range memberships.Scan(tx, store.K(e.Account, e.ID)) {
		if err != nil {
			return nil, err
		}
		g, err := groupHolder.byID(tx, m.GroupID)
		if err != nil {
			return nil, err
		}
		more, err := s.owned(tx, groupHolder, g)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	return all, nil
}

func (s *Service) owned(tx *store.Tx, h holder, e *entity) ([]owned, error) {
	var all []owned
	for p, err := range inlinePolicies.Scan(tx, store.K(e.Account, e.ID)) {
		if err != nil {
			return nil, err
		}
		all = append(all, owned{h, e, policy.Load(p.Name, []byte(p.Document)), ""})
	}
	for a, err := range attachments.Scan(tx, store.K(e.Account, e.ID)) {
		if err != nil {
			return nil, err
		}
		p, err := s.shared.GetTx(tx, managed{e.Account, a.PolicyARN})
		if err != nil {
			return nil, err
		}
		all = append(all, owned{h, e, p, a.PolicyARN})
	}
	return all, nil
}
