package condition

import "strings"

// arnText compares field by field with wildcards, for Equals as for Like (R97).
type arnText struct{ text Text }

func arnLike(value string, syntax Syntax) operand {
	if value == "*" {
		value = "*:*:*:*:*:*" // any ARN
	}
	if strings.Count(value, ":") < 5 {
		return nil
	}
	return &arnText{ParseARN(value, syntax|Wildcards)}
}

func (o *arnText) match(value string, c *Context) bool { return o.text.MatchARN(c, value) }
