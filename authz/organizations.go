package authz

import (
	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// organizations are where the accounts of a check are: nil each for an account
// that is in no organization, and where there is no account.
type organizations struct {
	caller   *Membership // of the principal's account
	resource *Membership // of the resource's owner
	source   *Membership // of the account that a service acts for
}

// organizations finds them.
func (a *Authorizer) organizations(tx *store.Tx, c *writ.Call, r *writ.Resource) (*organizations, error) {
	found := new(organizations)
	for _, each := range []struct {
		account string
		in      **Membership
	}{{c.Caller.Account, &found.caller}, {r.Account, &found.resource}, {c.Chain.SourceAccount, &found.source}} {
		if a.members == nil || each.account == "" {
			continue
		}
		var err error
		if *each.in, err = a.members.GetTx(tx, each.account); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// limit adds the SCPs over the caller's account and the RCPs over the
// resource's (R28, R30).
func (o *organizations) limit(p *policy.Policies) {
	if o.caller != nil {
		p.SCPs, p.SCPTargets, p.ManagementAccount = o.caller.SCPs, o.caller.Targets, o.caller.Management
	}
	if o.resource != nil {
		p.RCPs, p.RCPTargets = o.resource.RCPs, o.resource.Targets
	}
}

// keys are those of organizations (IAM User Guide, "AWS global condition context
// keys"): absent where there is no organization.
func (o *organizations) keys(k *policy.Context, r *writ.Resource) {
	resource := o.resource
	if r.ARN == "*" {
		resource = nil
	}
	for _, each := range []struct {
		prefix string
		in     *Membership
	}{{"aws:Principal", o.caller}, {"aws:Resource", resource}, {"aws:Source", o.source}} {
		if each.in != nil {
			k.Set(each.prefix+"OrgID", each.in.Organization)
			k.SetList(each.prefix+"OrgPaths", []string{each.in.Path})
		}
	}
}
