package iam

import (
	"errors"
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// reportSubject is what a report of last accesses is about: what some policies
// let whom do.
type reportSubject struct {
	grants   grants
	entities map[string]string // ARNs of users and roles, by id
}

// reportSubject finds the user, role, group or policy with an ARN. As in AWS
// the path in it does not count for entities.
func (s *Service) reportSubject(tx *store.Tx, c *writ.Call, text string) (*reportSubject, error) {
	kind, name, err := entityARN(c, text)
	if err != nil {
		return nil, err
	}
	r := &reportSubject{entities: map[string]string{}}
	switch kind {
	case userKind.resource:
		err = s.aboutUser(tx, c, r, name)
	case roleKind.resource:
		err = s.aboutRole(tx, c, r, name)
	case groupKind.resource:
		err = s.aboutGroup(tx, c, r, name)
	default:
		err = s.aboutPolicy(tx, c, r, text)
	}
	if errors.Is(err, store.ErrNotFound) {
		return nil, api.NoSuchEntityException("ARN %s does not exist.", text)
	}
	return r, err
}

// entityARN takes the ARN of an entity of the caller's account, or of one of
// AWS's policies, apart.
func entityARN(c *writ.Call, text string) (kind, name string, err error) {
	a, err := arn.Parse(text)
	if err != nil {
		return "", "", writ.ValidationError("ARN %s is not valid.", text)
	}
	kind, name, _ = strings.Cut(a.Resource, "/")
	switch {
	case a.Service != "iam":
		return "", "", writ.ValidationError("Invalid service in ARN")
	case a.Partition != c.Scope.Partition:
		return "", "", writ.ValidationError("Invalid ARN partition")
	case kind != userKind.resource && kind != roleKind.resource && kind != groupKind.resource && kind != policyKind.resource:
		return "", "", api.InvalidInputException("Invalid Entity Arn: %s is not supported.", text)
	case a.Account != c.Scope.Account && !(a.Account == "aws" && kind == policyKind.resource):
		return "", "", notYours(c, text)
	}
	return kind, lastPart(name), nil
}

// notYours is AWS's refusal of what belongs to another account.
func notYours(c *writ.Call, arn string) error {
	return writ.AccessDenied("User: %s is not authorized to perform the operation on %s", c.Caller.ARN, arn)
}

func (s *Service) aboutUser(tx *store.Tx, c *writ.Call, r *reportSubject, name string) error {
	u, err := users.Get(tx, c.Scope.Account, strings.ToLower(name))
	if err != nil {
		return err
	}
	r.entities[u.ID] = u.arn()
	for m, err := range memberships.Scan(tx, store.K(u.Account, u.ID)) {
		if err != nil {
			return err
		}
		if err := s.grant(tx, r, m.Account, m.GroupID); err != nil {
			return err
		}
	}
	return s.grant(tx, r, u.Account, u.ID)
}

func (s *Service) aboutRole(tx *store.Tx, c *writ.Call, r *reportSubject, name string) error {
	found, err := roles.Get(tx, c.Scope.Account, strings.ToLower(name))
	if err != nil {
		return err
	}
	r.entities[found.ID] = found.arn()
	return s.grant(tx, r, found.Account, found.ID)
}

func (s *Service) aboutGroup(tx *store.Tx, c *writ.Call, r *reportSubject, name string) error {
	g, err := groups.Get(tx, c.Scope.Account, strings.ToLower(name))
	if err != nil {
		return err
	}
	if err := r.addMembers(tx, g.Account, g.ID); err != nil {
		return err
	}
	return s.grant(tx, r, g.Account, g.ID)
}

// aboutPolicy is about those who have a policy attached, and the members of
// groups that have.
func (s *Service) aboutPolicy(tx *store.Tx, c *writ.Call, r *reportSubject, arn string) error {
	p, err := s.shared.GetTx(tx, managed{c.Scope.Account, arn})
	if err != nil {
		return err
	}
	r.grants.add(p)
	for a, err := range attachments.ScanBy(tx, "policy", store.K(c.Scope.Account, arn)) {
		if err == nil {
			err = r.addHolder(tx, a)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *reportSubject) addHolder(tx *store.Tx, a *attachment) (err error) {
	switch a.EntityType {
	case groupKind.resource:
		return r.addMembers(tx, a.Account, a.EntityID)
	case userKind.resource:
		r.entities[a.EntityID], err = arnOf(users.By(tx, "id", a.EntityID))
	case roleKind.resource:
		r.entities[a.EntityID], err = arnOf(roles.By(tx, "id", a.EntityID))
	}
	return err
}

func (r *reportSubject) addMembers(tx *store.Tx, account, groupID string) error {
	for m, err := range memberships.ScanBy(tx, "group", store.K(account, groupID)) {
		if err != nil {
			return err
		}
		if r.entities[m.UserID], err = arnOf(users.By(tx, "id", m.UserID)); err != nil {
			return err
		}
	}
	return nil
}

// grant adds the permissions policies of an entity.
func (s *Service) grant(tx *store.Tx, r *reportSubject, account, id string) error {
	for p, err := range inlinePolicies.Scan(tx, store.K(account, id)) {
		if err != nil {
			return err
		}
		r.grants.add(policy.Load(p.Name, []byte(p.Document)))
	}
	for a, err := range attachments.Scan(tx, store.K(account, id)) {
		if err != nil {
			return err
		}
		p, err := s.shared.GetTx(tx, managed{account, a.PolicyARN})
		if err != nil {
			return err
		}
		r.grants.add(p)
	}
	return nil
}

// reportResource is what permission is asked for: the entity that an ARN names,
// by its true ARN. What can't be found the operation will speak about.
func reportResource(tx *store.Tx, c *writ.Call, text string) (writ.Resource, error) {
	r := writ.Resource{ARN: text, Account: c.Scope.Account}
	kind, name, err := entityARN(c, text)
	if err != nil {
		return r, nil
	}
	switch kind {
	case policyKind.resource:
		r, err = policyResource(tx, c, text)
	case userKind.resource:
		r, err = userResource(tx, c, name)
	case roleKind.resource:
		r, err = ownRole(tx, c, name)
	case groupKind.resource:
		r, err = groupResource(tx, c, name)
	}
	r.Type = kind
	return r, err
}
