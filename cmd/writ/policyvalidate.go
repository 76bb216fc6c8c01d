package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/policy/validate"
)

func policyValidateCommand() *cobra.Command {
	v := validator{kind: "identity"}
	cmd := &cobra.Command{
		Use:   "validate FILE…",
		Short: "Find what is wrong or dangerous in policies",
		Long: "Validate finds what AWS would refuse to store, what no request can ever match (actions,\n" +
			"resources and condition keys that do not exist, or not together), and what allows more\n" +
			"than is safe, with the types and codes of IAM Access Analyzer. - is standard input.\n\n" +
			"It exits with 0 if there are no errors and security warnings, with 1 if there are, and\n" +
			"with 2 if a file cannot be read. With --strict warnings count too.",
		Example: "  writ policy validate policies/*.json\n" +
			"  writ policy validate --kind trust --json role.json\n" +
			"  writ policy validate --sarif policies/*.json > policies.sarif",
		Args: cobra.MinimumNArgs(1),
		RunE: v.run,
	}
	cmd.Flags().StringVar(&v.kind, "kind", v.kind, "what the policies are for: "+strings.Join(slices.Sorted(maps.Keys(policyKinds)), ", "))
	cmd.Flags().BoolVar(&v.json, "json", false, "print one finding a line")
	cmd.Flags().BoolVar(&v.sarif, "sarif", false, "print a SARIF 2.1.0 log, for code hosts")
	cmd.Flags().BoolVar(&v.strict, "strict", false, "exit with 1 for warnings too")
	cmd.MarkFlagsMutuallyExclusive("json", "sarif")
	return cmd
}

var policyKinds = map[string]policy.Kind{
	"identity": policy.IdentityPolicy,
	"managed":  policy.ManagedPolicy,
	"session":  policy.SessionPolicy,
	"trust":    policy.TrustPolicy,
	"resource": policy.ResourcePolicy,
	"endpoint": policy.EndpointPolicy,
	"scp":      policy.ServiceControlPolicy,
	"rcp":      policy.ResourceControlPolicy,
}

// validator prints findings as the flags say.
type validator struct {
	kind                string
	json, sarif, strict bool
	reports             []validate.Report
	failed              bool // some finding counts
	principals          bool // some policy of a kind that names none does
}

func (v *validator) run(cmd *cobra.Command, files []string) error {
	kind, ok := policyKinds[v.kind]
	if !ok {
		return fmt.Errorf("--kind %s: want one of %s", v.kind, strings.Join(slices.Sorted(maps.Keys(policyKinds)), ", "))
	}
	var unread []error
	for _, name := range files {
		text, err := readInput(cmd, name)
		if err != nil {
			unread = append(unread, err)
			continue
		}
		if err := v.file(cmd.OutOrStdout(), name, text, kind); err != nil {
			return err
		}
	}
	if v.sarif {
		unread = append(unread, validate.WriteSARIF(cmd.OutOrStdout(), semanticVersion(), v.reports))
	}
	if err := errors.Join(unread...); err != nil {
		return err
	}
	if v.principals && !cmd.Flags().Changed("kind") {
		fmt.Fprintln(cmd.ErrOrStderr(), "a policy that names principals is one of a resource or of a role: --kind resource, --kind trust")
	}
	return verdict(!v.failed)
}

// semanticVersion is the version if the program was built from a tag, else "".
func semanticVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || !strings.HasPrefix(info.Main.Version, "v") {
		return ""
	}
	return strings.TrimPrefix(info.Main.Version, "v")
}

func (v *validator) file(w io.Writer, name string, text []byte, kind policy.Kind) error {
	if name == "-" {
		name = "stdin"
	}
	findings := validate.Document(text, kind)
	for _, f := range findings {
		v.principals = v.principals || f.Code == "UNSUPPORTED_PRINCIPAL"
		v.failed = v.failed || f.Severity == validate.Error || f.Severity == validate.SecurityWarning || v.strict && f.Severity == validate.Warning
	}
	switch {
	case v.sarif:
		v.reports = append(v.reports, validate.Report{File: name, Findings: findings})
		return nil
	case v.json:
		return printJSON(w, name, findings)
	}
	return printFindings(w, name, string(text), findings)
}

func printJSON(w io.Writer, name string, findings []validate.Finding) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for _, f := range findings {
		if err := e.Encode(struct {
			File string `json:"file"`
			validate.Finding
		}{name, f}); err != nil {
			return err
		}
	}
	return nil
}
