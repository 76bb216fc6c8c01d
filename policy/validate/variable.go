package validate

import (
	"strings"

	"github.com/writ-iam/writ/policy"
)

// variables checks the variables of a value. Before the offset from they have no
// meaning.
func (c *checker) variables(v policy.Value, from int) {
	if !strings.Contains(v.Text, "${") {
		return
	}
	at := c.value(v)
	if strings.Contains(v.Text[:from], "${") {
		c.report("VARIABLE_UNSUPPORTED_IN_ELEMENT", at, "variables work only behind the fifth colon of an ARN")
	}
	if c.doc.Version != currentVersion {
		c.report("VARIABLE_UNSUPPORTED_IN_VERSION", at, "variables need version %s of the policy language: here %q is taken as it stands", currentVersion, v.Text)
		return
	}
	rest := v.Text[from:]
	for {
		_, after, ok := strings.Cut(rest, "${")
		if !ok {
			return
		}
		name, tail, ok := strings.Cut(after, "}")
		if quoted := strings.Count(name, "'") == 1; quoted { // the brace belongs to the default
			more, last, _ := strings.Cut(tail, "'")
			_, tail, ok = strings.Cut(last, "}")
			name += "}" + more + "'"
		}
		if !ok {
			c.report("MISSING_BRACE_IN_VARIABLE", at, "the variable ${%s has no closing brace", after)
			return
		}
		c.variable(name, at)
		rest = tail
	}
}

// variable checks what stands between the braces of one variable.
func (c *checker) variable(text string, at span) {
	name, fallback, hasDefault := strings.Cut(text, ",")
	fallback = strings.TrimSpace(fallback)
	quoted := len(fallback) >= 2 && strings.HasPrefix(fallback, "'") && strings.HasSuffix(fallback, "'")
	switch {
	case text == "*" || text == "?" || text == "$":
	case strings.TrimSpace(name) == "":
		c.report("EMPTY_VARIABLE", at, "the variable ${%s} has no name", text)
	case hasDefault && !quoted:
		c.report("MISSING_QUOTE_IN_VARIABLE", at, "the default value of ${%s} must stand in single quotes", text)
	case strings.ContainsAny(strings.TrimRight(name, " "), " \t\n"), !hasDefault && strings.HasSuffix(name, " "):
		c.report("UNSUPPORTED_SPACE_IN_VARIABLE", at, "the name of the variable ${%s} has spaces in it", text)
	case strings.HasSuffix(name, "/"):
		c.report("MISSING_TAG_KEY_IN_VARIABLE", at, "the variable ${%s} lacks the key of a tag behind the slash", text)
	default:
		c.variableKey(strings.TrimSpace(name), at)
	}
}

// variableKey checks the key that a variable stands for.
func (c *checker) variableKey(name string, at span) {
	key, ok := c.key(name, at, false)
	if ok && key != nil && key.Multivalued() {
		c.report("MULTIVALUED_KEY_IN_VARIABLE", at, "the variable ${%s} never has a value, as its key can have several", name)
	}
}
