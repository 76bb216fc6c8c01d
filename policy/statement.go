package policy

import (
	"strings"

	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/policy/condition"
)

// statement is a Statement compiled. Its elements are nil if they are absent.
type statement struct {
	topic        topic
	index        int32
	effect       effect
	unclear      bool // some condition cannot be understood: an Allow does not match, a Deny does without it
	never        bool // matches no request
	action       []actionPattern
	notAction    []actionPattern
	resource     []resourcePattern
	notResource  []resourcePattern
	principal    []principalName
	notPrincipal []principalName
	conditions   []condition.Condition
}

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
// if s matches. All elements must fit, within this one statement (R04). The
// type is the part that the policy plays.
func (s *statement) mismatch(e *evaluation, t Type) element {
	switch {
	case !s.fitsAction(e.Action):
		return byAction
	case !s.fitsResource(e, t):
		return byResource
	case s.reach(e, t) == nobody:
		return byPrincipal
	case !s.fitsConditions(e.Context):
		return byCondition
	}
	return none
}

func (s *statement) fitsAction(action string) bool {
	if s.action == nil && s.notAction == nil {
		return false
	}
	return (s.action == nil || matchesAction(s.action, action)) &&
		(s.notAction == nil || !matchesAction(s.notAction, action)) // R52, R53
}

// fitsResource takes an absent Resource in a resource's own policy as that
// resource; trust policies, for one, never have it.
func (s *statement) fitsResource(e *evaluation, t Type) bool {
	if s.resource == nil && s.notResource == nil {
		return t == Resource
	}
	return (s.resource == nil || matchesResource(s.resource, e)) &&
		(s.notResource == nil || !matchesResource(s.notResource, e)) // R59, R60
}

func (s *statement) fitsConditions(c *Context) bool {
	if s.unclear && s.effect == allow {
		return false
	}
	for i := range s.conditions { // R73
		if !s.conditions[i].Match(c) {
			return false
		}
	}
	return true
}

// actionPattern is an action in lower case (R49).
type actionPattern struct {
	glob    arn.Glob
	literal bool
}

func matchesAction(patterns []actionPattern, action string) bool {
	for i := range patterns {
		p := &patterns[i]
		if p.literal {
			if len(p.glob) == len(action) && strings.EqualFold(string(p.glob), action) {
				return true
			}
		} else if p.glob.MatchFold(action) {
			return true
		}
	}
	return false
}

// resourcePattern is a lone star or an ARN with wildcards and variables.
type resourcePattern struct {
	star bool
	text condition.Text
}

func matchesResource(patterns []resourcePattern, e *evaluation) bool {
	for i := range patterns {
		if p := &patterns[i]; p.star || p.text.MatchARN(e.Context, e.Resource) { // R61
			return true
		}
	}
	return false
}
