package iam

import (
	"github.com/writ-iam/writ/authz"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// membership is what stands over an account, nil if it is in no organization.
func (s *Service) membership(tx *store.Tx, account string) (*authz.Membership, error) {
	if s.Organizations == nil {
		return nil, nil
	}
	return s.Organizations.Membership(tx, account)
}

// readOrganization adds what is over the account of who asks. What is over others
// is nothing that it may find out, so that callers and resources of other accounts
// are simulated without.
func (m *simulation) readOrganization() error {
	if m.over == nil || m.principal.Account != m.account {
		return nil
	}
	m.policies.SCPs, m.policies.ManagementAccount = m.over.SCPs, m.over.Management
	m.context.Set("aws:PrincipalOrgID", m.over.Organization)
	m.context.Set("aws:PrincipalOrgPaths", m.over.Path)
	return nil
}

// limit adds what is over a resource, and the keys of its organization where the
// input does not say them.
func (m *simulation) limit(r *policy.Request, p *policy.Policies) {
	if m.over == nil || r.ResourceAccount != m.account {
		return
	}
	p.RCPs, p.ManagementAccount = m.over.RCPs, m.over.Management
	if r.Resource == "*" {
		return
	}
	r.Context = r.Context.Clone()
	for key, value := range map[string]string{"aws:ResourceOrgID": m.over.Organization, "aws:ResourceOrgPaths": m.over.Path} {
		if _, said := r.Context.Get(key); !said {
			r.Context.Set(key, value)
		}
	}
}
