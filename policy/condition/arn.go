package condition

import "strings"

// arnTexts are compared field by field with wildcards, for Equals as for Like (R97).
type arnTexts struct{ list []Text }

func arnLike(v values) operand {
	return &arnTexts{parsed(v, func(s string) (Text, bool) {
		if s == "*" {
			s = "*:*:*:*:*:*" // any ARN
		}
		return ParseARN(s, v.syntax|Wildcards), strings.Count(s, ":") >= 5
	})}
}

func (o *arnTexts) match(value string, c *Context) bool {
	for i := range o.list {
		if o.list[i].MatchARN(c, value) {
			return true
		}
	}
	return false
}
