package validate

import (
	"slices"

	"github.com/writ-iam/writ/policy"
)

// statement is a statement with what the catalogue knows of its actions and
// resources.
type statement struct {
	*policy.Statement
	members   map[string]member
	action    []action   // of Action or NotAction
	resource  []resource // of Resource or NotResource
	allows    bool
	notAction bool
}

func (c *checker) newStatement(p *policy.Statement) *statement {
	s := &statement{Statement: p, members: c.src.members(p.Start.Offset), allows: p.Effect == "Allow", notAction: p.NotAction != nil}
	for _, v := range slices.Concat(p.Action, p.NotAction) {
		s.action = append(s.action, parseAction(v))
	}
	for _, v := range slices.Concat(p.Resource, p.NotResource) {
		s.resource = append(s.resource, parseResource(v))
	}
	return s
}

// brace is the place of what a statement lacks.
func (s *statement) brace() span { return span{s.Start.Offset, s.Start.Offset + 1} }

// name is the place of the name of an element, or the statement's brace.
func (s *statement) name(element string) span {
	if m, ok := s.members[element]; ok {
		return m.name
	}
	return s.brace()
}

// value is the place of a value.
func (c *checker) value(v policy.Value) span { return c.src.token(v.Pos.Offset) }

// everything reports whether the statement is about all resources.
func (s *statement) everything() bool {
	return s.NotResource == nil && slices.ContainsFunc(s.resource, func(r resource) bool { return r.star() })
}

// everyAction reports whether the statement is about all actions.
func (s *statement) everyAction() bool {
	return !s.notAction && slices.ContainsFunc(s.action, func(a action) bool { return a.every() })
}
