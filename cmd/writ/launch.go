package main

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/writ-iam/writ/service/ec2"
)

// launch is what an instance is launched with.
type launch struct {
	image, kind, profile, key, tokens string
	tags                              map[string]string
	containers                        bool
}

func instanceRun() *cobra.Command {
	l := new(launch)
	cmd := &cobra.Command{
		Use:   "run [flags] [-- COMMAND…]",
		Short: "Launch an instance and run a command, or a shell, as it",
		Long: "Run launches an instance (ec2:RunInstances) and then runs a command, or a shell, as it. The\n" +
			"instance runs on when the command has ended: aws ec2 terminate-instances ends it, and what\n" +
			"still runs in it.",
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := commandOf(args)
			if err != nil {
				return err
			}
			id, err := l.launch(cmd.Context())
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "instance %s runs, until aws ec2 terminate-instances --instance-ids %[1]s\n", id)
			return c.enter(cmd.Context(), id, l.containers)
		},
	}
	l.flags(cmd)
	return cmd
}

func (l *launch) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&l.image, "image-id", ec2.HostImage, "image; the default is this host")
	f.StringVar(&l.kind, "instance-type", "", "type of the instance")
	f.StringVar(&l.profile, "profile", "", "`NAME` of the instance profile, whose role the instance gets")
	f.StringVar(&l.key, "key", "", "`NAME` of the key pair")
	f.StringVar(&l.tokens, "http-tokens", "", "required (IMDSv2 alone, the default) or optional")
	f.StringToStringVar(&l.tags, "tag", nil, "tag of the instance, KEY=VALUE; may be repeated")
	containerFlag(cmd, &l.containers)
}

func containerFlag(cmd *cobra.Command, containers *bool) {
	cmd.Flags().BoolVar(containers, "container-credentials", false, "give the credentials in the way of ECS (AWS_CONTAINER_CREDENTIALS_…)")
}

// form is the request of RunInstances.
func (l *launch) form() url.Values {
	form := url.Values{"MinCount": {"1"}, "MaxCount": {"1"}, "ImageId": {l.image}}
	for name, v := range map[string]string{"InstanceType": l.kind, "KeyName": l.key, "IamInstanceProfile.Name": l.profile, "MetadataOptions.HttpTokens": l.tokens} {
		if v != "" {
			form.Set(name, v)
		}
	}
	if len(l.tags) == 0 {
		return form
	}
	form.Set("TagSpecification.1.ResourceType", "instance")
	n := 0
	for key, v := range l.tags {
		n++
		form.Set(fmt.Sprintf("TagSpecification.1.Tag.%d.Key", n), key)
		form.Set(fmt.Sprintf("TagSpecification.1.Tag.%d.Value", n), v)
	}
	return form
}

// launch launches the instance and returns its id.
func (l *launch) launch(ctx context.Context) (string, error) {
	body, err := askEC2(ctx, "RunInstances", l.form())
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
