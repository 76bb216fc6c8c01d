package policytest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/policy"
)

// builder makes a Case of its fields. It keeps the first error.
type builder struct {
	open func(name string) ([]byte, error)
	err  error
}

func (b *builder) fail(format string, args ...any) {
	if b.err == nil {
		b.err = fmt.Errorf(format, args...)
	}
}

func (b *builder) build(f *fields) *Case {
	c := &Case{ID: f.ID, Why: f.Why, ExpectBy: f.ExpectBy}
	c.Expect = b.decision(f.Expect)
	b.by(f.ExpectBy)
	if f.Action == "" || f.Resource == "" {
		b.fail("action or resource is missing")
	}
	c.Request = policy.Request{
		Principal:       b.principal(f),
		Action:          f.Action,
		Resource:        f.Resource,
		ResourceAccount: string(f.ResourceAccount),
		Context:         b.context(f.Context),
	}
	c.Policies = policy.Policies{
		Identity:          append(b.policies("identity", f.IdentityPolicies), b.policies("group", f.GroupPolicies)...),
		Boundary:          b.optional("boundary", f.Boundary),
		Session:           b.policies("session", f.SessionPolicies),
		Endpoint:          b.optional("endpoint", f.VPCEndpointPolicy),
		SCPs:              b.levels("scp", f.Org.SCPs),
		RCPs:              b.levels("rcp", f.Org.RCPs),
		ManagementAccount: string(f.Org.ManagementAccount),
	}
	if list := b.optional("resource", f.ResourcePolicy); list != nil {
		c.Policies.Resource = list[0]
	}
	return c
}

// principal takes the account from where it is said first: the case, the
// principal, its ARN.
func (b *builder) principal(f *fields) *policy.Principal {
	if f.Principal == nil {
		b.fail("principal is missing")
		return nil
	}
	p := f.Principal
	account := string(p.Account)
	if f.Account != nil {
		account = string(*f.Account)
	} else if a, err := arn.Parse(p.ARN); err == nil && account == "" {
		account = a.Account
	}
	return &policy.Principal{
		Type:          b.principalType(p.Type),
		ARN:           p.ARN,
		Account:       account,
		RoleARN:       p.RoleARN,
		ServiceLinked: p.ServiceLinked,
		UserARN:       p.UserARN,
		Delegated:     p.Delegated,
		Service:       p.Service,
		Provider:      p.Provider,
		CanonicalID:   p.CanonicalID,
	}
}

func (b *builder) principalType(word string) policy.PrincipalType {
	for t := policy.Anonymous; t <= policy.SAML; t++ {
		if t.String() == word {
			return t
		}
	}
	b.fail("unknown principal.type %q", word)
	return policy.Anonymous
}

func (b *builder) decision(word string) policy.Decision {
	for d := policy.ImplicitDeny; d <= policy.ExplicitDeny; d++ {
		if d.String() == word {
			return d
		}
	}
	b.fail("unknown expect %q", word)
	return policy.ImplicitDeny
}

func (b *builder) by(word string) {
	words := []string{""}
	for t := policy.Identity; t <= policy.Always; t++ {
		words = append(words, t.String())
	}
	if !slices.Contains(words, word) {
		b.fail("unknown expectBy %q", word)
	}
}

// context sets each key once, single-valued unless it is multivalued by nature
// or has not one value. A key that is null is missing.
func (b *builder) context(keys map[string]*values) *policy.Context {
	c := &policy.Context{}
	for key, v := range keys {
		if v == nil {
			continue
		}
		if _, ok := c.Get(key); ok {
			b.fail("the context has %s twice, in different letter case", strings.ToLower(key))
		}
		if v.many {
			c.SetList(key, v.list)
		} else {
			c.Set(key, v.list...)
		}
	}
	return c
}

func (b *builder) levels(name string, levels [][]json.RawMessage) [][]*policy.Policy {
	if levels == nil {
		return nil
	}
	list := [][]*policy.Policy{}
	for i, level := range levels {
		list = append(list, b.policies(fmt.Sprintf("%s level %d", name, i+1), level))
	}
	return list
}

// policies keeps absent apart from empty.
func (b *builder) policies(name string, raw []json.RawMessage) []*policy.Policy {
	if raw == nil {
		return nil
	}
	list := []*policy.Policy{}
	for i, r := range raw {
		list = append(list, b.policy(fmt.Sprintf("%s %d", name, i+1), r))
	}
	return list
}

func (b *builder) optional(name string, raw json.RawMessage) []*policy.Policy {
	if raw == nil || bytes.Equal(raw, []byte("null")) {
		return nil
	}
	return []*policy.Policy{b.policy(name, raw)}
}

// policy loads a document, or the one in {"file": name}.
func (b *builder) policy(name string, raw json.RawMessage) *policy.Policy {
	var ref map[string]json.RawMessage
	var file string
	if json.Unmarshal(raw, &ref) == nil && len(ref) == 1 && json.Unmarshal(ref["file"], &file) == nil {
		text, err := b.open(file)
		if err != nil {
			b.fail("%w", err)
		}
		return policy.Load(file, text)
	}
	return policy.Load(name, raw)
}
