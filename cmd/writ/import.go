package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/writ-iam/writ/policy/account"
)

func importCommand() *cobra.Command {
	var output string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "import DUMP…",
		Short: "Read what accounts have of IAM, for writ policy evaluate, explain and test",
		Long: "Import reads the output of aws iam get-account-authorization-details, of one account or of\n" +
			"several, checks it, says what is in it, and with -o writes what decisions need into one\n" +
			"file for --account-file. It exits with 1 if something is missing or cannot be parsed.\n\n" +
			"AWS Organizations may be in a file beside the dumps, made of what its commands print:\n\n" + organizationsExample,
		Example: "  aws iam get-account-authorization-details > dump.json\n" +
			"  writ import dump.json -o account.json\n" +
			"  writ policy explain --account-file account.json --principal arn:aws:iam::111122223333:user/jin --action iam:CreateUser",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error {
			d, err := readAccounts(files)
			if err != nil {
				return err
			}
			problems := account.NewDirectory(d, managedPolicy).Problems()
			if err := report(cmd.OutOrStdout(), d.Summary(), problems, asJSON); err != nil {
				return err
			}
			if err := writeAccounts(output, d); err != nil {
				return err
			}
			return verdict(len(problems) == 0)
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "", "file to write")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return asOffline(cmd)
}

const organizationsExample = `  {"Organizations": {
    "Organization": {"Id": "o-…", "MasterAccountId": "111111111111"},     describe-organization
    "Root": {"Id": "r-…", "Policies": ["p-FullAWSAccess"],                list-roots, list-policies-for-target
      "Accounts": [{"Id": "111111111111", "Policies": ["p-FullAWSAccess"]}],
      "OrganizationalUnits": [{"Id": "ou-…", "Policies": [], "Accounts": [], "OrganizationalUnits": []}]},
    "Policies": [{"PolicySummary": {"Id": "p-…", "Type": "SERVICE_CONTROL_POLICY"}, "Content": "{…}"}]}}   describe-policy`

// writeAccounts writes the compact file, unless it has no name.
func writeAccounts(name string, d *account.Details) error {
	if name == "" {
		return nil
	}
	text, err := json.Marshal(d)
	if err != nil {
		return err
	}
	return os.WriteFile(name, append(text, '\n'), 0o644)
}

// report prints what was read and what is wrong with it.
func report(w io.Writer, s account.Summary, problems []error, asJSON bool) error {
	lines := make([]string, len(problems))
	for i, p := range problems {
		lines[i] = p.Error()
	}
	if asJSON {
		return json.NewEncoder(w).Encode(struct {
			account.Summary
			Problems []string
		}{s, lines})
	}
	fmt.Fprintf(w, "accounts: %s\n", strings.Join(s.Accounts, ", "))
	fmt.Fprintf(w, "%d users, %d groups, %d roles\n", s.Users, s.Groups, s.Roles)
	fmt.Fprintf(w, "%d managed policies, %d inline policies\n", s.ManagedPolicies, s.InlinePolicies)
	if s.Organization != "" {
		fmt.Fprintf(w, "organization %s: %d accounts, %d policies\n", s.Organization, s.OrganizationAccounts, s.OrganizationPolicies)
	}
	for _, line := range lines {
		fmt.Fprintf(w, "%s %s\n", paint(w).in(yellow, "problem:"), line)
	}
	_, err := fmt.Fprintf(w, "%d problems\n", len(lines))
	return err
}
