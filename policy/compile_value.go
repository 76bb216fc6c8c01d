package policy

import (
	"strings"

	"github.com/writ-iam/writ/policy/condition"
)

// syntax tells whether variables are replaced in the document (R106).
func (d *Document) syntax() condition.Syntax {
	if d.Version == version2012 {
		return condition.Variables
	}
	return 0
}

// positioned is a Value or what embeds one.
type positioned interface{ position() Position }

func (v Value) position() Position { return v.Pos }

// list compiles the values of an element. Malformed ones are left out, as they
// never match (R99). The list is nil if the element is absent.
func list[V positioned, T any](c *compiler, element string, values []V, parse func(V) (T, string)) []T {
	if values == nil {
		return nil
	}
	compiled := make([]T, 0, len(values))
	for _, v := range values {
		t, problem := parse(v)
		if problem == "" {
			compiled = append(compiled, t)
		} else {
			c.report(Problem{v.position(), element, problem, badValue})
		}
	}
	return compiled
}

// exclusion is list for NotAction and its like. One without values would be
// about everything: no statement is, and no Allow is because its values are malformed.
func exclusion[V positioned, T any](c *compiler, never *bool, e effect, element string, values []V, parse func(V) (T, string)) []T {
	compiled := list(c, element, values, parse)
	if values != nil && len(compiled) == 0 && (len(values) == 0 || e == allow) {
		*never = true
	}
	return compiled
}

// keep puts all patterns but the first among those of the policy. Without any
// the first is one that matches nothing.
func (c *compiler) keep(list []pattern) (first pattern, more span) {
	if len(list) == 0 {
		return first, more
	}
	from := len(c.more)
	c.more = append(c.more, list[1:]...)
	return list[0], span{uint32(from), uint32(len(c.more))}
}

// stands reports whether v is written in the document as it is, after a quote.
func (c *compiler) stands(v Value) bool {
	return strings.HasPrefix(c.src[v.Pos.Offset+1:], v.Text)
}

// setApart keeps a text that is no pattern in the document.
func (c *compiler) setApart(t condition.Text) pattern {
	c.apart = append(c.apart, t)
	return pattern{kind: apart, at: uint32(len(c.apart) - 1)}
}

// parseAction reads "*", "service:*" or "service:name" with wildcards in the
// name. The service is compared whole (R51): it has no wildcards but a lone star.
func (c *compiler) parseAction(v Value) (p pattern, problem string) {
	service, name, ok := strings.Cut(v.Text, ":")
	switch {
	case v.Text == star:
	case !ok:
		return p, "neither * nor of the form service:action"
	case strings.Contains(name, ":"):
		return p, "more than one colon"
	case service != star && strings.ContainsAny(service, "*?") || service == "":
		return p, "not the name of a service before the colon"
	}
	if !c.stands(v) {
		return c.setApart(condition.ParseText(v.Text, condition.Wildcards)), ""
	}
	p = newPattern(v, false)
	p.hint = uint16(kinOf(v.Text))
	return p, ""
}

// parseResource reads "*" or an ARN. To one with fewer than six fields the
// missing ones are added as stars (IAM User Guide, "IAM JSON policy elements:
// Resource", incomplete ARNs).
func (c *compiler) parseResource(v Value) (p pattern, problem string) {
	if v.Text != star && !strings.HasPrefix(v.Text, "arn:") {
		return p, "neither * nor an ARN"
	}
	if v.Text == star {
		return newPattern(v, true), ""
	}
	missing := max(0, 5-strings.Count(v.Text, ":"))
	variables := c.syntax&condition.Variables != 0 && strings.Contains(v.Text, "$")
	if missing > 0 || variables || !c.stands(v) {
		return c.setApart(condition.ParseARN(v.Text+strings.Repeat(":*", missing), c.syntax|condition.Wildcards)), ""
	}
	return newPattern(v, true), ""
}

// conditions compiles the conditions of a statement. It reports whether it can:
// one whose operator is unknown cannot be decided, so that an Allow does not
// match, and a Deny does as if it were not there.
func (c *compiler) conditions(list []Condition) (compiled []condition.Condition, ok bool) {
	ok = true
	for i := range list {
		s := &list[i]
		operator, known := condition.ParseOperator(s.Operator.Text)
		if !known {
			ok = false
			c.report(Problem{s.Operator.Pos, s.Operator.Text, "unknown operator", badOperator})
			continue
		}
		compiled = append(compiled, condition.New(operator, s.Key.Text, textsOf(s.Values), c.syntax, func(i int) {
			c.report(Problem{s.Values[i].Pos, s.Operator.Text, "malformed value", badValue})
		}))
	}
	return compiled, ok
}
