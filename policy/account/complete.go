package account

import (
	"errors"
	"fmt"
	"strings"

	"github.com/writ-iam/writ/policy"
)

// Complete fills in what the account knows and the question leaves open, which
// is what is nil in p, empty in r, and missing in the context: the caller's
// identity policies and boundary; for sts: actions on a role its trust policy
// and account; the SCPs and RCPs; and the context keys that say who the caller
// is. The error says what is not in the dump.
func (d *Directory) Complete(p *policy.Policies, r *policy.Request) error {
	if r.Principal == nil {
		r.Principal = &policy.Principal{}
	}
	if r.Context == nil {
		r.Context = &policy.Context{}
	}
	err := d.caller(p, r)
	if trusting := d.role(r.Resource); trusting != nil && isSTS(r.Action) {
		if p.Resource == nil {
			p.Resource = d.trustOf(trusting)
		}
		if r.ResourceAccount == "" {
			r.ResourceAccount = accountOf(trusting.Arn)
		}
	}
	return errors.Join(err, d.organization(p, r))
}

func isSTS(action string) bool {
	service, _, _ := strings.Cut(action, ":")
	return strings.EqualFold(service, "sts")
}

// caller fills in what belongs to the caller. One that the dump does not have
// must bring its policies along.
func (d *Directory) caller(p *policy.Policies, r *policy.Request) error {
	who, c := r.Principal, r.Context
	switch who.Type {
	case policy.User:
		set(c, "aws:PrincipalType", "User")
		set(c, "aws:username", who.ARN[strings.LastIndexByte(who.ARN, '/')+1:])
		describe(c, who, who.ARN)
		return d.user(p, who.ARN, c)
	case policy.RoleSession:
		set(c, "aws:PrincipalType", "AssumedRole")
		return d.session(p, who, c)
	case policy.FederatedUser:
		set(c, "aws:PrincipalType", "FederatedUser")
		describe(c, who, who.ARN)
		if !strings.HasSuffix(who.UserARN, ":root") {
			return d.user(p, who.UserARN, &policy.Context{}) // the keys are not about the issuer
		}
	case policy.RootUser:
		set(c, "aws:PrincipalType", "Account")
		set(c, "aws:userid", who.Account)
		describe(c, who, who.ARN)
	}
	return nil
}

// describe sets the keys that the principal itself tells.
func describe(c *policy.Context, who *policy.Principal, arn string) {
	set(c, "aws:PrincipalArn", arn)
	set(c, "aws:PrincipalAccount", who.Account)
}

// user fills in a user's policies and boundary, and the keys about the user.
func (d *Directory) user(p *policy.Policies, arn string, c *policy.Context) error {
	u := d.users[arn]
	if u == nil {
		return unknown(p, arn)
	}
	set(c, "aws:userid", u.UserId)
	setTags(c, u.Tags)
	if p.Identity == nil {
		list, err := d.identityOf(u)
		if err != nil {
			return err
		}
		p.Identity = list
	}
	return d.limit(p, u.Arn, u.PermissionsBoundary)
}

// session fills in a role's policies and boundary, the keys about the session,
// and the role itself.
func (d *Directory) session(p *policy.Policies, who *policy.Principal, c *policy.Context) error {
	role := d.role(who.ARN)
	if role == nil {
		describe(c, who, who.RoleARN)
		return unknown(p, who.ARN)
	}
	if who.RoleARN == "" {
		who.RoleARN = role.Arn
		who.ServiceLinked = strings.Contains(role.Arn, ":role/aws-service-role/")
	}
	describe(c, who, role.Arn)
	set(c, "aws:userid", role.RoleId+":"+who.ARN[strings.LastIndexByte(who.ARN, '/')+1:])
	setTags(c, role.Tags)
	if p.Identity == nil {
		list, err := d.policiesOf(role.holder())
		if err != nil {
			return err
		}
		p.Identity = list
	}
	return d.limit(p, role.Arn, role.PermissionsBoundary)
}

// limit fills in the boundary.
func (d *Directory) limit(p *policy.Policies, arn string, b *Boundary) (err error) {
	if p.Boundary == nil {
		p.Boundary, err = d.boundaryOf(arn, b)
	}
	return err
}

func unknown(p *policy.Policies, arn string) error {
	if p.Identity != nil {
		return nil
	}
	return fmt.Errorf("%s is not in the dump", arn)
}

func setTags(c *policy.Context, tags []Tag) {
	for _, t := range tags {
		key := "aws:PrincipalTag/" + t.Key
		if _, ok := c.Get(key); !ok {
			c.Set(key, t.Value) // an empty value is one
		}
	}
}

// set gives a key its value unless it has one, or there is none to give.
func set(c *policy.Context, key, value string) {
	if _, ok := c.Get(key); !ok && value != "" {
		c.Set(key, value)
	}
}
