package writ

import (
	"slices"
	"strings"

	api "github.com/writ-iam/writ/api/writ"
	"github.com/writ-iam/writ/audit"
	"github.com/writ-iam/writ/authz"
	"github.com/writ-iam/writ/policy"
)

// proposal is a change of the service control policies at one place of an organization.
type proposal struct {
	target string
	attach *policy.Policy // nil if none is
	detach string         // id of a policy, "" if none is
}

// ceilings are the service control policies over an account, level by level, as
// they are and as they would be.
type ceilings struct {
	of        *authz.Membership
	now, then [][]*policy.Policy
}

// over applies the proposal to what stands over an account at or below its
// target. It is nil where nothing limits: the management account.
func (p *proposal) over(account string, m *authz.Membership) (*ceilings, error) {
	if account == m.Management {
		return nil, nil
	}
	if m.SCPs == nil {
		return nil, api.ValidationException("Service control policies are not enabled in the root of the organization.")
	}
	level := slices.Index(append(strings.Split(strings.Trim(m.Path, "/"), "/")[1:], account), p.target)
	then := slices.Clone(m.SCPs)
	var err error
	then[level], err = p.at(then[level])
	return &ceilings{m, m.SCPs, then}, err
}

// at changes the policies of one level.
func (p *proposal) at(level []*policy.Policy) ([]*policy.Policy, error) {
	left := slices.DeleteFunc(slices.Clone(level), func(q *policy.Policy) bool {
		return p.detach != "" && strings.HasSuffix(q.Name(), "/"+p.detach)
	})
	if p.detach != "" && len(left) == len(level) {
		return nil, api.ResourceNotFoundException("The service control policy %s is not attached to %s.", p.detach, p.target)
	}
	if p.attach != nil {
		left = append(left, p.attach)
	}
	if len(left) == 0 {
		return nil, api.ValidationException("One service control policy must be attached to %s at all times.", p.target)
	}
	return left, nil
}

// verdict is what a proposal means for a permission that somebody has used.
type verdict int

const (
	same verdict = iota
	denied
	allowed
	unknown
)

const noMore = "what else the call needs was not asked"

// decide asks for a permission again. It is lost or won only if nothing but
// service control policies stands in the way. An unknown verdict has a reason.
func (c *ceilings) decide(p *audit.Past, is *policy.Principal, r *audit.Reason) (verdict, string) {
	limited := r.By == policy.SCP.String()
	granted := r.Decision == policy.Allow.String() || limited && r.Otherwise == policy.Allow.String()
	if r.By == policy.Always.String() || !granted && (!limited || r.Otherwise != "") {
		return same, ""
	}
	request := p.Request(is, r)
	c.place(request, r)
	now, then := c.denies(c.now, request), c.denies(c.then, request)
	if r.Keys == nil {
		if missing := c.unsure(request, now, then); missing != "" {
			return unknown, missing + " was not recorded"
		}
	}
	switch {
	case now == then:
		return same, ""
	case !granted:
		return unknown, noMore
	case then:
		return denied, ""
	}
	return allowed, ""
}

// place adds the keys of the organization as it is now.
func (c *ceilings) place(r *policy.Request, was *audit.Reason) {
	r.Context.Set("aws:PrincipalOrgID", c.of.Organization)
	r.Context.SetList("aws:PrincipalOrgPaths", []string{c.of.Path})
	if r.ResourceAccount == r.Principal.Account && was.Resource != "*" {
		r.Context.Set("aws:ResourceOrgID", c.of.Organization)
		r.Context.SetList("aws:ResourceOrgPaths", []string{c.of.Path})
	}
}

// denies says whether service control policies deny, whatever the others say.
func (c *ceilings) denies(levels [][]*policy.Policy, r *policy.Request) bool {
	p := policy.Policies{SCPs: levels, ManagementAccount: c.of.Management}
	result := p.Evaluate(r)
	return result.Decision != policy.Allow && result.By == policy.SCP
}
