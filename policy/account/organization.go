package account

import (
	"fmt"
	"strings"

	"github.com/writ-iam/writ/policy"
)

const (
	scpType = "SERVICE_CONTROL_POLICY"
	rcpType = "RESOURCE_CONTROL_POLICY"
)

// full are the policies that AWS attaches everywhere, by their ids.
var full = map[string]OrganizationPolicy{
	"p-FullAWSAccess":    fullAccess(scpType, `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}`),
	"p-RCPFullAWSAccess": fullAccess(rcpType, `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}`),
}

func fullAccess(kind, content string) OrganizationPolicy {
	p := OrganizationPolicy{Content: Document(content)}
	p.PolicySummary.Type = kind
	return p
}

// organization fills in SCPs on the path to the caller's account and RCPs on
// that to the resource's, and the keys about both. An account that the tree does
// not have is of no organization.
func (d *Directory) organization(p *policy.Policies, r *policy.Request) (err error) {
	owner := r.ResourceAccount
	if owner == "" {
		owner = r.Principal.Account
	}
	set(r.Context, "aws:ResourceAccount", owner)
	o := d.details.Organizations
	if o == nil {
		return nil
	}
	if p.ManagementAccount == "" {
		p.ManagementAccount = o.Organization.MasterAccountId
	}
	if path := o.Root.path(r.Principal.Account); path != nil {
		set(r.Context, "aws:PrincipalOrgID", o.Organization.Id)
		set(r.Context, "aws:PrincipalOrgPaths", o.orgPath(path))
		if p.SCPs == nil {
			if p.SCPs, err = d.levels(path, scpType); err != nil {
				return err
			}
		}
	}
	if path := o.Root.path(owner); path != nil {
		set(r.Context, "aws:ResourceOrgID", o.Organization.Id)
		set(r.Context, "aws:ResourceOrgPaths", o.orgPath(path))
		if p.RCPs == nil {
			p.RCPs, err = d.levels(path, rcpType)
		}
	}
	return err
}

// place is one step on the path to an account.
type place struct {
	id       string
	policies []string
}

// path leads from u down to an account, root first. It is nil if the account is
// not below u.
func (u *Unit) path(account string) []place {
	here := place{u.Id, u.Policies}
	for _, a := range u.Accounts {
		if a.Id == account {
			return []place{here, {a.Id, a.Policies}}
		}
	}
	for i := range u.OrganizationalUnits {
		if below := u.OrganizationalUnits[i].path(account); below != nil {
			return append([]place{here}, below...)
		}
	}
	return nil
}

// orgPath is the path as aws:PrincipalOrgPaths has it, without the account:
// "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/".
func (o *Organizations) orgPath(path []place) string {
	ids := []string{o.Organization.Id}
	for _, p := range path[:len(path)-1] {
		ids = append(ids, p.id)
	}
	return strings.Join(ids, "/") + "/"
}

// levels compiles the policies of one type along a path.
func (d *Directory) levels(path []place, kind string) ([][]*policy.Policy, error) {
	levels := [][]*policy.Policy{}
	for _, at := range path {
		level := []*policy.Policy{}
		for _, id := range at.policies {
			p, ok := d.details.Organizations.policy(id)
			if !ok {
				return nil, fmt.Errorf("%s: policy %s is not among the organization's policies", at.id, id)
			}
			if p.PolicySummary.Type == kind {
				level = append(level, d.compile(id, p.Content))
			}
		}
		levels = append(levels, level)
	}
	return levels, nil
}

func (o *Organizations) policy(id string) (OrganizationPolicy, bool) {
	for _, p := range o.Policies {
		if p.PolicySummary.Id == id {
			return p, true
		}
	}
	p, ok := full[id]
	return p, ok
}
