package inherit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Effective is an effective policy, or a part of it. It is not changed once it is
// there.
type Effective struct {
	Value   any // a scalar or a list of them; nil if nothing is set
	Members map[string]*Effective
	From    []string // the policies that it comes from, members not counted

	allowed Operators // what policies further down may use here
}

// Policy is a policy that is attached somewhere.
type Policy struct {
	ID string
	*Setting
}

// Merge makes the effective policy of what is attached at each level, from the
// root down to the account. Of the policies of one level, which are in the order
// in which they were attached, the first that assigns a setting wins.
func Merge(levels [][]Policy) *Effective {
	e := &Effective{allowed: all}
	for _, level := range levels {
		e = merge(e, all, level)
	}
	return e
}

// merge lays the settings of one level over what is inherited. Where nothing is
// yet (in is nil), allowed is what may be used: what the nearest setting above
// lets be added to it.
func merge(in *Effective, allowed Operators, level []Policy) *Effective {
	out := &Effective{Members: map[string]*Effective{}, allowed: allowed}
	if in != nil {
		out = &Effective{in.Value, maps.Clone(in.Members), in.From, in.allowed}
	} else if allowed == none {
		return nil
	}
	usable := out.allowed
	out.set(level)
	for name, parts := range members(level) {
		var inherited *Effective
		if in != nil {
			inherited = in.Members[name]
		}
		if m := merge(inherited, usable, parts); m != nil {
			out.add(name, m)
		}
	}
	for _, p := range level {
		out.allowed &= p.children
	}
	return out
}

func (e *Effective) add(name string, m *Effective) {
	if e.Members == nil {
		e.Members = map[string]*Effective{}
	}
	e.Members[name] = m
}

// members groups the members of settings by name.
func members(level []Policy) map[string][]Policy {
	all := map[string][]Policy{}
	for _, p := range level {
		for name, m := range p.Members {
			all[name] = append(all[name], Policy{p.ID, m})
		}
	}
	return all
}

// set applies the operators of one level, as far as they are allowed: first one
// assigns, then all add, then all take away.
func (e *Effective) set(level []Policy) {
	first := slices.IndexFunc(level, func(p Policy) bool { return p.Assign != nil })
	if e.allowed&Assign != 0 && first >= 0 {
		e.Value, e.From = level[first].Assign, []string{level[first].ID}
	}
	for _, p := range level {
		if e.allowed&Append != 0 && p.Append != nil {
			e.Value, e.From = union(listed(e.Value), p.Append), e.with(p.ID)
		}
	}
	for _, p := range level {
		if e.allowed&Remove != 0 && p.Remove != nil && e.Value != nil {
			e.Value, e.From = without(listed(e.Value), p.Remove), e.with(p.ID)
		}
	}
}

func (e *Effective) with(policy string) []string {
	if slices.Contains(e.From, policy) {
		return e.From
	}
	return append(slices.Clip(e.From), policy)
}

func union(list, more []any) []any {
	list = slices.Clone(list)
	for _, v := range more {
		if !slices.Contains(list, v) {
			list = append(list, v)
		}
	}
	return list
}

// without is what is left of a list. Of which nothing is left is not set.
func without(list, values []any) any {
	left := slices.DeleteFunc(slices.Clone(list), func(v any) bool { return slices.Contains(values, v) })
	if len(left) == 0 {
		return nil
	}
	return left
}

// listed makes a list of a value.
func listed(v any) []any {
	switch v := v.(type) {
	case nil:
		return []any{}
	case []any:
		return v
	}
	return []any{v}
}

// Text is a scalar as text.
func Text(v any) string { return fmt.Sprint(v) }

// Texts are the values of a member.
func (e *Effective) Texts(member string) []string {
	var all []string
	if m := e.Members[member]; m != nil {
		for _, v := range listed(m.Value) {
			all = append(all, Text(v))
		}
	}
	return all
}

// Empty says whether nothing is set, here and below.
func (e *Effective) Empty() bool { return e.plain() == nil }

// plain is a policy without operators, and without what holds nothing.
func (e *Effective) plain() any {
	if e.Value != nil {
		return e.Value
	}
	members := map[string]any{}
	for name, m := range e.Members {
		if v := m.plain(); v != nil {
			members[name] = v
		}
	}
	if len(members) == 0 {
		return nil
	}
	return members
}

// JSON is the policy as DescribeEffectivePolicy shows it.
func (e *Effective) JSON() string {
	content := e.plain()
	if content == nil {
		return "{}"
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(content) // maps, lists and scalars can always be
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}
