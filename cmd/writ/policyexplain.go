package main

import (
	"encoding/json"
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
	text := decisionText(p, x.Decision) + strings.TrimPrefix(x.Text(), x.Decision.String())
	if x.Decision != policy.Allow {
		heading, advice, _ := strings.Cut(policy.Advice(changes), "\n")
		text += "\n" + p.in(bold, heading) + "\n" + advice
	}
	_, err := io.WriteString(w, text)
	return err
}
