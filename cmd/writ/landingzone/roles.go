package landingzone

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// roles looks for the role for emergencies in the accounts of a unit.
func (p *planner) roles(u *Unit) error {
	if p.z.BreakGlass == nil {
		return nil
	}
	for i := range u.Accounts {
		if err := p.role(p.o.account(&u.Accounts[i])); err != nil {
			return err
		}
	}
	for i := range u.Units {
		if err := p.roles(&u.Units[i]); err != nil {
			return err
		}
	}
	return nil
}

// role looks for it in one account. An account that lets nobody in is told of,
// and no reason to do nothing elsewhere.
func (p *planner) role(n *Node) error {
	b := p.z.BreakGlass
	if n.Id == "" {
		p.step("+", p.newRole(n), "role %s in %s", b.Role, n.Name)
		return nil
	}
	if n.State != "ACTIVE" {
		return nil
	}
	is, err := p.readRole(n)
	switch {
	case isError(err, "NoSuchEntity"):
		p.step("+", p.newRole(n), "role %s in %s", b.Role, n.Name)
	case isError(err, "AccessDenied"):
		p.Unseen = append(p.Unseen, fmt.Sprintf("role %s in %s: %v", b.Role, n.Name, err))
	case err != nil:
		return fmt.Errorf("account %s: %w", n.Name, err)
	default:
		p.mendRole(n, is)
	}
	return nil
}

// role is what there is of it.
type role struct {
	trust    string
	policies []string
}

func (p *planner) readRole(n *Node) (*role, error) {
	iam, err := p.c.Within(p.ctx, n.Id)
	if err != nil {
		return nil, err
	}
	name := url.Values{"RoleName": {p.z.BreakGlass.Role}}
	var got struct {
		Trust string `xml:"Role>AssumeRolePolicyDocument"`
	}
	if err := iam(p.ctx, "GetRole", name, &got); err != nil {
		return nil, err
	}
	var attached struct {
		ARNs []string `xml:"AttachedPolicies>member>PolicyArn"`
	}
	if err := iam(p.ctx, "ListAttachedRolePolicies", name, &attached); err != nil {
		return nil, err
	}
	trust, err := url.QueryUnescape(got.Trust)
	return &role{trust, attached.ARNs}, err
}

// trust lets principals of the management account in that have proved a second factor.
func (p *planner) trust() string {
	partition := strings.Split(p.o.Arn, ":")[1]
	text, _ := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{
		"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": map[string]any{"AWS": "arn:" + partition + ":iam::" + p.o.MasterAccountId + ":root"},
		"Condition": map[string]any{"Bool": map[string]any{"aws:MultiFactorAuthPresent": "true"}}}}})
	return string(text)
}

// newRole makes the role with its policies.
func (p *planner) newRole(n *Node) func(context.Context) error {
	b := p.z.BreakGlass
	return func(ctx context.Context) error {
		in := url.Values{"RoleName": {b.Role}, "AssumeRolePolicyDocument": {p.trust()}, "Description": {"For emergencies, with a second factor."}}
		if err := p.within(n, "CreateRole", func() url.Values { return in })(ctx); err != nil {
			return err
		}
		for _, arn := range b.Policies {
			if err := p.grant(n, arn)(ctx); err != nil {
				return err
			}
		}
		return nil
	}
}

func (p *planner) grant(n *Node, arn string) func(context.Context) error {
	return p.within(n, "AttachRolePolicy", func() url.Values { return url.Values{"RoleName": {p.z.BreakGlass.Role}, "PolicyArn": {arn}} })
}

// mendRole compares whom the role trusts and what it may. What it may beyond
// that is left alone.
func (p *planner) mendRole(n *Node, is *role) {
	b := p.z.BreakGlass
	if !sameJSON(is.trust, p.trust()) {
		p.step("~", p.within(n, "UpdateAssumeRolePolicy", func() url.Values {
			return url.Values{"RoleName": {b.Role}, "PolicyDocument": {p.trust()}}
		}), "role %s in %s: whom it trusts", b.Role, n.Name)
	}
	for _, arn := range b.Policies {
		if !slices.Contains(is.policies, arn) {
			p.step("+", p.grant(n, arn), "policy %s on role %s in %s", arn[strings.LastIndex(arn, "/")+1:], b.Role, n.Name)
		}
	}
}

// within is a step's call of IAM in an account.
func (p *planner) within(n *Node, operation string, in func() url.Values) func(context.Context) error {
	return func(ctx context.Context) error {
		iam, err := p.c.Within(ctx, n.Id)
		if err != nil {
			return err
		}
		return iam(ctx, operation, in(), nil)
	}
}
