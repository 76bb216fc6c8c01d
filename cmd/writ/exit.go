package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// errVerdict ends a tool whose output has said already that the answer is no: a
// request is denied, a test failed. It exits with 1 and without a message.
var errVerdict = errors.New("no")

// offline marks a tool on files, which exits with 1 to say no and with 2 if it
// could not find out, as diff and grep do.
const offline = "offline"

func asOffline(cmd *cobra.Command) *cobra.Command {
	cmd.Annotations = map[string]string{offline: "true"}
	return cmd
}

// exitCode writes the error and returns the code to exit with.
func exitCode(stderr io.Writer, cmd *cobra.Command, err error) int {
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errVerdict):
		return 1
	}
	fmt.Fprintln(stderr, "writ:", err)
	for ; cmd != nil; cmd = cmd.Parent() {
		if cmd.Annotations[offline] != "" {
			return 2
		}
	}
	return 1
}
