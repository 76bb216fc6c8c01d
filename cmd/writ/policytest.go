package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/writ-iam/writ/policy/account"
	"github.com/writ-iam/writ/policy/policytest"
)

func policyTestCommand() *cobra.Command {
	var asJSON bool
	var accountFiles []string
	cmd := &cobra.Command{
		Use:   "test FILE…",
		Short: "Run policy tests: requests, their policies, and the decisions to expect",
		Long: "Test decides the cases of each file, a list in JSON or YAML or one case a line, and shows\n" +
			"those that are not decided as they expect, with the explanation. It exits with 0 only if\n" +
			"all cases pass, with 1 if one fails, with 2 if a file cannot be read.\n\n" +
			"Nothing is added to a case, but that a session without a roleArn is one of the role that its\n" +
			"ARN names, without a path. With --account-file, what a case leaves open is taken from the\n" +
			"account: its principal's policies and boundary, the trust policy, SCPs and RCPs, and the\n" +
			"context keys that follow from the principal.",
		Example: "  writ policy test policies/*.yaml",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error {
			directory, err := openAccounts(accountFiles)
			if err != nil {
				return err
			}
			t := tester{out: cmd.OutOrStdout(), asJSON: asJSON, directory: directory}
			for _, file := range files {
				if err := t.file(file); err != nil {
					return err
				}
			}
			if !asJSON {
				fmt.Fprintf(t.out, "%d passed, %d failed\n", t.passed, t.failed)
			}
			return verdict(t.failed == 0)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one result a line: id, decision, by, micros, ok")
	accountFlag(cmd, &accountFiles)
	return cmd
}

// tester runs cases and counts.
type tester struct {
	out            io.Writer
	asJSON         bool
	directory      *account.Directory // nil if nothing is to be added
	passed, failed int
}

func (t *tester) file(name string) error {
	cases, err := policytest.ReadFile(name)
	if err != nil {
		return err
	}
	for i, c := range cases {
		title := c.ID
		if title == "" {
			title = fmt.Sprintf("%s, case %d", name, i+1)
		}
		if t.directory != nil {
			if err := t.directory.Complete(&c.Policies, &c.Request); err != nil {
				return fmt.Errorf("%s: %w", title, err)
			}
		}
		assumeRole(c.Request.Principal)
		if err := t.run(title, c); err != nil {
			return err
		}
	}
	return nil
}

func (t *tester) run(title string, c *policytest.Case) error {
	outcome := c.Run()
	if outcome.OK {
		t.passed++
	} else {
		t.failed++
	}
	switch {
	case t.asJSON:
		return json.NewEncoder(t.out).Encode(outcome)
	case outcome.OK:
		return nil
	}
	expected := c.Expect.String()
	if c.ExpectBy != "" {
		expected += " by " + c.ExpectBy
	}
	fmt.Fprintf(t.out, "%s %s: expected %s\n", paint(t.out).in(red, "FAIL"), title, expected)
	if c.Why != "" {
		fmt.Fprintf(t.out, "  %s\n", c.Why)
	}
	_, err := fmt.Fprintf(t.out, "%s\n", c.Explain().Text())
	return err
}
