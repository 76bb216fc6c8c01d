package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/spf13/cobra"
)

func explainCommand() *cobra.Command {
	var asJSON bool
	var name string
	cmd := &cobra.Command{
		Use:   "explain [REQUEST-ID]",
		Short: "Show why a request was allowed or denied",
		Long: "Explain shows how a request of your account was decided: every permission it needed, and\n" +
			"for one that was denied how each statement of each policy fared. The request id stands in\n" +
			"the error (aws --debug shows it) and in the event (aws cloudtrail lookup-events). Without\n" +
			"one, the newest request that was refused in the region is explained.\n\n" +
			"It signs with the AWS variables of the shell, see `writ env`, and needs the permission\n" +
			"writ:ExplainRequest, and to find the newest cloudtrail:LookupEvents.",
		Example: "  writ explain\n  writ explain --of ada      # the newest that was refused to the user ada",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 || len(args) == 1 && name != "" {
				return errors.New("explain one request: writ explain REQUEST-ID, or the newest that was refused: writ explain [--of NAME]")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				id, err := newestRefusal(cmd.Context(), name)
				if err != nil {
					return err
				}
				args = []string{id}
			}
			body, err := ask(cmd.Context(), "GET", "/requests/"+url.PathEscape(args[0])+"/explanation", nil)
			if err != nil {
				return err
			}
			if asJSON {
				_, err = cmd.OutOrStdout().Write(append(body, '\n'))
				return err
			}
			return printExplanation(cmd.OutOrStdout(), body)
		},
	}
	cmd.Flags().StringVar(&name, "of", "", "`NAME` of a user, or of a session (for an instance its id), whose newest refused request is meant")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the answer of ExplainRequest as it is")
	return cmd
}

// printExplanation writes a line for each permission that was there, and the
// whole reasoning for the one that was not.
func printExplanation(w io.Writer, body []byte) error {
	var answer struct {
		Checks []struct{ Action, Resource, Decision, Text string }
		Event  string
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return err
	}
	for _, c := range answer.Checks {
		if c.Decision == "allowed" {
			fmt.Fprintf(w, "%s on %s: ", c.Action, c.Resource)
		}
		fmt.Fprintln(w, strings.TrimSpace(c.Text))
	}
	return printOutcome(w, answer.Event)
}

// printOutcome says what the request ended with, decided or not.
func printOutcome(w io.Writer, event string) error {
	var e struct{ EventName, ErrorCode, ErrorMessage string }
	if err := json.Unmarshal([]byte(event), &e); err != nil {
		return err
	}
	if e.ErrorCode == "" {
		fmt.Fprintf(w, "%s succeeded\n", e.EventName)
		return nil
	}
	fmt.Fprintf(w, "%s failed with %s: %s\n", e.EventName, e.ErrorCode, e.ErrorMessage)
	return nil
}
