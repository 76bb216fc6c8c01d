package policy

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Advice tells a person what would allow a request that was denied: the changes
// of Suggest, with the statements to paste.
func Advice(changes []Change) string {
	var b strings.Builder
	b.WriteString("What would allow it\n")
	if changes == nil {
		b.WriteString("no statement can: the principal, action or resource is not one that policies can name\n")
	}
	for i := range changes {
		fmt.Fprintf(&b, "%d. %s\n", i+1, changes[i].advice())
		for _, s := range changes[i].Statements {
			b.WriteString(indented(s))
		}
	}
	return b.String()
}

// holders are the words for the policies that a change is about.
var holders = [...]string{
	Identity: "identity policy",
	Resource: "policy of the resource",
	Boundary: "permissions boundary",
	Session:  "session policy",
	SCP:      "service control policy",
	RCP:      "resource control policy",
	Endpoint: "policy of the VPC endpoint",
}

// advice says what to do with the statements of the change.
func (c *Change) advice() string {
	where := holders[c.Type]
	if c.Level > 0 {
		where += fmt.Sprintf(" at level %d", c.Level)
	}
	if c.Denial == nil {
		return "No " + where + " allows it. Add:"
	}
	return c.Denial.advice(where, c.Statements)
}

func (d *Denial) advice(where string, instead []json.RawMessage) string {
	if d.Error != "" {
		return fmt.Sprintf("The %s %s does not parse, and so denies. Repair it: %s", where, d.Policy, d.Error)
	}
	statement := fmt.Sprintf("statement %d", d.Statement+1)
	if d.Sid != "" {
		statement += fmt.Sprintf(" %q", d.Sid)
	}
	what := fmt.Sprintf("The %s %s denies it with %s at %s.", where, d.Policy, statement, d.Start)
	switch {
	case instead == nil:
		return what + " Except the principal, action and resource of this request from it."
	case len(instead) == 0:
		return what + " It denies nothing else: take it out."
	}
	return what + " To except just this request, put in its place:"
}

// indented prints a statement as it would stand in a document.
func indented(statement json.RawMessage) string {
	doc, err := Parse([]byte(`{"Statement":` + string(statement) + "}"))
	if err != nil {
		return string(statement) + "\n"
	}
	lines := strings.Split(doc.String(), "\n")
	lines = lines[1 : len(lines)-1]
	lines[0] = "    {"
	return strings.Join(lines, "\n") + "\n"
}
