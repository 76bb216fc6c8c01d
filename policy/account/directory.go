package account

import (
	"errors"
	"fmt"
	"strings"

	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/policy"
)

// Directory finds in Details what a request needs, and compiles each policy
// once. It is not safe for concurrent use.
type Directory struct {
	details  *Details
	managed  func(arn string) (document string, ok bool)
	users    map[string]*User  // by ARN
	groups   map[string]*Group // by account:name
	roles    map[string]*Role  // by account:name, as a session's ARN has them
	policies map[string]Document
	compiled map[string]*policy.Policy
}

// NewDirectory makes a Directory of dumps. AWS managed policies that they lack
// (as with --filter LocalManagedPolicy) are asked of managed.
func NewDirectory(d *Details, managed func(arn string) (document string, ok bool)) *Directory {
	dir := &Directory{
		details: d, managed: managed,
		users: map[string]*User{}, groups: map[string]*Group{}, roles: map[string]*Role{},
		policies: map[string]Document{}, compiled: map[string]*policy.Policy{},
	}
	for i := range d.UserDetailList {
		u := &d.UserDetailList[i]
		dir.users[u.Arn] = u
	}
	for i := range d.GroupDetailList {
		g := &d.GroupDetailList[i]
		dir.groups[accountOf(g.Arn)+":"+g.GroupName] = g
	}
	for i := range d.RoleDetailList {
		r := &d.RoleDetailList[i]
		dir.roles[accountOf(r.Arn)+":"+r.RoleName] = r
	}
	for _, p := range d.Policies {
		dir.policies[p.Arn] = p.PolicyVersionList[0].Document
	}
	return dir
}

// accountOf returns the account of an ARN, "" if it has none.
func accountOf(name string) string {
	f, _ := arn.Split(name)
	return f[4]
}

// role finds a role by its own ARN or by that of one of its sessions, nil if
// there is none.
func (d *Directory) role(name string) *Role {
	f, ok := arn.Split(name)
	path := strings.Split(f[5], "/")
	switch {
	case !ok:
		return nil
	case f[2] == "sts" && path[0] == "assumed-role" && len(path) == 3:
		return d.roles[f[4]+":"+path[1]]
	case f[2] == "iam" && path[0] == "role":
		if r := d.roles[f[4]+":"+path[len(path)-1]]; r != nil && r.Arn == name {
			return r
		}
	}
	return nil
}

// compile compiles a document under a name that tells where it stands.
func (d *Directory) compile(name string, document Document) *policy.Policy {
	p := d.compiled[name]
	if p == nil {
		p = policy.Load(name, []byte(document))
		d.compiled[name] = p
	}
	return p
}

// managedPolicy finds a managed policy by its ARN.
func (d *Directory) managedPolicy(arn string) (*policy.Policy, error) {
	document, ok := d.policies[arn]
	if !ok {
		var text string
		if text, ok = d.managed(arn); !ok {
			return nil, fmt.Errorf("policy %s is not in the dump", arn)
		}
		document = Document(text)
	}
	return d.compile(arn, document), nil
}

// holder is who has inline and attached policies.
type holder struct {
	arn      string
	inline   []InlinePolicy
	attached []AttachedPolicy
}

func (u *User) holder() holder {
	return holder{u.Arn, u.UserPolicyList, u.AttachedManagedPolicies}
}

func (g *Group) holder() holder {
	return holder{g.Arn, g.GroupPolicyList, g.AttachedManagedPolicies}
}

func (r *Role) holder() holder {
	return holder{r.Arn, r.RolePolicyList, r.AttachedManagedPolicies}
}

// policiesOf compiles the policies of a user, group or role. The error joins
// what cannot be found.
func (d *Directory) policiesOf(h holder) (list []*policy.Policy, err error) {
	for _, p := range h.inline {
		list = append(list, d.compile(p.PolicyName+" of "+h.arn, p.PolicyDocument))
	}
	for _, a := range h.attached {
		p, e := d.managedPolicy(a.PolicyArn)
		if e != nil {
			err = errors.Join(err, fmt.Errorf("%s: %w", h.arn, e))
			continue
		}
		list = append(list, p)
	}
	return list, err
}

// identityOf compiles what a user has itself and from its groups.
func (d *Directory) identityOf(u *User) ([]*policy.Policy, error) {
	list, err := d.policiesOf(u.holder())
	for _, name := range u.GroupList {
		g := d.groups[accountOf(u.Arn)+":"+name]
		if g == nil {
			err = errors.Join(err, fmt.Errorf("%s: group %s is not in the dump", u.Arn, name))
			continue
		}
		more, e := d.policiesOf(g.holder())
		list, err = append(list, more...), errors.Join(err, e)
	}
	return list, err
}

// boundaryOf compiles a permissions boundary, nil if there is none.
func (d *Directory) boundaryOf(arn string, b *Boundary) ([]*policy.Policy, error) {
	if b == nil {
		return nil, nil
	}
	p, err := d.managedPolicy(b.PermissionsBoundaryArn)
	if err != nil {
		return nil, fmt.Errorf("%s: boundary: %w", arn, err)
	}
	return []*policy.Policy{p}, nil
}

// trustOf compiles the trust policy of a role.
func (d *Directory) trustOf(r *Role) *policy.Policy {
	return d.compile("trust policy of "+r.Arn, r.AssumeRolePolicyDocument)
}
