package condition

import "strings"

// boolText is "true" or "false" once its variables are replaced (R93, R101).
type boolText struct{ text Text }

func boolean(value string, syntax Syntax) operand {
	o := &boolText{ParseText(value, syntax&^Wildcards)}
	if o.text.parts == nil {
		if _, ok := parseBool(value); !ok {
			return nil
		}
	}
	return o
}

func (o *boolText) match(value string, c *Context) bool {
	var buf [256]byte
	g, ok := o.text.glob(c, buf[:0])
	if !ok {
		return false
	}
	want, ok := parseBool(string(g))
	got, ok2 := parseBool(value)
	return ok && ok2 && want == got
}

func parseBool(s string) (value, ok bool) {
	switch {
	case strings.EqualFold(s, "true"):
		return true, true
	case strings.EqualFold(s, "false"):
		return false, true
	}
	return false, false
}
