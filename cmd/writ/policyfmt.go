package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"github.com/writ-iam/writ/policy"
)

func policyFmtCommand() *cobra.Command {
	var f formatter
	cmd := &cobra.Command{
		Use:   "fmt FILE…",
		Short: "Lay out policy documents",
		Long: "Fmt prints each document in the canonical layout: four spaces for each level, one element\n" +
			"a line, everything in its order and with its meaning. - is standard input.",
		Example: "  writ policy fmt -w policies/*.json",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error {
			for _, name := range files {
				if err := f.file(cmd, name); err != nil {
					return err
				}
			}
			return verdict(!f.check || !f.changed)
		},
	}
	cmd.Flags().BoolVarP(&f.write, "write", "w", false, "write to the file instead of printing")
	cmd.Flags().BoolVarP(&f.diff, "diff", "d", false, "print what would change, as a diff")
	cmd.Flags().BoolVar(&f.check, "check", false, "print the names of files that would change, and exit with 1 if there are any")
	return cmd
}

// formatter does with formatted documents what the flags say.
type formatter struct {
	write, diff, check bool
	changed            bool // some file was, or would be
}

func (f *formatter) file(cmd *cobra.Command, name string) error {
	if f.write && name == "-" {
		return errors.New("-w: standard input cannot be written to")
	}
	text, err := readInput(cmd, name)
	if err != nil {
		return err
	}
	doc, err := policy.Parse(text)
	if err != nil {
		return fmt.Errorf("%s:%w", name, err)
	}
	formatted := []byte(doc.String() + "\n")
	changed := !bytes.Equal(text, formatted)
	f.changed = f.changed || changed
	out := cmd.OutOrStdout()
	if changed && f.diff {
		if _, err := out.Write(diff.Diff(name, text, name+" (formatted)", formatted)); err != nil {
			return err
		}
	}
	if changed && f.check {
		fmt.Fprintln(out, name)
	}
	switch {
	case changed && f.write:
		return rewrite(name, formatted)
	case !f.write && !f.diff && !f.check:
		_, err = out.Write(formatted)
	}
	return err
}

// rewrite replaces a file's text and keeps its permissions. The new text is
// complete beside the old one before it takes its place.
func rewrite(name string, text []byte) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	beside := name + ".writ-fmt"
	if err := os.WriteFile(beside, text, info.Mode().Perm()); err != nil {
		return err
	}
	return os.Rename(beside, name)
}
