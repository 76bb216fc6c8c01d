// Package policy is the IAM policy engine: documents in, a decision with its reasons out.
//
// The one central idea: a document is parsed and compiled once, into matchers
// that are immutable and shared by all principals; a decision then only reads,
// without I/O, clock or allocation. The rules it follows are numbered R01 to
// R130; tests and comments call them by those numbers.
//
// Read document.go for what a policy is, evaluate.go for the whole decision
// rule, and services.go for what differs between services.
package policy

import "strconv"

// Document is a policy's text, parsed. It is immutable.
//
// What can be read but has no meaning (an unknown element, a number for an
// action) does not keep a document from being parsed: it matches nothing, and is
// among Problems. Check tells whether AWS would store such a document.
type Document struct {
	Version    string // "" if absent, which means 2008-10-17
	ID         string
	Statements []*Statement

	src       string
	problems  []Problem
	statement bool // the element Statement is there
}

// Statement is one statement of a document. The lists of values are nil if the
// element is absent, and empty if it is there without values.
type Statement struct {
	Index        int // in the document, from 0
	Sid          string
	Effect       string
	Principal    []PrincipalValue
	NotPrincipal []PrincipalValue
	Action       []Value
	NotAction    []Value
	Resource     []Value
	NotResource  []Value
	Conditions   []Condition
	Start        Position // of its opening brace
	End          Position // just after its closing brace

	unclear bool // its Condition cannot be understood: it restricts an Allow, and not a Deny
}

// Value is a text in a document.
type Value struct {
	Text string
	Pos  Position

	end  int // offset just after it
	kind kind
}

type kind uint8

const (
	text kind = iota
	number
	boolean
	null
)

// PrincipalValue is one principal that a statement names.
type PrincipalValue struct {
	Kind string // AWS, Service, Federated, CanonicalUser; "*" if the element is a lone star
	Value
}

// Condition is one operator with one key and its values.
type Condition struct {
	Operator Value
	Key      Value
	Values   []Value
}

// Position is a place in a document's text.
type Position struct {
	Offset int `json:"offset"` // bytes, from 0
	Line   int `json:"line"`   // from 1
	Column int `json:"column"` // characters, from 1
}

// String gives line and column, "3:14".
func (p Position) String() string { return strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Column) }

// Problem is something in a document that has no meaning and so matches nothing.
type Problem struct {
	Pos     Position `json:"pos"`
	Element string   `json:"element"` // Resource, NumericLessThan
	Msg     string   `json:"message"`

	fault fault
}

// fault sorts problems for Check.
type fault uint8

const (
	badValue fault = iota // AWS may store it all the same
	badType               // of JSON
	badElement
	badVersion
	badEffect
	badPrincipal
	badOperator
)

// String gives the problem on one line.
func (p Problem) String() string { return p.Pos.String() + ": " + p.Element + ": " + p.Msg }

// SyntaxError says where and why a text is not a policy document.
type SyntaxError struct {
	Offset, Line, Column int // as in Position
	Msg                  string
}

func (e *SyntaxError) Error() string {
	return Position{Line: e.Line, Column: e.Column}.String() + ": " + e.Msg
}

// Problems lists what has no meaning in the document, in the order of the text
// within each statement.
func (d *Document) Problems() []Problem {
	problems := d.problems
	for _, s := range d.Statements {
		compileStatement(d, s, func(p Problem) { problems = append(problems, p) })
	}
	return problems
}
