// Package policy is the IAM policy engine: documents in, a decision with its reasons out.
//
// The one central idea: a document is parsed and compiled once, into matchers
// that are immutable and shared by all principals; a decision then only reads,
// without I/O, clock or allocation. The rules it follows are numbered R01 to
// R130; tests and comments call them by those numbers.
package policy

import "errors"

// Document is a policy's text, parsed. It is immutable.
type Document struct {
	Version    string // "" if absent, which means 2008-10-17
	ID         string
	Statements []*Statement

	src string
}

// Position is a place in a document's text.
type Position struct {
	Offset int `json:"offset"` // bytes, from 0
	Line   int `json:"line"`   // from 1
	Column int `json:"column"` // characters, from 1
}

// Statement is one statement of a document.
type Statement struct {
	Index  int // in the document, from 0
	Sid    string
	Effect string
	Start  Position // of its opening brace
	End    Position // just after its closing brace
}

// SyntaxError says where and why a text is not a policy document.
type SyntaxError struct {
	Offset, Line, Column int
	Msg                  string
}

func (e *SyntaxError) Error() string { return e.Msg }

// Parse reads a policy document.
func Parse(src []byte) (*Document, error) {
	if len(src) == 0 {
		return nil, &SyntaxError{Line: 1, Column: 1, Msg: "empty document"}
	}
	return &Document{src: string(src)}, nil
}

// Kind says what a document is written for, and so what its grammar demands.
type Kind uint8

const (
	IdentityPolicy Kind = iota // also permissions boundaries
	SessionPolicy
	TrustPolicy
	ResourcePolicy
	EndpointPolicy
	ServiceControlPolicy
	ResourceControlPolicy
)

// Check is the strict test of a document that is about to be stored. The
// error's text is the message of AWS's MalformedPolicyDocument.
func (d *Document) Check(kind Kind) error { return errors.ErrUnsupported }

// String gives the document's text, as it was parsed.
func (d *Document) String() string { return d.src }

// Principals calls f for every value of Principal and NotPrincipal with its
// kind: "AWS", "Service", "Federated", "CanonicalUser", or "*" for a lone star.
func (d *Document) Principals(f func(kind, value string)) {}

// MapPrincipals returns the document with each AWS principal replaced by what
// f returns for it. All else, the layout too, stays as it is.
func (d *Document) MapPrincipals(f func(string) string) *Document { return d }
