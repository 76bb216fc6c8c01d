package iam

import (
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// loadTrust compiles a role's trust policy, with the ids of principals turned
// back into the ARNs that they have now. An id whose owner is gone stays an id,
// and matches nobody (R72).
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

// trust is the role's trust policy as people read it.
func (r *role) trust(tx *store.Tx) (*policy.Document, error) {
	doc, err := policy.Parse([]byte(r.Trust))
	if err != nil {
		return nil, err
	}
	var failed error
	named := doc.MapPrincipals(func(principal string) string {
		arn, err := arnOfID(tx, principal)
		if err != nil {
			failed = err
		}
		return arn
	})
	return named, failed
}
