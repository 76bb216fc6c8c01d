package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/writ-iam/writ/policy"
)

func policyExplainCommand() *cobra.Command {
	var q question
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "explain --principal ARN --action ACTION [--resource ARN] [--policy FILE]…",
		Short: "Show why a request is allowed or denied, and what would allow it",
		Long: "Explain shows how each statement of each policy fares that takes part in the decision.\n" +
			"For a request that is denied it gives the smallest change that would allow it, as\n" +
			"statements to paste that say no more than the request needs. It takes what evaluate\n" +
			"takes and exits as evaluate does.",
		Example: "  writ policy explain --account-file account.json \\\n" +
			"    --principal arn:aws:iam::111122223333:role/deploy --action s3:PutObject --resource arn:aws:s3:::site/index.html",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, r, err := q.read(cmd)
			if err != nil {
				return err
			}
			x, changes := p.Explain(r), p.Suggest(q.anySession(r))
			if asJSON {
				err = json.NewEncoder(cmd.OutOrStdout()).Encode(explained{x, changes})
			} else {
				err = tell(cmd.OutOrStdout(), x, changes)
			}
			if err != nil {
				return err
			}
			return verdict(x.Decision == policy.Allow)
		},
	}
	q.flags(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// anySession returns the request as one by a session that has no name, if the
// principal is a role: what allows it is to name the role.
func (q *question) anySession(r *policy.Request) *policy.Request {
	if q.sessionName != "" || q.principal == "" || r.Principal.RoleARN != q.principal {
		return r
	}
	unnamed, who := *r, *r.Principal
	who.ARN = ""
	unnamed.Principal = &who
	return &unnamed
}

// explained is the answer of explain --json.
type explained struct {
	*policy.Explanation
	Changes []policy.Change `json:"changes,omitempty"` // that would allow the request
}

// tell prints an explanation to a person, and what would allow the request.
func tell(w io.Writer, x *policy.Explanation, changes []policy.Change) error {
	p := paint(w)
	text := x.Text()
	word := x.Decision.String()
	var b strings.Builder
	b.WriteString(decisionText(p, x.Decision) + strings.TrimPrefix(text, word))
	if x.Decision != policy.Allow {
		b.WriteString("\n" + p.in(bold, "What would allow it") + "\n")
		if changes == nil {
			b.WriteString("no statement can: the principal, action or resource is not one that policies can name\n")
		}
		for i, c := range changes {
			fmt.Fprintf(&b, "%d. %s\n", i+1, advice(c))
			for _, s := range c.Statements {
				b.WriteString(indent(s))
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// holders are the words for the policies that a change is about.
var holders = map[policy.Type]string{
	policy.Identity: "identity policy",
	policy.Resource: "policy of the resource",
	policy.Boundary: "permissions boundary",
	policy.Session:  "session policy",
	policy.SCP:      "service control policy",
	policy.RCP:      "resource control policy",
	policy.Endpoint: "policy of the VPC endpoint",
}

// advice says what to do with the statements of a change.
func advice(c policy.Change) string {
	where := holders[c.Type]
	if c.Level > 0 {
		where += fmt.Sprintf(" at level %d", c.Level)
	}
	d := c.Denial
	if d == nil {
		return "No " + where + " allows it. Add:"
	}
	if d.Error != "" {
		return fmt.Sprintf("The %s %s does not parse, and so denies. Repair it: %s", where, d.Policy, d.Error)
	}
	statement := fmt.Sprintf("statement %d", d.Statement+1)
	if d.Sid != "" {
		statement += fmt.Sprintf(" %q", d.Sid)
	}
	what := fmt.Sprintf("The %s %s denies it with %s at %s.", where, d.Policy, statement, d.Start)
	switch {
	case c.Statements == nil:
		return what + " Except the principal, action and resource of this request from it."
	case len(c.Statements) == 0:
		return what + " It denies nothing else: take it out."
	}
	return what + " To except just this request, put in its place:"
}

// indent prints a statement as it would stand in a document.
func indent(statement json.RawMessage) string {
	const around = `{"Statement":`
	doc, err := policy.Parse([]byte(around + string(statement) + "}"))
	if err != nil {
		return string(statement) + "\n"
	}
	lines := strings.Split(doc.String(), "\n")
	lines = lines[1 : len(lines)-1]
	lines[0] = "    {"
	return strings.Join(lines, "\n") + "\n"
}
