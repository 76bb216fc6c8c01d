package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
)

func organizationSimulateCommand() *cobra.Command {
	s := new(simulateFlags)
	cmd := &cobra.Command{
		Use:   "simulate",
		Short: "Show what a service control policy would have changed, before it is attached",
		Long: "Simulate decides what the accounts below a root or unit, or one account, have done in the last\n" +
			"days again, under the policies as they are and as they would be. It lists, by account, principal\n" +
			"and action, what was allowed and would be denied, and what service control policies alone deny\n" +
			"and would be allowed. What the log does not know (an event that came late after a crash, a\n" +
			"condition on a context key that was not recorded) is listed as unknown. Nothing is changed.\n\n" +
			"It knows calls that were recorded, no others: data events (s3:GetObject …) only where the server\n" +
			"runs with --data-events. Tags are taken as they were then, the place in the tree as it is now.\n\n" +
			"It needs the permission writ:SimulateAttachment in the management account. It ends with 0 if\n" +
			"nothing would be denied, with 1 if something would, with 2 if that could not be found out.",
		Example: "  writ organization simulate --attach region-lock.json --to ou-ab12-11112222\n" +
			"  writ organization simulate --detach p-FullAWSAccess --attach allowed.json --to 111122223333 --days 30",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return s.run(cmd.Context(), cmd.OutOrStdout()) },
	}
	flags := cmd.Flags()
	flags.StringVar(&s.attach, "attach", "", "`FILE` with the policy to attach")
	flags.StringVar(&s.detach, "detach", "", "`ID` of a policy to detach")
	flags.StringVar(&s.to, "to", "", "`ID` of the root, unit or account that it is attached to, and detached from")
	flags.IntVar(&s.days, "days", 7, "how many days back, at most 90")
	flags.BoolVar(&s.asJSON, "json", false, "print the answer of SimulateAttachment as it is")
	return cmd
}

type simulateFlags struct {
	attach, detach, to string
	days               int
	asJSON             bool
}

// recordedUse is a permission that somebody has used.
type recordedUse struct {
	AccountID, Principal, Action, Reason string
	Count                                int
	LastTime                             float64 // seconds since 1970
}

type simulated struct {
	Accounts, Events         int
	From                     float64
	Complete                 bool
	Denied, Allowed, Unknown []recordedUse
}

func (s *simulateFlags) run(ctx context.Context, w io.Writer) error {
	in, err := s.input()
	if err != nil {
		return err
	}
	body, err := ask(ctx, "POST", "/organization/simulations", in)
	if err != nil {
		return err
	}
	var out simulated
	if err := json.Unmarshal(body, &out); err != nil {
		return err
	}
	if s.asJSON {
		_, err = w.Write(append(body, '\n'))
	} else {
		err = out.print(w)
	}
	switch {
	case err != nil:
		return err
	case len(out.Denied) == 0 && !out.Complete:
		return errors.New("there are more events than one simulation reads: ask for fewer days, or for a smaller part of the tree")
	}
	return verdict(len(out.Denied) == 0)
}

func (s *simulateFlags) input() ([]byte, error) {
	if s.to == "" || s.attach == "" && s.detach == "" {
		return nil, errors.New("say what to attach or detach, and where: --attach FILE --to ID")
	}
	in := map[string]any{"targetId": s.to, "days": s.days}
	if s.attach != "" {
		text, err := os.ReadFile(s.attach)
		if err != nil {
			return nil, err
		}
		in["attach"] = string(text)
	}
	if s.detach != "" {
		in["detach"] = s.detach
	}
	return json.Marshal(in)
}

func (s *simulated) print(w io.Writer) error {
	for _, part := range []struct {
		title, color string
		uses         []recordedUse
	}{
		{"allowed, and would be denied:", red, s.Denied},
		{"denied by service control policies alone, and would be allowed:", green, s.Allowed},
		{"unknown:", yellow, s.Unknown},
	} {
		if len(part.uses) == 0 {
			continue
		}
		fmt.Fprintln(w, paint(w).in(part.color, part.title))
		if err := printUses(w, part.uses); err != nil {
			return err
		}
	}
	fmt.Fprintf(w, "%d denied, %d allowed, %d unknown; %d events of %d accounts since %s\n", total(s.Denied), total(s.Allowed), total(s.Unknown),
		s.Events, s.Accounts, stamp(s.From))
	if !s.Complete {
		fmt.Fprintln(w, "older events were not read: there are too many for one simulation")
	}
	return nil
}

func printUses(w io.Writer, uses []recordedUse) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, u := range uses {
		reason := ""
		if u.Reason != "" {
			reason = "\t" + printable(u.Reason)
		}
		fmt.Fprintf(t, "  %s\t%s\t%s\t%d×\tlast %s%s\n", u.AccountID, printable(u.Principal), u.Action, u.Count, stamp(u.LastTime), reason)
	}
	return t.Flush()
}

func total(uses []recordedUse) (n int) {
	for _, u := range uses {
		n += u.Count
	}
	return n
}

func stamp(seconds float64) string {
	return time.Unix(int64(seconds), 0).UTC().Format("2006-01-02 15:04Z")
}
