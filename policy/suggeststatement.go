package policy

import (
	"encoding/json"
	"slices"
	"strings"
)

// This file writes the statements that Suggest suggests.

// member is one element of a statement, in the order in which it is written.
type member struct {
	name  string
	value any // string, []string, or a map that encoding/json sorts
}

func write(members []member) string {
	var b strings.Builder
	for i, m := range members {
		b.WriteString([]string{"{", ","}[min(i, 1)])
		b.WriteString(quote(m.name) + ":" + encode(m.value))
	}
	return b.String() + "}"
}

// encode gives strings, lists and maps of them as JSON, which cannot fail.
func encode(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v)
	return strings.TrimSuffix(b.String(), "\n")
}

// allowing is a statement that allows the request and nothing else, for a
// policy of the type. Policies of resources and endpoints name the caller, and
// trust policies no resource.
func (s *suggester) allowing(t Type) string {
	list := []member{{"Effect", effectAllow}}
	named := t == Resource || t == Endpoint
	if named {
		list = append(list, member{"Principal", s.request.principalElement()})
	}
	list = append(list, member{"Action", s.request.Action})
	if t != Resource || !isTrust(s.request) {
		list = append(list, member{"Resource", literalResource(s.request.Resource)})
	}
	if c := s.request.identifying(); named && c != nil {
		list = append(list, member{"Condition", map[string]any{"StringEquals": c}})
	}
	return write(list)
}

// literalResource is the pattern that only this resource fits. In the first
// five fields of an ARN there are no escapes, so wildcards there stay.
func literalResource(resource string) string {
	f := strings.SplitN(resource, ":", 6)
	if resource == star || len(f) < 6 {
		return resource
	}
	f[5] = escape(f[5])
	return strings.Join(f, ":")
}

// escape makes a text stand for itself in a pattern (R105).
func escape(s string) string {
	return strings.NewReplacer("*", "${*}", "?", "${?}", "${", "${$}{").Replace(s)
}

// literal makes a text stand for itself where wildcards do anyway.
func literal(s string) string { return strings.ReplaceAll(s, "${", "${$}{") }

// principalElement names the caller as narrowly as a policy can. A session that
// has no ARN stands for all of its role.
func (r *Request) principalElement() any {
	p := r.Principal
	switch {
	case p == nil || p.Type == Anonymous:
		return star
	case p.Type == Service:
		return map[string]string{"Service": p.Service}
	case p.signsIn():
		return map[string]string{"Federated": p.Provider}
	case p.Type == RoleSession && p.ARN == "":
		return map[string]string{"AWS": p.RoleARN}
	}
	return map[string]string{"AWS": p.ARN}
}

// identifying returns the context keys that tell one caller from the many who
// share the principal: who signs in through a provider, for whom a service
// acts. It is nil if the principal or the request has none.
func (r *Request) identifying() map[string]string {
	if r.Principal == nil || r.Principal.hasPolicies() || r.Principal.Type == RootUser {
		return nil
	}
	found := map[string]string{}
	for key, values := range r.Context.All() {
		if len(values) == 1 && identifies(r.Principal.Type, strings.ToLower(key)) {
			found[key] = literal(values[0])
		}
	}
	if len(found) == 0 {
		return nil
	}
	return found
}

func identifies(t PrincipalType, key string) bool {
	switch t {
	case WebIdentity, SAML:
		return strings.HasSuffix(key, ":aud") || strings.HasSuffix(key, ":sub")
	case Service:
		return key == "aws:sourcearn" || key == "aws:sourceaccount"
	}
	return false
}

// sparing splits a statement that denies the request into ones that together
// deny all else that it denied: other actions; the action on other resources;
// and, where a policy is about many callers, the request by others. It is nil
// if one of them cannot be written.
func (s *suggester) sparing(d *Statement, t Type) []json.RawMessage {
	list := []json.RawMessage{}
	action := member{"Action", s.request.Action}
	others, ok := without("Action", d.Action, d.NotAction, s.request.Action, strings.EqualFold)
	if !ok {
		return nil
	}
	if others.name != "" {
		list = append(list, denying(d, others, resourceOf(d)))
	}
	elsewhere, here, ok := s.elsewhere(d)
	if !ok {
		return nil
	}
	if elsewhere.name != "" {
		list = append(list, denying(d, action, elsewhere))
	}
	if t == Identity || t == Boundary || t == Session || s.namesCallerOnly(d) {
		return list
	}
	c, ok := s.byOthers(d)
	if !ok {
		return nil
	}
	return append(list, denying(d, action, here, c))
}

// elsewhere returns the element for the resources that are not the request's,
// and the one for the request's. A trust policy has neither.
func (s *suggester) elsewhere(d *Statement) (elsewhere, here member, ok bool) {
	resources, literal := d.Resource, literalResource(s.request.Resource)
	if resources == nil && d.NotResource == nil {
		if isTrust(s.request) {
			return member{}, member{}, true
		}
		resources = []Value{{Text: star}}
	}
	same := func(a, b string) bool { return a == b && a == s.request.Resource }
	elsewhere, ok = without("Resource", resources, d.NotResource, literal, same)
	return elsewhere, member{"Resource", literal}, ok
}

// namesCallerOnly reports whether the statement is about the caller alone.
func (s *suggester) namesCallerOnly(d *Statement) bool {
	return len(d.Principal) == 1 && s.request.Principal != nil && d.Principal[0].Text == s.request.Principal.ARN
}

// byOthers is the statement's Condition, and that the caller is another one.
func (s *suggester) byOthers(d *Statement) (condition member, ok bool) {
	const operator, key = "StringNotEquals", "aws:PrincipalArn"
	arn, _ := s.request.Context.Get(key)
	if len(arn) != 1 {
		return member{}, false
	}
	c := conditionsOf(d)
	for k := range c[operator] {
		if strings.EqualFold(k, key) {
			return member{}, false // the statement tells callers apart already
		}
	}
	if c[operator] == nil {
		c[operator] = map[string][]string{}
	}
	c[operator][key] = []string{literal(arn[0])}
	return member{"Condition", c}, true
}

// without rewrites an element so that it leaves one value out. The member is
// empty if nothing else is left. A pattern that fits more than the value cannot
// lose it.
func without(name string, values, not []Value, value string, same func(a, b string) bool) (m member, ok bool) {
	if not != nil {
		return member{"Not" + name, append(textsOf(not), value)}, values == nil
	}
	texts := textsOf(values)
	if slices.Contains(texts, star) {
		return member{"Not" + name, value}, value != star
	}
	rest := slices.DeleteFunc(texts, func(text string) bool { return same(text, value) })
	switch len(rest) {
	case len(values):
		return m, false
	case 0:
		return m, true
	}
	return member{name, rest}, true
}

// denying is the statement d with another action, resource and, if it is
// given, Condition.
func denying(d *Statement, action, resource member, condition ...member) json.RawMessage {
	list := []member{{"Effect", effectDeny}}
	if d.Principal != nil {
		list = append(list, member{"Principal", principalMember(d.Principal)})
	}
	if d.NotPrincipal != nil {
		list = append(list, member{"NotPrincipal", principalMember(d.NotPrincipal)})
	}
	list = append(list, action)
	if resource.name != "" {
		list = append(list, resource)
	}
	if c := conditionsOf(d); len(c) > 0 && condition == nil {
		list = append(list, member{"Condition", c})
	}
	return json.RawMessage(write(append(list, condition...)))
}

func resourceOf(d *Statement) member {
	switch {
	case d.NotResource != nil:
		return member{"NotResource", textsOf(d.NotResource)}
	case d.Resource != nil:
		return member{"Resource", textsOf(d.Resource)}
	}
	return member{}
}

func principalMember(values []PrincipalValue) any {
	byKind := map[string][]string{}
	for _, v := range values {
		if v.Kind == star && v.Text == star {
			return star
		}
		byKind[v.Kind] = append(byKind[v.Kind], v.Text)
	}
	return byKind
}

// conditionsOf returns the Condition element, which may be empty.
func conditionsOf(d *Statement) map[string]map[string][]string {
	c := map[string]map[string][]string{}
	for _, one := range d.Conditions {
		if c[one.Operator.Text] == nil {
			c[one.Operator.Text] = map[string][]string{}
		}
		c[one.Operator.Text][one.Key.Text] = append([]string{}, textsOf(one.Values)...)
	}
	return c
}
