package validate

import (
	"slices"
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
	first, wild := map[string]policy.Value{}, []cover{}
	for _, v := range values {
		if _, ok := first[v.Text]; !ok {
			first[v.Text] = v
			if k, ok := newCover(v); ok {
				wild = append(wild, k)
			}
		}
	}
	for _, v := range values {
		by, ok := first[v.Text], first[v.Text].Pos != v.Pos
		for i := 0; i < len(wild) && !ok && c.afford(len(v.Text)+8); i++ {
			by, ok = wild[i].Value, wild[i].Pos != v.Pos && wild[i].covers(v.Text)
		}
		if ok {
			at := c.value(by)
			c.report(code, c.value(v), "%s says this already", c.src[at.from:at.to])
		}
	}
}

// cover is a value with wildcards, which may say what others say too.
type cover struct {
	policy.Value
	glob arn.Glob
}

// newCover takes values with stars alone: a question mark or a variable says less
// than a star of another value does.
func newCover(v policy.Value) (cover, bool) {
	if !strings.Contains(v.Text, "*") || strings.ContainsAny(v.Text, "?$") {
		return cover{}, false
	}
	return cover{v, arn.NewGlob(v.Text)}, true
}

// covers reports whether k fits whatever another value fits.
func (k cover) covers(text string) bool {
	switch {
	case k.Text == "*":
		return true
	case strings.Contains(text, "${"):
		return false
	case strings.HasPrefix(k.Text, "arn:"):
		return k.glob.MatchARN(text)
	}
	return k.glob.Match(text)
}

// redundantStatements reports statements that do nothing another one does not.
func (c *checker) redundantStatements(statements []*statement) {
	for i, s := range statements {
		for j, other := range statements {
			if !c.afford(16) {
				return
			}
			if i != j && c.within(s, other) && (j < i || !c.within(other, s)) {
				c.at = s.Index
				c.report("REDUNDANT_STATEMENT", s.brace(), "the statement at %s says all this already", other.Start)
				break
			}
		}
	}
	c.at = -1
}

// within reports whether s is about nothing that other is not about, without
// conditions and with the same effect.
func (c *checker) within(s, other *statement) bool {
	if s.Effect != other.Effect || !s.positive() || !other.positive() ||
		(len(s.Resource) == 0) != (len(other.Resource) == 0) || (len(s.Principal) == 0) != (len(other.Principal) == 0) {
		return false
	}
	return !slices.ContainsFunc(s.Principal, func(p policy.PrincipalValue) bool { return !among(other.Principal, p) }) &&
		!slices.ContainsFunc(s.Action, func(v policy.Value) bool { return !c.said(other.Action, v, strings.ToLower) }) &&
		!slices.ContainsFunc(s.Resource, func(v policy.Value) bool { return !c.said(other.Resource, v, strings.Clone) })
}

// positive reports whether s says whom and what it is about, and has no conditions.
func (s *statement) positive() bool {
	return len(s.Action) > 0 && s.NotAction == nil && s.NotResource == nil && s.NotPrincipal == nil && len(s.Conditions) == 0
}

// said reports whether one of some values says what v says.
func (c *checker) said(values []policy.Value, v policy.Value, fold func(string) string) bool {
	v.Text = fold(v.Text)
	return slices.ContainsFunc(values, func(other policy.Value) bool {
		other.Text = fold(other.Text)
		if other.Text == v.Text || !c.afford(len(v.Text)+64) {
			return other.Text == v.Text
		}
		k, ok := newCover(other)
		return ok && k.covers(v.Text)
	})
}

func among(list []policy.PrincipalValue, p policy.PrincipalValue) bool {
	return slices.ContainsFunc(list, func(other policy.PrincipalValue) bool { return other.Kind == p.Kind && other.Text == p.Text })
}
