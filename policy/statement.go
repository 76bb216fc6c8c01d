package policy

import "github.com/writ-iam/writ/policy/condition"

// statement is a Statement compiled: what every request asks for stands
// together, in 64 bytes, and the rest apart.
type statement struct {
	topic topic
	*rest
	action        pattern // the first
	resource      pattern // the first
	moreActions   span
	moreResources span
	index         int32
	effect        effect
	noResource    bool // neither Resource nor NotResource
	unclear       bool // it allows, under some condition that cannot be understood; a Deny goes without that
}

// rest is what few statements have. Its elements are nil if they are absent.
type rest struct {
	notAction    []pattern
	notResource  []pattern
	principal    []principalName
	notPrincipal []principalName
	conditions   []condition.Condition
	apart        []condition.Text // resources with variables, and what the document writes differently
}

// plain is the rest of all statements that have none.
var plain rest

type effect uint8

const (
	deny effect = iota
	allow
)

// element names the part of a statement that keeps it from matching.
type element uint8

const (
	none element = iota
	byAction
	byResource
	byPrincipal
	byCondition
)

// mismatch returns the first element of s that the request does not fit, none
// if s matches. All elements must fit, within this one statement (R04). It is a
// statement of p, and the type is the part that p plays.
func (s *statement) mismatch(e *evaluation, p *Policy, t Type) element {
	switch {
	case !s.fitsAction(e, p):
		return byAction
	case !s.fitsResource(e, p, t):
		return byResource
	case s.reach(e, t) == nobody:
		return byPrincipal
	case !s.fitsConditions(e.Context):
		return byCondition
	}
	return none
}

func (s *statement) fitsAction(e *evaluation, p *Policy) bool {
	if !s.action.fitsAction(e.Action, p.src, s.rest) && !s.fitsAnyAction(e, p, p.some(s.moreActions)) {
		return false
	}
	return s.notAction == nil || !s.fitsAnyAction(e, p, s.notAction) // R52, R53
}

func (s *statement) fitsAnyAction(e *evaluation, p *Policy, actions []pattern) bool {
	for i := range actions {
		if actions[i].fitsAction(e.Action, p.src, s.rest) {
			return true
		}
	}
	return false
}

// fitsResource takes an absent Resource in a resource's own policy as that
// resource; trust policies, for one, never have it.
func (s *statement) fitsResource(e *evaluation, p *Policy, t Type) bool {
	if s.noResource {
		return t == Resource
	}
	if !s.resource.fitsResource(e.Request, p.src, s.rest) && !s.fitsAnyResource(e, p, p.some(s.moreResources)) {
		return false
	}
	return s.notResource == nil || !s.fitsAnyResource(e, p, s.notResource) // R59, R60
}

func (s *statement) fitsAnyResource(e *evaluation, p *Policy, resources []pattern) bool {
	for i := range resources {
		if resources[i].fitsResource(e.Request, p.src, s.rest) {
			return true
		}
	}
	return false
}

func (s *statement) fitsConditions(c *Context) bool {
	if s.unclear {
		return false
	}
	for i := range s.conditions { // R73
		if !s.conditions[i].Match(c) {
			return false
		}
	}
	return true
}
