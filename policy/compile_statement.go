package policy

import (
	"cmp"
	"slices"

	"github.com/writ-iam/writ/policy/condition"
)

// compiler compiles the statements of a document one after the other, and
// reports what in them has no meaning.
type compiler struct {
	src    string
	more   []pattern
	apart  []condition.Text // of one statement
	syntax condition.Syntax
	report func(Problem)
}

func newCompiler(d *Document, report func(Problem)) *compiler {
	return &compiler{src: d.src, syntax: d.syntax(), report: report}
}

// alone is a statement compiled for itself.
type alone struct {
	sifted
	policy Policy
	never  bool // it matches no request
}

func (a *alone) mismatch(e *evaluation, t Type) element {
	e.policy, e.part, e.effect = &a.policy, t, a.effect
	return a.statement.mismatch(e)
}

func compileStatement(d *Document, s *Statement, report func(Problem)) *alone {
	c := newCompiler(d, report)
	one, never := c.statement(s)
	return &alone{one, Policy{src: d.src, more: c.more}, never}
}

// sifted is a statement with its sieve.
type sifted struct {
	sieve
	statement
}

// statement compiles s, and tells if it can never match.
func (c *compiler) statement(s *Statement) (one sifted, never bool) {
	one.topic, one.rest, one.index = allTopics, &plain, int32(s.Index)
	if s.Effect == effectAllow {
		one.effect = allow
	}
	if s.Action != nil {
		one.topic = topicsOf(s.Action)
	}
	never = s.Effect != effectAllow && s.Effect != effectDeny
	c.apart = nil
	var r rest
	one.action, one.moreActions = c.keep(byService(list(c, "Action", s.Action, c.parseAction)))
	r.notAction = byService(exclusion(c, &never, one.effect, "NotAction", s.NotAction, c.parseAction))
	if s.Action == nil && s.NotAction != nil {
		one.action.kind = everything
	}
	one.resource, one.moreResources = c.keep(list(c, "Resource", s.Resource, c.parseResource))
	r.notResource = exclusion(c, &never, one.effect, "NotResource", s.NotResource, c.parseResource)
	if s.Resource == nil && s.NotResource != nil {
		one.resource.kind = everything
	}
	if s.Resource == nil && s.NotResource == nil {
		one.resource.kind = itself
	}
	r.apart = c.apart
	r.principal = list(c, "Principal", s.Principal, parsePrincipal)
	r.notPrincipal = exclusion(c, &never, one.effect, "NotPrincipal", s.NotPrincipal, parsePrincipal)
	var clear bool
	r.conditions, clear = c.conditions(s.Conditions)
	if one.effect == allow && (s.unclear || !clear) {
		r.conditions = append(r.conditions, condition.Never)
	}
	if !r.empty() {
		kept := r
		one.rest = &kept
	}
	return one, never
}

// byService sorts actions.
func byService(actions []pattern) []pattern {
	slices.SortStableFunc(actions, func(a, b pattern) int { return cmp.Compare(a.service(), b.service()) })
	return actions
}

func (r *rest) empty() bool {
	return r.notAction == nil && r.notResource == nil && r.principal == nil && r.notPrincipal == nil && r.conditions == nil && r.apart == nil
}
