package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/writ-iam/writ/catalogue"
	"github.com/writ-iam/writ/policy/account"
)

func accountFlag(cmd *cobra.Command, files *[]string) {
	cmd.Flags().StringArrayVar(files, "account-file", nil, "`FILE` that writ import wrote, or the output of aws iam get-account-authorization-details,\nto take the principal's policies from; may be repeated")
}

// openAccounts reads account files, nil if there are none.
func openAccounts(names []string) (*account.Directory, error) {
	if len(names) == 0 {
		return nil, nil
	}
	d, err := readAccounts(names)
	if err != nil {
		return nil, err
	}
	return account.NewDirectory(d, managedPolicy), nil
}

func readAccounts(names []string) (*account.Details, error) {
	all := &account.Details{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		d, err := account.Parse(text)
		if err == nil {
			err = all.Add(d)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return all, nil
}

// managedPolicy gives the document of an AWS managed policy.
func managedPolicy(arn string) (string, bool) {
	m, ok := catalogue.ManagedPolicy(arn)
	if !ok {
		return "", false
	}
	return m.Document, true
}
