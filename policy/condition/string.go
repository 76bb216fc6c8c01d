package condition

// parseTexts reads values that may hold variables; every text is well-formed.
func parseTexts(v values, syntax Syntax) []Text {
	return parsed(v, func(s string) (Text, bool) { return ParseText(s, syntax), true })
}

// equalTexts are compared exactly, without wildcards (R87).
type equalTexts struct{ list []Text }

func stringEquals(v values) operand { return &equalTexts{parseTexts(v, v.syntax&^Wildcards)} }

func (o *equalTexts) match(value string, c *Context) bool {
	for i := range o.list {
		if o.list[i].equal(c, value) {
			return true
		}
	}
	return false
}

// foldTexts are compared exactly but for letter case (R88).
type foldTexts struct{ list []Text }

func stringFold(v values) operand { return &foldTexts{parseTexts(v, v.syntax&^Wildcards)} }

func (o *foldTexts) match(value string, c *Context) bool {
	for i := range o.list {
		if o.list[i].equalFold(c, value) {
			return true
		}
	}
	return false
}

// likeTexts are compared with wildcards, letter case counts (R89).
type likeTexts struct{ list []Text }

func stringLike(v values) operand { return &likeTexts{parseTexts(v, v.syntax|Wildcards)} }

func (o *likeTexts) match(value string, c *Context) bool {
	for i := range o.list {
		if o.list[i].Match(c, value) {
			return true
		}
	}
	return false
}
