package condition

import "strings"

// boolTexts are "true" or "false" once their variables are replaced (R93, R101).
type boolTexts struct{ list []Text }

func boolean(v values) operand {
	return &boolTexts{parsed(v, func(s string) (Text, bool) {
		t := ParseText(s, v.syntax&^Wildcards)
		_, ok := parseBool(s)
		return t, ok || t.parts != nil
	})}
}

func (o *boolTexts) match(value string, c *Context) bool {
	if _, ok := parseBool(value); !ok {
		return false
	}
	for i := range o.list {
		if o.list[i].equalFold(c, value) {
			return true
		}
	}
	return false
}

func parseBool(s string) (value, ok bool) {
	value = strings.EqualFold(s, "true")
	return value, value || strings.EqualFold(s, "false")
}
