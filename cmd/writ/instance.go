package main

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"net/url"
	"os"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/writ-iam/writ/service/ec2"
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

func instanceRun() *cobra.Command {
	form, launch := url.Values{}, ""
	var profile, key, kind, tokens string
	var tags map[string]string
	var containers bool
	cmd := &cobra.Command{
		Use:   "run [flags] [-- COMMAND…]",
		Short: "Launch an instance and run a command, or a shell, as it",
		Long: "Run launches an instance (ec2:RunInstances) and then runs a command, or a shell, as it. The\n" +
			"instance runs on when the command has ended: aws ec2 terminate-instances ends it, and what\n" +
			"still runs in it.",
		RunE: func(cmd *cobra.Command, args []string) error {
			form.Set("MinCount", "1")
			form.Set("MaxCount", "1")
			form.Set("ImageId", launch)
			optional := map[string]string{"InstanceType": kind, "KeyName": key, "IamInstanceProfile.Name": profile, "MetadataOptions.HttpTokens": tokens}
			for name, v := range optional {
				if v != "" {
					form.Set(name, v)
				}
			}
			addTags(form, tags)
			id, err := launched(cmd.Context(), form)
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "instance %s runs\n", id)
			return enter(cmd.Context(), id, containers, args)
		},
	}
	f := cmd.Flags()
	f.StringVar(&launch, "image-id", ec2.HostImage, "image; the default is this host")
	f.StringVar(&kind, "instance-type", "", "type of the instance")
	f.StringVar(&profile, "profile", "", "`NAME` of the instance profile, whose role the instance gets")
	f.StringVar(&key, "key", "", "`NAME` of the key pair")
	f.StringVar(&tokens, "http-tokens", "", "required (IMDSv2 alone, the default) or optional")
	f.StringToStringVar(&tags, "tag", nil, "tag of the instance, KEY=VALUE; may be repeated")
	containerFlag(cmd, &containers)
	return cmd
}

func containerFlag(cmd *cobra.Command, containers *bool) {
	cmd.Flags().BoolVar(containers, "container-credentials", false, "give the credentials in the way of ECS (AWS_CONTAINER_CREDENTIALS_…)")
}

func addTags(form url.Values, tags map[string]string) {
	if len(tags) == 0 {
		return
	}
	form.Set("TagSpecification.1.ResourceType", "instance")
	n := 0
	for key, v := range tags {
		n++
		form.Set(fmt.Sprintf("TagSpecification.1.Tag.%d.Key", n), key)
		form.Set(fmt.Sprintf("TagSpecification.1.Tag.%d.Value", n), v)
	}
}

// launched launches an instance and returns its id.
func launched(ctx context.Context, form url.Values) (string, error) {
	body, err := askEC2(ctx, "RunInstances", form)
	if err != nil {
		return "", err
	}
	var out struct {
		IDs []string `xml:"instancesSet>item>instanceId"`
	}
	if err := xml.Unmarshal(body, &out); err != nil {
		return "", err
	}
	if len(out.IDs) != 1 {
		return "", fmt.Errorf("%d instances were launched", len(out.IDs))
	}
	return out.IDs[0], nil
}

func instanceExec() *cobra.Command {
	var containers bool
	cmd := &cobra.Command{
		Use:   "exec INSTANCE-ID [-- COMMAND…]",
		Short: "Run a command, or a shell, as an instance that runs",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return enter(cmd.Context(), args[0], containers, args[1:])
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
			_, err := call(cmd.Context(), "writ", method, path, nil)
			return err
		}}
}

// host is the answer of GetInstanceHost.
type host struct {
	InstanceID, Region, Endpoint, NamespacePath, NamespaceID string
	MetadataEndpoint, CredentialsURI, AuthorizationToken     string
}

func hostOf(ctx context.Context, id string) (*host, error) {
	body, err := ask(ctx, "/instances/"+url.PathEscape(id)+"/host")
	if err != nil {
		return nil, err
	}
	h := new(host)
	return h, json.Unmarshal(body, h)
}

// shell is what runs where no command is given.
func shell() string { return or(os.Getenv("SHELL"), "/bin/sh") }
