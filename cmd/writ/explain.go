package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/writ-iam/writ/sigv4"
)

func explainCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "explain REQUEST-ID",
		Short: "Show why a request was allowed or denied",
		Long: "Explain shows how a request of your account was decided: every permission it needed, and\n" +
			"for one that was denied how each statement of each policy fared. The request id stands in\n" +
			"the error (aws --debug shows it) and in the event (aws cloudtrail lookup-events).\n\n" +
			"It signs with the AWS variables of the shell, see `writ env`, and needs the permission\n" +
			"writ:ExplainRequest.",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return errors.New("explain one request: writ explain REQUEST-ID; the ids are in aws cloudtrail lookup-events")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
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
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the answer of ExplainRequest as it is")
	return cmd
}

// ask makes a signed call of Writ's own service, with the AWS variables.
func ask(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	creds := sigv4.Credentials{AccessKeyID: os.Getenv("AWS_ACCESS_KEY_ID"), SecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY"), SessionToken: os.Getenv("AWS_SESSION_TOKEN")}
	if creds.AccessKeyID == "" {
		return nil, errors.New(`no credentials: eval "$(writ env)" sets them`)
	}
	r, err := http.NewRequestWithContext(ctx, method, or(os.Getenv("AWS_ENDPOINT_URL"), "http://"+defaultAddress)+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	scope := sigv4.Scope{Region: or(os.Getenv("AWS_REGION"), "us-east-1"), Service: "writ"}
	if err := sigv4.Sign(r, creds, scope, sigv4.HashPayload(body), time.Now()); err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	told, err := io.ReadAll(io.LimitReader(answer.Body, 16<<20))
	if err == nil && answer.StatusCode != http.StatusOK {
		return nil, failure(answer, told)
	}
	return told, err
}

func failure(answer *http.Response, body []byte) error {
	var e struct{ Message string }
	json.Unmarshal(body, &e)
	return fmt.Errorf("%s: %s", or(answer.Header.Get("X-Amzn-Errortype"), answer.Status), e.Message)
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
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
