package iam

import (
	"errors"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// loadTrust compiles a role's trust policy as people read it. A principal that
// is gone has no ARN any more, and what is no ARN matches nobody (R72).
func (s *Service) loadTrust(tx *store.Tx, roleID string) (*policy.Policy, error) {
	r, err := roles.By(tx, "id", roleID)
	if err != nil {
		return nil, err
	}
	doc, err := r.trust(tx)
	if err != nil {
		return nil, err
	}
	return policy.Compile("trust policy of "+r.arn(), doc), nil
}

// trustDocument reads a trust policy that is about to be stored.
func (s *Service) trustDocument(c *writ.Call, text string) (*policy.Document, error) {
	doc, err := parsed(policy.TrustPolicy, text)
	if err != nil {
		return nil, err
	}
	if err := s.within("ACLSizePerRole", size(text)); err != nil || s.Effective == nil {
		return doc, err
	}
	// As in AWS, a principal can be named once its creation has taken effect.
	return doc, s.Effective.View(c.Context, func(tx *store.Tx) error {
		r := &role{entity: entity{Partition: c.Scope.Partition}}
		return r.setTrust(tx, doc)
	})
}

// setTrust gives the role a trust policy. All users and roles that it names
// have to exist.
func (r *role) setTrust(tx *store.Tx, doc *policy.Document) error {
	stored, err := doc.MapPrincipals(func(principal string) (string, error) {
		id, err := storedPrincipal(tx, r.Partition, principal)
		if errors.Is(err, store.ErrNotFound) {
			return "", api.MalformedPolicyDocumentException(`Invalid principal in policy: "AWS":"%s"`, principal)
		}
		return id, err
	})
	if err == nil {
		r.Trust = stored.Source()
	}
	return err
}

// trust is the role's trust policy as people read it.
func (r *role) trust(tx *store.Tx) (*policy.Document, error) {
	doc, err := policy.Parse([]byte(r.Trust))
	if err != nil {
		return nil, err
	}
	return doc.MapPrincipals(func(stored string) (string, error) { return shownPrincipal(tx, stored) })
}
