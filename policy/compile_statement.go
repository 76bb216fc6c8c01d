package policy

import (
	"strings"

	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/policy/condition"
)

// compiler compiles one statement and reports what in it has no meaning.
type compiler struct {
	statement
	report func(Problem)
	syntax condition.Syntax
}

func compileStatement(d *Document, s *Statement, report func(Problem)) statement {
	c := compiler{statement: statement{index: int32(s.Index), unclear: s.unclear}, report: report, syntax: d.syntax()}
	c.effect = deny
	if s.Effect == effectAllow {
		c.effect = allow
	}
	c.never = s.Effect != effectAllow && s.Effect != effectDeny
	c.action = list(&c, "Action", s.Action, parseAction)
	c.notAction = exclusion(&c, "NotAction", s.NotAction, parseAction)
	c.resource = list(&c, "Resource", s.Resource, c.parseResource)
	c.notResource = exclusion(&c, "NotResource", s.NotResource, c.parseResource)
	c.principal = list(&c, "Principal", s.Principal, parsePrincipal)
	c.notPrincipal = exclusion(&c, "NotPrincipal", s.NotPrincipal, parsePrincipal)
	for i := range s.Conditions {
		c.condition(&s.Conditions[i])
	}
	c.topic = topicsOf(c.action)
	return c.statement
}

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
func exclusion[V positioned, T any](c *compiler, element string, values []V, parse func(V) (T, string)) []T {
	compiled := list(c, element, values, parse)
	if values != nil && len(compiled) == 0 && (len(values) == 0 || c.effect == allow) {
		c.never = true
	}
	return compiled
}

// parseAction reads "*", "service:*" or "service:name" with wildcards in the
// name. The service is compared whole (R51): it has no wildcards but a lone star.
func parseAction(v Value) (p actionPattern, problem string) {
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
	p.glob = arn.NewGlob(strings.ToLower(v.Text))
	p.literal = p.glob.Literal()
	return p, ""
}

// parseResource reads "*" or an ARN. To one with fewer than six fields the
// missing ones are added as stars (IAM User Guide, "IAM JSON policy elements:
// Resource", incomplete ARNs).
func (c *compiler) parseResource(v Value) (p resourcePattern, problem string) {
	if v.Text == star {
		return resourcePattern{star: true}, ""
	}
	if !strings.HasPrefix(v.Text, "arn:") {
		return p, "neither * nor an ARN"
	}
	missing := max(0, 5-strings.Count(v.Text, ":"))
	text := v.Text + strings.Repeat(":*", missing)
	return resourcePattern{text: condition.ParseARN(text, c.syntax|condition.Wildcards)}, ""
}

// condition compiles a condition. One whose operator is unknown cannot be
// decided, so an Allow does not match, and a Deny does as if it were not there.
func (c *compiler) condition(s *Condition) {
	operator, ok := condition.ParseOperator(s.Operator.Text)
	if !ok {
		c.unclear = true
		c.report(Problem{s.Operator.Pos, s.Operator.Text, "unknown operator", badOperator})
		return
	}
	values := make([]string, len(s.Values))
	for i, v := range s.Values {
		values[i] = v.Text
	}
	c.conditions = append(c.conditions, condition.New(operator, s.Key.Text, values, c.syntax, func(i int) {
		c.report(Problem{s.Values[i].Pos, s.Operator.Text, "malformed value", badValue})
	}))
}
