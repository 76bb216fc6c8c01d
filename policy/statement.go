package policy

import (
	"sort"

	"github.com/writ-iam/writ/policy/condition"
)

// statement is a Statement compiled: what is asked of those that pass their
// sieve stands together, in 48 bytes, and the rest apart.
type statement struct {
	*rest
	action        pattern // the first
	resource      pattern // the first
	moreActions   span
	moreResources span
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
// statement of the policy that e is looking at.
func (s *statement) mismatch(e *evaluation) element {
	switch {
	case !s.action.fitsAction(e, s.rest) && !s.fitsAnyAction(e, e.policy.some(s.moreActions)),
		s.notAction != nil && s.fitsAnyAction(e, s.notAction): // R52, R53
		return byAction
	case !s.resource.fitsResource(e, s.rest) && !s.fitsAnyResource(e, e.policy.some(s.moreResources)),
		s.notResource != nil && s.fitsAnyResource(e, s.notResource): // R59, R60
		return byResource
	case s.reach(e) == nobody:
		return byPrincipal
	case s.conditions != nil && !s.holds(e.Context):
		return byCondition
	}
	return none
}

// fitsAnyAction takes actions that are sorted by service. First are those of any.
func (s *statement) fitsAnyAction(e *evaluation, actions []pattern) bool {
	for len(actions) > 0 && actions[0].service() == 0 {
		if actions[0].fitsAction(e, s.rest) {
			return true
		}
		actions = actions[1:]
	}
	first := sort.Search(len(actions), func(i int) bool { return actions[i].service() >= e.kin.service() })
	for actions = actions[first:]; len(actions) > 0 && actions[0].service() == e.kin.service(); actions = actions[1:] {
		if actions[0].fitsAction(e, s.rest) {
			return true
		}
	}
	return false
}

func (s *statement) fitsAnyResource(e *evaluation, resources []pattern) bool {
	for i := range resources {
		if resources[i].fitsResource(e, s.rest) {
			return true
		}
	}
	return false
}

func (s *statement) holds(c *Context) bool {
	for i := range s.conditions { // R73
		if !s.conditions[i].Match(c) {
			return false
		}
	}
	return true
}
