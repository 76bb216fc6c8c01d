package validate

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/writ-iam/writ/catalogue"
	"github.com/writ-iam/writ/policy"
)

// conditions checks the Condition of a statement.
func (c *checker) conditions(s *statement) {
	c.emptyConditions(s)
	seen := map[string]bool{}
	for i := range s.Conditions {
		condition := &s.Conditions[i]
		name := strings.ToLower(condition.Operator.Text + " " + condition.Key.Text)
		if seen[name] {
			c.report("DUPLICATE_KEYS_WITH_DIFFERENT_CASE", c.value(condition.Key), "%s has the key %s twice: letter case makes no difference", condition.Operator.Text, condition.Key.Text)
		}
		seen[name] = true
		c.condition(s, condition)
	}
}

// emptyConditions reports blocks without keys.
func (c *checker) emptyConditions(s *statement) {
	m, ok := s.members["Condition"]
	if !ok || c.src[m.value.from] != '{' {
		return
	}
	operators := c.src.members(m.value.from)
	if len(operators) == 0 {
		c.report("EMPTY_OBJECT_CONDITION", m.value, "the Condition is empty and restricts nothing")
	}
	for name, o := range operators {
		if c.src[o.value.from] == '{' && len(c.src.members(o.value.from)) == 0 {
			c.report("EMPTY_OBJECT_CONDITION", o.value, "%s has no keys and restricts nothing", name)
		}
	}
}

func (c *checker) condition(s *statement, condition *policy.Condition) {
	at := c.value(condition.Key)
	key, ok := c.key(condition.Key.Text, at, true)
	if ok && key != nil {
		c.keyOfActions(s, condition, at)
	}
	o, ok := parseOperator(condition.Operator.Text)
	if !ok {
		return
	}
	if len(condition.Values) == 0 {
		c.report("EMPTY_ARRAY_CONDITION", at, "%s has no values for %s, so that it %s", condition.Operator.Text, condition.Key.Text, o.withoutValues())
	}
	if key != nil {
		c.operatorOfKey(s, condition, o, key)
	}
	c.values(condition, o)
}

// withoutValues says what becomes of a condition that has no values.
func (o operator) withoutValues() string {
	if o.negated() && o.set == "" {
		return "always holds"
	}
	return "holds only if the key is missing, if ever"
}

// keyOfActions reports a key that requests for the statement's actions never
// have, and named actions for which they do not.
func (c *checker) keyOfActions(s *statement, condition *policy.Condition, at span) {
	key := condition.Key.Text
	if !s.understood() || general(key) {
		return
	}
	var without []string
	for i := range s.action {
		a := &s.action[i]
		if !c.afford(len(a.matches) * 50) {
			return
		}
		if !a.has(key) {
			without = append(without, a.Text)
		}
	}
	switch {
	case len(without) == len(s.action):
		c.report("UNSUPPORTED_CONDITION_KEY_FOR_ACTION", at, "requests for %s never have the key %s", some(without), key)
	case len(without) > 0 && c.kind != policy.TrustPolicy: // there all actions are parts of one request
		c.report("CONDITION_KEY_NOT_OF_ALL_ACTIONS", at, "requests for %s never have the key %s; put them into a statement of their own", some(without), key)
	}
}

// some lists the first of many names.
func some(names []string) string {
	if len(names) > 3 {
		return strings.Join(names[:3], ", ") + ", …"
	}
	return strings.Join(names, ", ")
}

// operatorOfKey compares the type of a key with what the operator compares.
func (c *checker) operatorOfKey(s *statement, condition *policy.Condition, o operator, key *catalogue.ConditionKey) {
	at := c.value(condition.Operator)
	multi := key.Multivalued()
	switch {
	case !o.fits(key):
		c.repaired(c.report("TYPE_MISMATCH", at, "%s has values of type %s, which %s does not compare; take %s", condition.Key.Text, key.ValueType(), o, o.forType(key.ValueType())), o.forType(key.ValueType()))
	case key.ValueType() == "ARN" && strings.HasSuffix(o.base, "Like") && o.family() == "String":
		like := o.forType("ARN")
		c.repaired(c.report("STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS", at, "%s is an ARN: with %s a star reaches across colons, with %s it does not", condition.Key.Text, o, like), like)
	}
	switch {
	case multi && o.set == "" && o.base != "Null":
		c.report("MISSING_QUALIFIER", at, "%s can have several values: say ForAllValues:%s or ForAnyValue:%s", condition.Key.Text, o.base, o.base)
	case o.set != "ForAllValues:" || !s.allows || s.requires(condition.Key.Text):
	case multi:
		c.report("FORALLVALUES_WITHOUT_NULL_CHECK", at, "ForAllValues is also true of requests without %s; add \"Null\": {%q: \"false\"} if they are not meant", condition.Key.Text, condition.Key.Text)
	default:
		c.repaired(c.report("FORALLVALUES_WITH_SINGLE_VALUED_KEY", at, "%s has one value: ForAllValues only allows requests without the key", condition.Key.Text), operator{"", o.base, o.ifExists}.String())
	}
}

// requires reports whether another condition of the statement demands that the key exists.
func (s *statement) requires(key string) bool {
	return slices.ContainsFunc(s.Conditions, func(other policy.Condition) bool {
		return strings.EqualFold(other.Operator.Text, "Null") && strings.EqualFold(other.Key.Text, key) &&
			slices.ContainsFunc(other.Values, func(v policy.Value) bool { return strings.EqualFold(v.Text, "false") })
	})
}

// values checks the values of a condition.
func (c *checker) values(condition *policy.Condition, o operator) {
	seen := map[string]bool{}
	for _, v := range condition.Values {
		if seen[v.Text] {
			c.report("REDUNDANT_CONDITION_VALUE", c.value(v), "the value %q stands here twice", v.Text)
		}
		seen[v.Text] = true
		c.conditionValue(condition, o, v)
	}
	if o.base == "Bool" && seen["true"] && seen["false"] {
		c.report("INVALID_CONDITION_MULTIPLE_BOOLEAN", c.value(condition.Key), "%s is true or false whatever it is: give one value", condition.Key.Text)
	}
}

func (c *checker) conditionValue(condition *policy.Condition, o operator, v policy.Value) {
	at := c.value(v)
	switch o.family() {
	case "String":
		c.variables(v, 0)
		if !strings.HasSuffix(o.base, "Like") && strings.ContainsAny(withoutVariables(v.Text), "*?") {
			like := o.forLike()
			f := c.report("WILDCARD_WITHOUT_LIKE_OPERATOR", c.value(condition.Operator), "%s compares the wildcard in %q as it stands%s", o, v.Text, meant(like, like != ""))
			c.repaired(f, like)
		}
	case "ARN":
		c.variables(v, fifthColon(v.Text))
	case "Bool":
		c.variables(v, 0)
	case "Date":
		if digits(v.Text) && len(v.Text) != 4 && !strings.EqualFold(condition.Key.Text, "aws:EpochTime") {
			c.report("INVALID_DATE_VALUE", at, "%s is taken as seconds since 1970; write a date as 2006-01-02T15:04:05Z", v.Text)
		}
	case "IPAddress":
		c.ipRange(v, at)
	}
}

// forLike is the operator that compares with wildcards, "" if there is none.
func (o operator) forLike() string {
	switch o.base {
	case "StringEquals":
		return o.with("StringLike").String()
	case "StringNotEquals":
		return o.with("StringNotLike").String()
	}
	return ""
}

// withoutVariables leaves out variables, whose names and defaults have no wildcards.
func withoutVariables(text string) string {
	var b strings.Builder
	for text != "" {
		if rest, ok := variable(text); ok {
			text = rest
			continue
		}
		b.WriteByte(text[0])
		text = text[1:]
	}
	return b.String()
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// ipRange reports bits that do not count.
func (c *checker) ipRange(v policy.Value, at span) {
	p, err := netip.ParsePrefix(v.Text)
	if err == nil && p != p.Masked() {
		c.repaired(c.report("IMPROVE_IP_RANGE", at, "the bits of %s behind the first %d do not count: it is %s", v.Text, p.Bits(), p.Masked()), p.Masked().String())
	}
}

// malformedValue reports a value that its operator cannot compare with anything.
func (c *checker) malformedValue(name string, at span) *found {
	o, _ := parseOperator(name)
	text := c.src[at.from:at.to]
	if strings.Contains(string(text), "${") && o.family() != "ARN" {
		return c.report("INVALID_VARIABLE_FOR_OPERATOR", at, "%s has no variables: %s is taken as it stands, and never matches", o, text)
	}
	m := malformed[o.family()]
	return c.report(m.code, at, "%s is not %s: it never matches", text, m.want)
}

var malformed = map[string]struct{ code, want string }{
	"Numeric":   {"TYPE_MISMATCH_NUMBER", "a number"},
	"Date":      {"TYPE_MISMATCH_DATE", "a date such as 2006-01-02T15:04:05Z"},
	"Bool":      {"TYPE_MISMATCH_BOOLEAN", "true or false"},
	"Null":      {"TYPE_MISMATCH_BOOLEAN", "true or false"},
	"IPAddress": {"TYPE_MISMATCH_IP_RANGE", "an IP address or a range such as 203.0.113.0/24"},
	"ARN":       {"TYPE_MISMATCH_ARN", "an ARN, which has six fields"},
	"Binary":    {"TYPE_MISMATCH_BINARY", "base64"},
}
