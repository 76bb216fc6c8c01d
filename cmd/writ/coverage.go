package main

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/writ-iam/writ/server"
)

func coverageCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "coverage",
		Short: "Show which operations of which services are implemented",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			all, err := server.Coverage()
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(all)
			}
			return table(cmd.OutOrStdout(), all)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON, with the operations that are missing")
	return cmd
}

func table(w io.Writer, all map[string]server.ServiceCoverage) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "service\timplemented\toperations\t")
	for _, name := range server.CoverageNames(all) {
		fmt.Fprintf(t, "%s\t%d\t%d\t\n", name, all[name].Implemented, all[name].Total)
	}
	return t.Flush()
}
