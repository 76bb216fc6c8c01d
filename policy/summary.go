package policy

import (
	"fmt"
	"strings"
)

// Summary tells a person in plain sentences what a policy of an identity says,
// a line for each statement, in their order: everything that is in them, and
// nothing that is not.
func (d *Document) Summary() string {
	var b strings.Builder
	for _, s := range d.Statements {
		b.WriteString(s.summary())
	}
	return b.String()
}

func (s *Statement) summary() string {
	verb, rest := "Does nothing about", ""
	switch s.Effect {
	case effectAllow:
		verb = "Allows"
	case effectDeny:
		verb, rest = "Denies", ", whatever else is allowed"
	}
	actions, resources := sentence(s.Action, s.NotAction, "every action"), sentence(s.Resource, s.NotResource, "every resource")
	return fmt.Sprintf("%s %s on %s%s%s.\n", verb, actions, resources, s.conditionSummary(), rest)
}

// sentence lists values, or says what is left out.
func sentence(values, not []Value, all string) string {
	if not != nil {
		return all + " but " + enumerated(not, "and")
	}
	if len(values) == 1 && values[0].Text == star {
		return all
	}
	return enumerated(values, "and")
}

func (s *Statement) conditionSummary() string {
	text := ""
	for i := range s.Conditions {
		c := &s.Conditions[i]
		word := ", if "
		if i > 0 {
			word = " and "
		}
		text += word + c.Key.Text + " " + c.Operator.Text + " " + enumerated(c.Values, "or")
	}
	return text
}

func enumerated(values []Value, last string) string {
	texts := make([]string, len(values))
	for i := range values {
		texts[i] = values[i].Text
	}
	n := len(texts)
	if n < 2 {
		return strings.Join(texts, "")
	}
	return strings.Join(texts[:n-1], ", ") + " " + last + " " + texts[n-1]
}
