package condition

import "strings"

// Operator is a condition operator with its qualifiers, as in
// ForAnyValue:StringLikeIfExists.
type Operator struct {
	Set      Set
	IfExists bool
	*comparison
}

// Set is the set operator before the colon.
type Set uint8

const (
	NoSet        Set = iota // the key is single-valued
	ForAllValues            // every value of the request must fit
	ForAnyValue             // one must
)

// comparison is what an operator does with one value of the request.
type comparison struct {
	name    string
	negated bool
	compile func(v values) operand
}

// values are those of a condition in a policy.
type values struct {
	list      []string
	syntax    Syntax
	malformed func(i int) // is called for those that never match (R99)
}

// operand is all values of a condition, ready to be compared.
type operand interface {
	// match reports whether a value of the request matches any of them (R74).
	match(value string, c *Context) bool
}

// parsed returns the values that are well-formed.
func parsed[T any](v values, parse func(string) (T, bool)) []T {
	list := make([]T, 0, len(v.list))
	for i, s := range v.list {
		if t, ok := parse(s); ok {
			list = append(list, t)
		} else {
			v.malformed(i)
		}
	}
	return list
}

// comparisons are all there are, by their names in lower case
// (IAM User Guide, "IAM JSON policy elements: Condition operators").
var comparisons = byName(
	comparison{"StringEquals", false, stringEquals},
	comparison{"StringNotEquals", true, stringEquals},
	comparison{"StringEqualsIgnoreCase", false, stringFold},
	comparison{"StringNotEqualsIgnoreCase", true, stringFold},
	comparison{"StringLike", false, stringLike},
	comparison{"StringNotLike", true, stringLike},
	comparison{"NumericEquals", false, numeric(equal)},
	comparison{"NumericNotEquals", true, numeric(equal)},
	comparison{"NumericLessThan", false, numeric(less)},
	comparison{"NumericLessThanEquals", false, numeric(lessEqual)},
	comparison{"NumericGreaterThan", false, numeric(greater)},
	comparison{"NumericGreaterThanEquals", false, numeric(greaterEqual)},
	comparison{"DateEquals", false, date(equal)},
	comparison{"DateNotEquals", true, date(equal)},
	comparison{"DateLessThan", false, date(less)},
	comparison{"DateLessThanEquals", false, date(lessEqual)},
	comparison{"DateGreaterThan", false, date(greater)},
	comparison{"DateGreaterThanEquals", false, date(greaterEqual)},
	comparison{"Bool", false, boolean},
	comparison{"BinaryEquals", false, binaryEquals},
	comparison{"IpAddress", false, ipAddress},
	comparison{"NotIpAddress", true, ipAddress},
	comparison{"ArnEquals", false, arnLike},
	comparison{"ArnNotEquals", true, arnLike},
	comparison{"ArnLike", false, arnLike},
	comparison{"ArnNotLike", true, arnLike},
	comparison{nullName, false, null},
)

func byName(list ...comparison) map[string]*comparison {
	m := make(map[string]*comparison, len(list))
	for i := range list {
		m[strings.ToLower(list[i].name)] = &list[i]
	}
	return m
}

// ParseOperator reads the name of an operator, whose letter case is ignored.
// ok is false if there is no such operator.
func ParseOperator(name string) (o Operator, ok bool) {
	lower := strings.ToLower(name)
	if rest, found := strings.CutPrefix(lower, "forallvalues:"); found {
		o.Set, lower = ForAllValues, rest
	} else if rest, found := strings.CutPrefix(lower, "foranyvalue:"); found {
		o.Set, lower = ForAnyValue, rest
	}
	lower, o.IfExists = strings.CutSuffix(lower, "ifexists")
	o.comparison = comparisons[lower]
	if o.comparison == nil {
		return Operator{}, false
	}
	if o.name == nullName && (o.IfExists || o.Set != NoSet) { // Null is about presence already
		return Operator{}, false
	}
	return o, true
}

// order says which outcomes of comparing a request's value with the policy's
// satisfy an operator.
type order func(compared int) bool

func equal(c int) bool        { return c == 0 }
func less(c int) bool         { return c < 0 }
func lessEqual(c int) bool    { return c <= 0 }
func greater(c int) bool      { return c > 0 }
func greaterEqual(c int) bool { return c >= 0 }
