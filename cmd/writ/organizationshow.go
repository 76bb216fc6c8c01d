package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/writ-iam/writ/cmd/writ/landingzone"
)

func organizationShowCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "show",
		Short: "Show the tree: units, accounts and their states, and the policies on them",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := landingzone.Read(cmd.Context(), newOrganizationClient())
			if err != nil {
				return err
			}
			if o == nil {
				return errNoOrganization
			}
			if asJSON {
				return indent(cmd.OutOrStdout(), o)
			}
			printTree(cmd.OutOrStdout(), o)
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the tree as JSON")
	return cmd
}

// printTree writes a line for each root, unit and account.
func printTree(w io.Writer, o *landingzone.Organization) {
	p := paint(w)
	fmt.Fprintf(w, "%s, managed by %s\n", o.Id, o.MasterAccountId)
	o.Root.Walk(func(n *landingzone.Node, depth int) {
		fmt.Fprintf(w, "%s%s  %s%s", strings.Repeat("  ", depth), p.in(bold, printable(n.Name)), n.Id, accountState(n))
		if len(n.Policies) > 0 {
			fmt.Fprintf(w, "  [%s]", printable(strings.Join(n.Policies, ", ")))
		}
		fmt.Fprintln(w)
	})
}

func accountState(n *landingzone.Node) string {
	if n.State == "" {
		return ""
	}
	return "  " + n.State + "  <" + printable(n.Email) + ">"
}
