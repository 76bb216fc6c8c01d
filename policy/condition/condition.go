package condition

import "slices"

// Condition is one operator with one key and its values, compiled.
type Condition struct {
	hash     uint64
	key      string
	operand  operand
	plain    bool // no set operator, and not Null
	negated  bool
	null     bool
	ifExists bool
	set      Set
}

// New compiles a condition. A malformed value never matches (R99): it is left
// out, and reported by its index.
func New(o Operator, key string, list []string, syntax Syntax, malformed func(i int)) Condition {
	null := o.name == nullName
	return Condition{
		hash:     hash(key),
		key:      key,
		operand:  o.compile(values{list, syntax, malformed}),
		plain:    o.Set == NoSet && !null,
		negated:  o.negated,
		null:     null,
		ifExists: o.IfExists,
		set:      o.Set,
	}
}

// Never is a condition that no request satisfies.
var Never = Condition{operand: &equalTexts{}, plain: true}

// Match reports whether the request's context satisfies the condition.
func (c *Condition) Match(ctx *Context) bool {
	e := ctx.find(c.hash, c.key)
	if c.plain && e != nil && e.to-e.from == 1 { // nearly always
		return c.holds(ctx.values[e.from], ctx)
	}
	return c.matchAny(ctx.of(e), e != nil, ctx)
}

func (c *Condition) matchAny(values []string, present bool, ctx *Context) bool {
	switch {
	case c.null:
		return c.operand.match(presence(values), ctx)
	case !present && c.ifExists: // R79, R85
		return true
	case c.set == ForAllValues: // R81, R82, R84
		return empty(values) || !slices.ContainsFunc(values, func(v string) bool { return !c.holds(v, ctx) })
	case c.set == ForAnyValue: // R83, R84
		return !empty(values) && slices.ContainsFunc(values, func(v string) bool { return c.holds(v, ctx) })
	}
	// R73 to R78; several values without a set operator are left open by AWS
	// (R86): here one that matches is enough, and a negation excludes all.
	matched := slices.ContainsFunc(values, func(v string) bool { return c.operand.match(v, ctx) })
	return matched != c.negated
}

// holds compares one value of the request with the policy's values: with any of
// them (R74) or, negated, with none (R75).
func (c *Condition) holds(value string, ctx *Context) bool {
	return c.operand.match(value, ctx) != c.negated
}

// empty reports whether set operators see no values: a lone empty string counts as none.
func empty(values []string) bool {
	return len(values) == 0 || len(values) == 1 && values[0] == ""
}
