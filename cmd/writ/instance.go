package main

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"net/url"
	"text/tabwriter"

	"github.com/spf13/cobra"
)

func instanceCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "instance",
		Short: "Run processes as EC2 instances, with their roles",
		Long: "An instance of Writ is real on the host where the server runs: by default a network namespace\n" +
			"in which http://169.254.169.254 answers for it alone. Processes in it have no keys; what they\n" +
			"may do is what the role in the instance's profile may.\n\n" +
			"The commands sign with the AWS variables of the shell, see `writ env`. To enter a namespace\n" +
			"needs root.",
	}
	cmd.AddCommand(instanceRun(), instanceExec(), instanceList(), instanceEnv(), instanceRegister(), instanceDeregister())
	return cmd
}

func instanceExec() *cobra.Command {
	var containers bool
	cmd := &cobra.Command{
		Use:   "exec INSTANCE-ID [-- COMMAND…]",
		Short: "Run a command, or a shell, as an instance that runs",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 || cmd.ArgsLenAtDash() == 0 {
				return errors.New("which instance? writ instance exec INSTANCE-ID -- COMMAND; writ instance list shows them")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := commandOf(args[1:])
			if err != nil {
				return err
			}
			return c.enter(cmd.Context(), args[0], containers)
		},
	}
	containerFlag(cmd, &containers)
	return cmd
}

func instanceList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the account's instances",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			body, err := askEC2(cmd.Context(), "DescribeInstances", url.Values{})
			if err != nil {
				return err
			}
			var out struct {
				Instances []struct {
					ID      string `xml:"instanceId"`
					State   string `xml:"instanceState>name"`
					Address string `xml:"privateIpAddress"`
					Profile string `xml:"iamInstanceProfile>arn"`
				} `xml:"reservationSet>item>instancesSet>item"`
			}
			if err := xml.Unmarshal(body, &out); err != nil {
				return err
			}
			w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 8, 2, ' ', 0)
			for _, i := range out.Instances {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", i.ID, i.State, i.Address, i.Profile)
			}
			return w.Flush()
		},
	}
}

func instanceEnv() *cobra.Command {
	return &cobra.Command{
		Use:   "env INSTANCE-ID",
		Short: "Print the variables with which a process of this host is an instance",
		Long: "Env prints the variables with which a process of this host, started in whatever way, has the\n" +
			"credentials of an instance's role. They are secrets: who has them is the instance.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			h, err := hostOf(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if h.NamespacePath != "" {
				return errors.New("the instance is a network namespace: writ instance exec enters it")
			}
			for _, v := range h.variables(true) {
				fmt.Fprintln(cmd.OutOrStdout(), v)
			}
			return nil
		},
	}
}

func instanceRegister() *cobra.Command {
	return addressCommand("register INSTANCE-ID ADDRESS", "Make the machine at an IP address the instance",
		"Register makes the machine at an IP address the instance: what it asks of the metadata listener\n"+
			"(writ serve --metadata-listen) is answered as the instance's.", "PUT")
}

func instanceDeregister() *cobra.Command {
	return addressCommand("deregister INSTANCE-ID ADDRESS", "Take an IP address from the instance", "", "DELETE")
}

func addressCommand(use, short, long, method string) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, Long: long, Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			path := "/instances/" + url.PathEscape(args[0]) + "/addresses/" + url.PathEscape(args[1])
			_, err := ask(cmd.Context(), method, path, nil)
			return err
		}}
}

// host is the answer of GetInstanceHost.
type host struct {
	InstanceID, Region, Endpoint, NamespacePath, NamespaceID string
	MetadataEndpoint, CredentialsURI, AuthorizationToken     string
}

func hostOf(ctx context.Context, id string) (*host, error) {
	body, err := ask(ctx, "GET", "/instances/"+url.PathEscape(id)+"/host", nil)
	if err != nil {
		return nil, err
	}
	h := new(host)
	return h, json.Unmarshal(body, h)
}
