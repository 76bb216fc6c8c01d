package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/writ-iam/writ/policy"
)

func policyEvaluateCommand() *cobra.Command {
	var q question
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "evaluate --principal ARN --action ACTION [--resource ARN] [--policy FILE]…",
		Short: "Decide a request by policies in files",
		Long: "Evaluate prints the decision and which type of policy made it. It exits with 0 if the\n" +
			"request is allowed, 1 if it is denied, 2 if something is wrong with the question.\n\n" +
			"The keys that follow from the principal (aws:PrincipalArn, aws:username …) are added\n" +
			"unless --context gives them; a file given with --request is taken as it is.",
		Example: "  writ policy evaluate --principal arn:aws:iam::111122223333:user/jin --policy reader.json \\\n" +
			"    --action s3:GetObject --resource arn:aws:s3:::reports/may.csv",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, r, err := q.read(cmd)
			if err != nil {
				return err
			}
			result := p.Evaluate(r)
			if err := printResult(cmd.OutOrStdout(), result, r, asJSON); err != nil {
				return err
			}
			return verdict(result.Decision == policy.Allow)
		},
	}
	q.flags(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// verdict is nil for yes.
func verdict(yes bool) error {
	if yes {
		return nil
	}
	return errVerdict
}

// printResult tells the decision, and the statement behind it if there is one.
func printResult(w io.Writer, r policy.Result, q *policy.Request, asJSON bool) error {
	s := r.Statement()
	if asJSON {
		answer := struct {
			Decision  policy.Decision  `json:"decision"`
			By        policy.Type      `json:"by"`
			Policy    string           `json:"policy,omitempty"`
			Statement *int             `json:"statement,omitempty"` // from 0
			Sid       string           `json:"sid,omitempty"`
			Start     *policy.Position `json:"start,omitempty"`
		}{Decision: r.Decision, By: r.By}
		if r.Policy != nil {
			answer.Policy = r.Policy.Name()
		}
		if s != nil {
			answer.Statement, answer.Sid, answer.Start = &s.Index, s.Sid, &s.Start
		}
		return json.NewEncoder(w).Encode(answer)
	}
	text := fmt.Sprintf("%s by %s", decisionText(paint(w), r.Decision), r.By)
	if s != nil {
		text += fmt.Sprintf(", %s:%s statement %d", r.Policy.Name(), s.Start, s.Index+1)
		if s.Sid != "" {
			text += fmt.Sprintf(" %q", s.Sid)
		}
	}
	if reason := r.Reason(q); reason != "" {
		text += ", " + reason
	}
	_, err := fmt.Fprintln(w, text)
	return err
}

func decisionText(p painter, d policy.Decision) string {
	if d == policy.Allow {
		return p.in(green, d.String())
	}
	return p.in(red, d.String())
}
