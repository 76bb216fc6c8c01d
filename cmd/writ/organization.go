package main

import (
	"errors"

	"github.com/spf13/cobra"
)

func organizationCommand() *cobra.Command {
	cmd := asOffline(&cobra.Command{
		Use:   "organization",
		Short: "Many accounts: a landing zone, the tree, and what a policy would change",
		Long: "Organization makes the accounts and guardrails that a file describes, shows the tree, and\n" +
			"tells what a service control policy would change before it is attached.\n\n" +
			"It signs with the AWS variables of the shell, see `writ env`, and may what they may: init and\n" +
			"simulate are for the management account. Each ends with 0 if there is nothing to tell, with 1\n" +
			"if there is (changes in a plan, calls that would be denied), with 2 if it could not find out.",
	})
	cmd.AddCommand(organizationInitCommand(), organizationShowCommand(), organizationSimulateCommand())
	return cmd
}

var errNoOrganization = errors.New("the account is in no organization: writ organization init makes one")
