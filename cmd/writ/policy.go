package main

import "github.com/spf13/cobra"

// policyCommand groups the tools that work on policies in files. They need no
// server; each exits with 0 for yes, 1 for no and 2 if it could not find out.
func policyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "policy",
		Short: "Validate, test, explain and format policies in files, without a server",
		Args:  cobra.NoArgs, // what is no subcommand is an error
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		policyValidateCommand(),
		policyEvaluateCommand(),
		policyExplainCommand(),
		policyTestCommand(),
		policyFmtCommand(),
	)
	return asOffline(cmd)
}
