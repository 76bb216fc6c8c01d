package validate

import (
	"slices"
	"strings"

	"github.com/writ-iam/writ/catalogue"
)

// operator is the name of a condition operator, taken apart.
type operator struct {
	set      string // "ForAllValues:", "ForAnyValue:" or ""
	base     string // "StringLike"
	ifExists string // "IfExists" or ""
}

// bases are all operators without their qualifiers.
var bases = []string{
	"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike",
	"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals",
	"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals",
	"Bool", "BinaryEquals", "IpAddress", "NotIpAddress", "ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike", "Null",
}

// parseOperator reads an operator. ok is false if there is none of that name.
func parseOperator(name string) (o operator, ok bool) {
	rest := name
	for _, set := range []string{"ForAllValues:", "ForAnyValue:"} {
		if len(rest) > len(set) && strings.EqualFold(rest[:len(set)], set) {
			o.set, rest = set, rest[len(set):]
		}
	}
	const suffix = "IfExists"
	if n := len(rest) - len(suffix); n > 0 && strings.EqualFold(rest[n:], suffix) {
		o.ifExists, rest = suffix, rest[:n]
	}
	i := slices.IndexFunc(bases, func(base string) bool { return strings.EqualFold(base, rest) })
	if i < 0 {
		o.base = rest
		return o, false
	}
	o.base = bases[i]
	return o, true
}

func (o operator) String() string { return o.set + o.base + o.ifExists }

// with gives the operator with another base.
func (o operator) with(base string) operator {
	o.base = base
	return o
}

// nearOperator finds the operator that was meant.
func (c *checker) nearOperator(name string) (string, bool) {
	o, _ := parseOperator(name)
	base, ok := c.near(o.base, slices.Values(bases))
	if !ok {
		return "", false
	}
	return o.with(base).String(), true
}

// negated reports whether a value that is met makes the condition false.
func (o operator) negated() bool { return strings.Contains(o.base, "Not") }

// family is the catalogue's word for the values that the operator compares.
func (o operator) family() string {
	for family, word := range map[string]string{"String": "String", "Numeric": "Numeric", "Date": "Date", "Bool": "Bool", "Binary": "Binary", "Arn": "ARN", "Null": "Null"} {
		if strings.HasPrefix(o.base, family) {
			return word
		}
	}
	return "IPAddress"
}

// fits reports whether the operator can compare the values of a key.
func (o operator) fits(key *catalogue.ConditionKey) bool {
	family, kind := o.family(), key.ValueType()
	switch {
	case family == kind, family == "Null":
		return true
	case kind == "ARN":
		return family == "String"
	case kind == "String":
		_, template := stem(key.Name) // the value of a tag may well be an ARN
		return family == "Binary" || family == "ARN" && (template || strings.HasSuffix(strings.ToLower(key.Name), "arn"))
	case kind == "Date":
		return family == "Numeric" && key.Name == "aws:EpochTime"
	}
	return false
}

// forType is the operator that compares values of a type as this one does, "" if
// there is none.
func (o operator) forType(kind string) string {
	not := ""
	if o.negated() {
		not = "Not"
	}
	switch kind {
	case "ARN":
		return o.with("Arn" + not + "Like").String()
	case "String":
		return o.with("String" + not + "Equals").String()
	case "IPAddress":
		return o.with(not + "IpAddress").String()
	case "Numeric", "Date":
		return o.with(kind + not + "Equals").String()
	}
	return o.with(kind).String()
}
