package validate

import (
	"strings"

	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/policy"
)

// redundancies reports values that another value of the same element covers.
func (c *checker) redundancies(s *statement) {
	var actions, resources []policy.Value
	for _, a := range s.action {
		actions = append(actions, policy.Value{Text: strings.ToLower(a.Text), Pos: a.Pos})
	}
	for _, r := range s.resource {
		resources = append(resources, r.Value)
	}
	c.redundant("REDUNDANT_ACTION", actions)
	c.redundant("REDUNDANT_RESOURCE", resources)
}

func (c *checker) redundant(code string, values []policy.Value) {
	for i, v := range values {
		if by, ok := c.coveredBy(values, i); ok {
			c.report(code, c.value(v), "%s says this already", c.src[by.from:by.to])
		}
	}
}

// coveredBy finds the value that covers another. Of two that are the same the
// first does.
func (c *checker) coveredBy(values []policy.Value, i int) (span, bool) {
	for j, other := range values {
		if !c.afford(len(other.Text)) {
			return span{}, false
		}
		if j != i && covers(other.Text, values[i].Text) && (j < i || other.Text != values[i].Text) {
			return c.value(other), true
		}
	}
	return span{}, false
}

// covers reports whether pattern a fits whatever b fits. It may miss some of
// which it does: a question mark covers only itself.
func covers(a, b string) bool {
	if a == b || a == "*" {
		return true
	}
	if !strings.Contains(a, "*") || strings.ContainsAny(a, "?$") || strings.Contains(b, "${") {
		return false
	}
	if strings.HasPrefix(a, "arn:") {
		return strings.Count(b, ":") >= 5 && arn.NewGlob(a).MatchARN(b)
	}
	return arn.NewGlob(a).Match(b)
}

// redundantStatements reports statements that do nothing another one does not.
func (c *checker) redundantStatements(statements []*statement) {
	for i, s := range statements {
		for j, other := range statements {
			if !c.afford(len(s.action)*len(other.action) + 16) {
				return
			}
			if i != j && s.within(other) && (j < i || !other.within(s)) {
				c.at = s.Index
				c.report("REDUNDANT_STATEMENT", s.brace(), "the statement at %s says all this already", other.Start)
				break
			}
		}
	}
	c.at = -1
}

// within reports whether s is about nothing that other is not about, under the
// same conditions and with the same effect.
func (s *statement) within(other *statement) bool {
	if s.Effect != other.Effect || s.notAction || other.notAction || s.NotResource != nil || other.NotResource != nil ||
		s.NotPrincipal != nil || other.NotPrincipal != nil || len(s.Conditions)+len(other.Conditions) > 0 {
		return false
	}
	for _, p := range s.Principal {
		if !containsPrincipal(other.Principal, p) {
			return false
		}
	}
	for _, a := range s.action {
		if !anyCovers(other.Action, strings.ToLower(a.Text), strings.ToLower) {
			return false
		}
	}
	for _, r := range s.resource {
		if !anyCovers(other.Resource, r.Text, func(text string) string { return text }) {
			return false
		}
	}
	return len(s.action) > 0 && (len(s.Resource) > 0) == (len(other.Resource) > 0) && (len(s.Principal) > 0) == (len(other.Principal) > 0)
}

func anyCovers(values []policy.Value, text string, fold func(string) string) bool {
	for _, v := range values {
		if covers(fold(v.Text), text) {
			return true
		}
	}
	return false
}

func containsPrincipal(list []policy.PrincipalValue, p policy.PrincipalValue) bool {
	for _, other := range list {
		if other.Kind == p.Kind && other.Text == p.Text {
			return true
		}
	}
	return false
}
