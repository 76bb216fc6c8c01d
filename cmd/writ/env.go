package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

func envCommand() *cobra.Command {
	var data string
	var dev bool
	cmd := &cobra.Command{
		Use:   "env",
		Short: `Print the AWS variables of a shell: eval "$(writ env)"`,
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c := &credentials{"test", "test", "us-east-1", "http://" + defaultAddress}
			if !dev {
				var err error
				if c, err = readCredentials(data); err != nil {
					return err
				}
			}
			c.print(cmd.OutOrStdout())
			return nil
		},
	}
	cmd.Flags().StringVar(&data, "data", "writ-data", "data directory of the server")
	cmd.Flags().BoolVar(&dev, "dev", false, "print what `writ dev` takes with its defaults")
	return cmd
}

// print writes shell commands. The values are made by Writ and need no quoting
// but for the endpoint, which a user configures.
func (c *credentials) print(w io.Writer) {
	fmt.Fprintf(w, "export AWS_ACCESS_KEY_ID=%s\n", c.AccessKeyID)
	fmt.Fprintf(w, "export AWS_SECRET_ACCESS_KEY=%s\n", c.SecretAccessKey)
	fmt.Fprintf(w, "export AWS_ENDPOINT_URL='%s'\n", c.Endpoint)
	fmt.Fprintf(w, "export AWS_REGION=%s\n", c.Region)
	fmt.Fprintf(w, "export AWS_DEFAULT_REGION=%s\n", c.Region)
	fmt.Fprintln(w, "unset AWS_SESSION_TOKEN AWS_PROFILE")
}
