package policy

import (
	"encoding/json"
	"maps"
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
	return strings.NewReplacer("*", "${*}", "?", "${?}", "$", "${$}").Replace(s)
}

// principalElement names the caller as narrowly as a policy can.
func (r *Request) principalElement() any {
	p := r.Principal
	switch {
	case p == nil || p.Type == Anonymous:
		return star
	case p.Type == Service:
		return map[string]string{"Service": p.Service}
	case p.signsIn():
		return map[string]string{"Federated": p.Provider}
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
			found[key] = strings.ReplaceAll(values[0], "$", "${$}")
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
	action, resource := s.request.Action, literalResource(s.request.Resource)
	var list []json.RawMessage
	add := func(members []member) { list = append(list, json.RawMessage(write(members))) }

	others, ok := except("Action", d.Action, d.NotAction, action, func(text string) bool { return strings.EqualFold(text, action) })
	if !ok {
		return nil
	}
	if others.name != "" {
		add(s.denying(d, others, resourceOf(d)))
	}
	elsewhere, ok := except("Resource", d.Resource, d.NotResource, resource, func(text string) bool { return text == s.request.Resource && resource == text })
	if d.Resource == nil && d.NotResource == nil { // the policy's own resource, of which there is one
		elsewhere, ok = member{}, true
	}
	if !ok {
		return nil
	}
	if elsewhere.name != "" {
		add(s.denying(d, member{"Action", action}, elsewhere))
	}
	if t == Identity || t == Boundary || t == Session {
		return list
	}
	return s.byOthers(list, d, resource)
}

// byOthers adds the statement that still denies the request to other callers.
func (s *suggester) byOthers(list []json.RawMessage, d *Statement, resource string) []json.RawMessage {
	arn, ok := s.request.Context.Get("aws:PrincipalArn")
	if !ok || len(arn) != 1 {
		return nil
	}
	about := member{"Resource", resource}
	if resourceOf(d).name == "" {
		about = member{}
	}
	c := conditionsOf(d)
	const operator, key = "StringNotEquals", "aws:PrincipalArn"
	if c[operator] == nil {
		c[operator] = map[string][]string{}
	}
	for k := range c[operator] {
		if strings.EqualFold(k, key) {
			return nil // the statement tells callers apart already
		}
	}
	c[operator][key] = []string{strings.ReplaceAll(arn[0], "$", "${$}")}
	members := s.denying(d, member{"Action", s.request.Action}, about)
	members = slices.DeleteFunc(members, func(m member) bool { return m.name == "Condition" })
	return append(list, json.RawMessage(write(append(members, member{"Condition", c}))))
}

// except rewrites an element so that it leaves out one value, of which same
// tells how the statement may have written it. The member is empty if nothing
// else is left. A pattern that the value fits, among others, cannot lose it.
func except(name string, values, not []Value, value string, same func(string) bool) (m member, ok bool) {
	if not != nil {
		return member{"Not" + name, append(textsOf(not), value)}, values == nil
	}
	texts := textsOf(values)
	if slices.Contains(texts, star) {
		return member{"Not" + name, value}, value != star
	}
	rest := slices.DeleteFunc(texts, same)
	if len(rest) == len(values) {
		return m, false
	}
	if len(rest) == 0 {
		return m, true
	}
	return member{name, rest}, true
}

// denying is the statement d with another action and resource.
func (s *suggester) denying(d *Statement, action, resource member) []member {
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
	if c := conditionsOf(d); len(c) > 0 {
		list = append(list, member{"Condition", c})
	}
	return list
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
		if v.Kind == star {
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
		c[one.Operator.Text][one.Key.Text] = textsOf(one.Values)
	}
	return maps.Clone(c)
}
