package condition

import "slices"

// Condition is one operator with one key and its values, compiled.
type Condition struct {
	operator Operator
	key      string
	hash     uint64
	operand  operand
	null     bool
}

// New compiles a condition. A malformed value never matches (R99): it is left
// out, and reported by its index.
func New(o Operator, key string, list []string, syntax Syntax, malformed func(i int)) Condition {
	return Condition{
		operator: o,
		key:      key,
		hash:     hash(key),
		operand:  o.compile(values{list, syntax, malformed}),
		null:     o.name == nullName,
	}
}

// Match reports whether the request's context satisfies the condition.
func (c *Condition) Match(ctx *Context) bool {
	values, present := ctx.get(c.hash, c.key)
	switch {
	case len(values) == 1 && c.operator.Set == NoSet && !c.null: // nearly always
		return c.holds(values[0], ctx)
	case c.null:
		return c.operand.match(presence(values), ctx)
	case !present && c.operator.IfExists: // R79, R85
		return true
	case c.operator.Set == ForAllValues: // R81, R82, R84
		return empty(values) || !slices.ContainsFunc(values, func(v string) bool { return !c.holds(v, ctx) })
	case c.operator.Set == ForAnyValue: // R83, R84
		return !empty(values) && slices.ContainsFunc(values, func(v string) bool { return c.holds(v, ctx) })
	}
	// R73 to R78; several values without a set operator are left open by AWS
	// (R86): here one that matches is enough, and a negation excludes all.
	matched := slices.ContainsFunc(values, func(v string) bool { return c.operand.match(v, ctx) })
	return matched != c.operator.negated
}

// holds compares one value of the request with the policy's values: with any of
// them (R74) or, negated, with none (R75).
func (c *Condition) holds(value string, ctx *Context) bool {
	return c.operand.match(value, ctx) != c.operator.negated
}

// empty reports whether set operators see no values: a lone empty string counts as none.
func empty(values []string) bool {
	return len(values) == 0 || len(values) == 1 && values[0] == ""
}
