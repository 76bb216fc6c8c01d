package validate

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/writ-iam/writ/policy"
)

// syntax reports a text that is not a document at all.
func (c *checker) syntax(err error) {
	e := &policy.SyntaxError{Msg: err.Error()}
	errors.As(err, &e)
	to := e.Offset
	if to < len(c.src) {
		_, size := utf8.DecodeRuneInString(string(c.src[to:]))
		to += size
	}
	f := c.refuse("JSON_SYNTAX_ERROR", span{e.Offset, to}, "%s", e.Msg)
	if _, err := policy.ParseAs(c.kind, []byte(c.src)); err != nil {
		f.Refusal = err.Error()
	}
}

// structure reports what the parser and the compiler of package policy did not
// understand. Malformed actions, resources and principals are left to those who
// check them.
func (c *checker) structure() {
	for _, p := range c.doc.Problems() {
		c.at = c.statementAt(p.Pos.Offset)
		c.faults[p.Pos.Offset] = c.problem(p, c.src.token(p.Pos.Offset))
	}
	c.at = -1
}

// statementAt gives the index of the statement around an offset, or -1.
func (c *checker) statementAt(offset int) int {
	i, found := slices.BinarySearchFunc(c.doc.Statements, offset, func(s *policy.Statement, offset int) int {
		return cmp.Compare(s.End.Offset, offset+1)
	})
	if !found && i == len(c.doc.Statements) || offset < c.doc.Statements[i].Start.Offset {
		return -1
	}
	return i
}

// problem turns a problem into a finding. It returns nil for those that others report.
func (c *checker) problem(p policy.Problem, at span) *found {
	switch p.Msg {
	case "unknown element":
		return c.unknownElement(p.Element, at)
	case "unknown version":
		return c.unknownVersion(at)
	case "neither Allow nor Deny":
		return c.unknownEffect(at)
	case "unknown operator":
		return c.unknownOperator(p.Element, at)
	case "unknown kind of principal":
		name, ok := c.near(c.src.text(at), slices.Values(principalKinds))
		return c.refuse("INVALID_PRINCIPAL_KEY", at, "there is no principal of type %q%s", c.src.text(at), meant(name, ok))
	case "neither an object nor *":
		return c.refuse("INVALID_PRINCIPAL_FORMAT", at, `%s must be "*" or an object such as {"AWS": "111122223333"}`, p.Element)
	case "not a string", "not an object":
		return c.refuse("DATA_TYPE_MISMATCH", at, "the value of %s is %s", p.Element, p.Msg)
	case "malformed value":
		return c.malformedValue(p.Element, at)
	}
	return nil
}

var (
	principalKinds    = []string{"AWS", "Service", "Federated", "CanonicalUser"}
	documentElements  = []string{"Version", "Id", "Statement"}
	statementElements = []string{"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
)

func (c *checker) unknownElement(name string, at span) *found {
	elements, of := documentElements, "document"
	if c.at >= 0 {
		elements, of = statementElements, "statement"
	}
	nearest, ok := c.near(name, slices.Values(elements))
	f := c.refuse("INVALID_POLICY_ELEMENT", at, "a %s has no element %q%s", of, name, meant(nearest, ok))
	if ok {
		f.Fix = quote(nearest)
	}
	return f
}

// unknownVersion and unknownEffect point at the value of the name that they get.
// A value that is no string has a problem of its own.
func (c *checker) unknownVersion(name span) *found {
	at := c.src.token(c.src.next(name.to, ":"))
	if c.src[at.from] != '"' {
		return nil
	}
	f := c.refuse("INVALID_VERSION", at, "there is no version %s of the policy language", c.src[at.from:at.to])
	f.Fix = quote(currentVersion)
	return f
}

func (c *checker) unknownEffect(name span) *found {
	at := c.src.token(c.src.next(name.to, ":"))
	if c.src[at.from] != '"' {
		return nil
	}
	nearest, ok := c.near(c.src.text(at), slices.Values([]string{"Allow", "Deny"}))
	f := c.refuse("INVALID_EFFECT", at, "the effect %s is neither Allow nor Deny%s", c.src[at.from:at.to], meant(nearest, ok))
	if ok {
		f.Fix = quote(nearest)
	}
	return f
}

func (c *checker) unknownOperator(name string, at span) *found {
	lower := strings.ToLower(name)
	switch {
	case strings.HasSuffix(lower, "nullifexists"):
		return c.repaired(c.refuse("NULL_WITH_IF_EXISTS", at, "Null asks whether the key exists, so that IfExists has no meaning"), "Null")
	case strings.HasSuffix(lower, ":null"):
		return c.repaired(c.refuse("NULL_WITH_QUALIFIER", at, "Null asks whether the key exists, so that ForAllValues and ForAnyValue have no meaning"), "Null")
	}
	nearest, ok := c.nearOperator(name)
	return c.repaired(c.refuse("INVALID_CONDITION_OPERATOR", at, "there is no condition operator %q%s", name, meant(nearest, ok)), nearest)
}

// repaired gives a finding a string as its repair, unless that is empty.
func (c *checker) repaired(f *found, text string) *found {
	if text != "" {
		f.Fix = quote(text)
	}
	return f
}

// refusal finds the fault for which AWS refuses the document, and gives it AWS's
// message. The checks of a statement's grammar are in AWS's order, so the first
// fault of the statement is the one.
func (c *checker) refusal() {
	var e *policy.GrammarError
	if !errors.As(c.doc.Check(c.kind), &e) {
		return
	}
	f := c.faults[e.Pos.Offset]
	if f == nil {
		f = c.firstFault(e.Pos)
	}
	if f == nil {
		f = c.refuse("MALFORMED_POLICY_DOCUMENT", c.src.token(e.Pos.Offset), "AWS does not store this document")
	}
	f.Severity, f.Refusal = Error, e.Msg
	if !slices.Contains(c.found, f) {
		c.found = slices.Insert(c.found, 0, f)
	}
}

// firstFault gives the first fault of the statement that begins at a place, or of
// the document if the place is none.
func (c *checker) firstFault(p policy.Position) *found {
	statement := -1
	if p.Line > 0 {
		statement = c.statementAt(p.Offset)
	}
	for _, f := range c.found {
		if f.grammar && f.Statement == statement {
			return f
		}
	}
	return nil
}
