package validate

import (
	"fmt"
	"slices"

	"github.com/writ-iam/writ/policy"
)

// Severity is how much a finding matters, in the words of Access Analyzer's
// finding types.
type Severity string

const (
	Error           Severity = "ERROR"            // the document is refused, or does not do what it says
	SecurityWarning Severity = "SECURITY_WARNING" // it allows more than is safe
	Warning         Severity = "WARNING"          // it may not do what was meant
	Suggestion      Severity = "SUGGESTION"       // it can be said better
)

var ranks = []Severity{Error, SecurityWarning, Warning, Suggestion}

func (s Severity) rank() int { return slices.Index(ranks, s) }

// Finding is one thing that is wrong with a document.
type Finding struct {
	Severity Severity `json:"severity"`
	Code     string   `json:"code"` // one of Checks
	Message  string   `json:"message"`
	// Refusal is the message with which AWS refuses to store the document. AWS
	// gives only one, so at most one finding has it.
	Refusal   string          `json:"refusal,omitempty"`
	Start     policy.Position `json:"start"`
	End       policy.Position `json:"end"`           // just after the text that is meant
	Statement int             `json:"statement"`     // index, from 0; -1 if the document as a whole is meant
	Fix       string          `json:"fix,omitempty"` // text to put in the place of that from Start to End; "" if none is obvious
}

// String gives the finding on one line.
func (f Finding) String() string {
	return fmt.Sprintf("%s: %s %s: %s", f.Start, f.Severity, f.Code, f.Message)
}
