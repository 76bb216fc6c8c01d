package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/writ-iam/writ/cmd/writ/landingzone"
)

func organizationInitCommand() *cobra.Command {
	i := &initializer{client: newOrganizationClient()}
	var file, email string
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Make the organization what a landing zone file says",
		Long: "Init makes what lacks of a landing zone: the organization, its units, accounts, service control\n" +
			"policies and where they are attached, and in each of the accounts a role for emergencies that\n" +
			"principals of the management account may assume with a second factor. What is otherwise than\n" +
			"the file has it (an account in another unit, a policy that was edited or detached, a role that\n" +
			"is gone) is mended. Run again it changes nothing.\n\n" +
			"It goes by names: units by their path, policies by their name, accounts by their e-mail address,\n" +
			"else by their name. What the file does not name is left alone, and listed; a policy of the file is\n" +
			"detached where the file does not have it. Nothing is ever deleted.\n\n" +
			"The roles are made as OrganizationAccountAccessRole of each account, which a root user can't\n" +
			"assume: be an IAM user or a role of the management account.\n\n" +
			"With --plan nothing is changed; it ends with 0 if nothing would be, with 1 if something would.",
		Example: "  writ organization init --email 'aws+{name}@example.com' --plan\n" +
			"  writ organization init -f landing-zone.yaml\n" +
			"  writ organization init --print > landing-zone.yaml      # the default, to begin with",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			text, err := readZone(file)
			if err != nil {
				return err
			}
			if i.print {
				_, err := cmd.OutOrStdout().Write(text)
				return err
			}
			zone, err := landingzone.Parse(text, email)
			if err != nil {
				return fmt.Errorf("%s: %w", or(file, "the default landing zone"), err)
			}
			i.out = cmd.OutOrStdout()
			return i.run(cmd.Context(), zone)
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&file, "file", "f", "", "landing zone; without one the default is taken")
	flags.StringVar(&email, "email", "", "`TEMPLATE` of the addresses of accounts that have none in the file: aws+{name}@example.com")
	flags.BoolVar(&i.planOnly, "plan", false, "show what would be done, and do nothing")
	flags.BoolVar(&i.print, "print", false, "print the landing zone file, and do nothing")
	flags.BoolVar(&i.asJSON, "json", false, "print the steps as JSON, once they are done")
	return cmd
}

func readZone(file string) ([]byte, error) {
	if file == "" {
		return landingzone.Default, nil
	}
	return os.ReadFile(file)
}

// initializer takes the steps to a landing zone, or shows them.
type initializer struct {
	client                  *organizationClient
	planOnly, print, asJSON bool
	out                     io.Writer
}

func (i *initializer) run(ctx context.Context, zone *landingzone.Zone) error {
	organization, err := landingzone.Read(ctx, i.client)
	if err != nil {
		return err
	}
	plan, err := landingzone.Make(ctx, i.client, zone, organization)
	if err != nil {
		return err
	}
	for _, s := range plan.Steps {
		if err := i.step(ctx, s); err != nil {
			return err
		}
	}
	if err := i.conclude(plan); err != nil {
		return err
	}
	if len(plan.Unseen) > 0 {
		return errUnseen
	}
	return verdict(!i.planOnly || len(plan.Steps) == 0)
}

var errUnseen = errors.New("an account lets nobody look at its role, which may be otherwise")

var changeColors = map[string]string{"+": green, "~": yellow, "-": red}

// step shows a step, and takes it.
func (i *initializer) step(ctx context.Context, s *landingzone.Step) error {
	if !i.asJSON {
		fmt.Fprintln(i.out, paint(i.out).in(changeColors[s.Change], printable(s.String())))
	}
	if i.planOnly {
		return nil
	}
	if err := s.Take(ctx); err != nil {
		return fmt.Errorf("%s: %w", s, err)
	}
	return nil
}

// conclude says what has come of it.
func (i *initializer) conclude(plan *landingzone.Plan) error {
	if i.asJSON {
		return i.concludeJSON(plan)
	}
	for _, what := range plan.LeftAlone {
		fmt.Fprintf(i.out, "  left alone: %s\n", printable(what))
	}
	for _, what := range plan.Unseen {
		fmt.Fprintf(i.out, "? not looked at: %s\n", printable(what))
	}
	switch n := len(plan.Steps); {
	case n == 0:
		fmt.Fprintln(i.out, "nothing to change: the organization is as the file has it")
	case i.planOnly:
		fmt.Fprintf(i.out, "%d to change; nothing was\n", n)
	default:
		fmt.Fprintf(i.out, "%d changed\n", n)
	}
	return nil
}

func (i *initializer) concludeJSON(plan *landingzone.Plan) error {
	type step struct {
		Change string `json:"change"`
		What   string `json:"what"`
	}
	out := struct {
		Applied   bool     `json:"applied"`
		Steps     []step   `json:"steps"`
		LeftAlone []string `json:"leftAlone"`
		NotSeen   []string `json:"notLookedAt"`
	}{!i.planOnly, []step{}, append([]string{}, plan.LeftAlone...), append([]string{}, plan.Unseen...)}
	for _, s := range plan.Steps {
		out.Steps = append(out.Steps, step{s.Change, s.What})
	}
	return indent(i.out, out)
}

func indent(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
