package policy

import "github.com/writ-iam/writ/policy/condition"

// statementExplainer tells how one statement fared. It works on the texts of
// the document; whether the statement matched is what the compiled one says.
type statementExplainer struct {
	*explainer
	*Statement
	syntax condition.Syntax
}

func explainStatement(x *explainer, d *Document, s *Statement, t Type) ExplainedStatement {
	c := compileStatement(d, s, func(Problem) {})
	e := statementExplainer{x, s, d.syntax()}
	result := ExplainedStatement{Index: s.Index, Sid: s.Sid, Effect: s.Effect, Start: s.Start, End: s.End}
	if c.never {
		result.Mismatches = []Mismatch{{Element: "Statement", Reason: "an element that has no meaning keeps it from matching anything"}}
		return result
	}
	switch c.mismatch(x.evaluation, t) {
	case none:
		result.Matched = true
		e.conditions() // for the keys that are missing
	case byAction:
		result.Mismatches = either("Action", textsOf(s.Action), "NotAction", textsOf(s.NotAction), x.Action)
	case byResource:
		result.Mismatches = either("Resource", e.expand(s.Resource), "NotResource", e.expand(s.NotResource), x.Resource)
	case byPrincipal:
		result.Mismatches = either("Principal", principalTexts(s.Principal), "NotPrincipal", principalTexts(s.NotPrincipal), x.principal.name())
	case byCondition:
		result.Mismatches = e.conditions()
	}
	return result
}

// either tells of an element or its opposite, whichever the statement has.
func either(element string, values []string, not string, others []string, request string) []Mismatch {
	if others != nil {
		element, values = not, others
	}
	m := Mismatch{Element: element, Policy: values, Request: []string{request}}
	if values == nil {
		m.Reason = "the statement does not have the element"
	}
	return []Mismatch{m}
}

// textsOf returns the texts of values, nil for nil.
func textsOf(values []Value) []string {
	var list []string
	for _, v := range values {
		list = append(list, v.Text)
	}
	return list
}

func principalTexts(values []PrincipalValue) []string {
	var list []string
	for _, v := range values {
		list = append(list, v.Kind+":"+v.Text)
	}
	return list
}

// expand replaces the variables in values; one that cannot be replaced stays.
func (x *statementExplainer) expand(values []Value) []string {
	list := textsOf(values)
	for i := range list {
		t := condition.ParseText(list[i], x.syntax|condition.Wildcards)
		t.Unset(x.Context, x.miss)
		if text, ok := t.Expand(x.Context); ok {
			list[i] = text
		}
	}
	return list
}

// miss notes a key that the request does not have.
func (x *explainer) miss(key string) { x.missing[key] = true }

// conditions tells which conditions do not hold.
func (x *statementExplainer) conditions() []Mismatch {
	var list []Mismatch
	for i := range x.Conditions {
		c := &x.Conditions[i]
		m := Mismatch{Element: "Condition", Operator: c.Operator.Text, Key: c.Key.Text, Policy: x.expand(c.Values)}
		operator, ok := condition.ParseOperator(c.Operator.Text)
		if !ok {
			m.Reason = "unknown operator"
			list = append(list, m)
			continue
		}
		if m.Request, ok = x.Context.Get(c.Key.Text); !ok {
			x.miss(c.Key.Text)
		}
		compiled := condition.New(operator, c.Key.Text, textsOf(c.Values), x.syntax, func(int) {})
		if !compiled.Match(x.Context) {
			list = append(list, m)
		}
	}
	if list == nil && x.unclear {
		list = []Mismatch{{Element: "Condition", Reason: "not of the form {operator: {key: values}}"}}
	}
	return list
}

// name names the principal as policies do.
func (p *Principal) name() string {
	switch p.Type {
	case Anonymous:
		return "anonymous"
	case Service:
		return p.Service
	case WebIdentity, SAML:
		return p.Provider
	}
	return p.ARN
}
