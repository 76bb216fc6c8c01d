package condition

import "slices"

const nullName = "Null"

// absences are what a key may be: true is missing or without values (R80).
type absences struct{ list []bool }

func null(v values) operand { return &absences{parsed(v, parseBool)} }

func (o *absences) match(value string, _ *Context) bool { return slices.Contains(o.list, value == "") }

// presence tells absences of the values of a key: "" if there are none.
func presence(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return "present"
}
