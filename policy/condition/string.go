package condition

import "strings"

// textEquals compares exactly, without wildcards (R87).
type textEquals struct{ text Text }

func stringEquals(value string, syntax Syntax) operand {
	return &textEquals{ParseText(value, syntax&^Wildcards)}
}

func (o *textEquals) match(value string, c *Context) bool {
	if g, ok := o.text.fixed(); ok {
		return string(g) == value
	}
	var buf [256]byte
	g, ok := o.text.glob(c, buf[:0])
	return ok && string(g) == value
}

// textFold compares exactly but for letter case (R88).
type textFold struct{ text Text }

func stringFold(value string, syntax Syntax) operand {
	return &textFold{ParseText(value, syntax&^Wildcards)}
}

func (o *textFold) match(value string, c *Context) bool {
	if g, ok := o.text.fixed(); ok {
		return strings.EqualFold(string(g), value)
	}
	var buf [256]byte
	g, ok := o.text.glob(c, buf[:0])
	return ok && strings.EqualFold(string(g), value)
}

// textLike compares with wildcards, letter case counts (R89).
type textLike struct{ text Text }

func stringLike(value string, syntax Syntax) operand {
	return &textLike{ParseText(value, syntax|Wildcards)}
}

func (o *textLike) match(value string, c *Context) bool { return o.text.Match(c, value) }
