// Command writ is the server and its command line in one binary: flags and
// wiring, and nothing else.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime"
	"syscall"

	"github.com/spf13/cobra"
)

func main() {
	floor := make([]byte, heapFloor)
	defer runtime.KeepAlive(floor)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	cmd, err := root().ExecuteContextC(ctx)
	if code := exitCode(os.Stderr, cmd, err); code != 0 {
		os.Exit(code)
	}
}

func root() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "writ",
		Short: "AWS IAM that you run yourself",
		Long: "Writ speaks the AWS wire protocols, so that the AWS CLI, the SDKs and Terraform work\n" +
			"against it unchanged. It authenticates every request, decides it by the complete\n" +
			"policy evaluation logic, and records it in CloudTrail's form.",
		SilenceUsage: true, SilenceErrors: true,
	}
	cmd.CompletionOptions.HiddenDefaultCmd = true
	cmd.AddCommand(serveCommand(), devCommand(), envCommand(), explainCommand(), instanceCommand(), importMFACommand(), organizationCommand(),
		coverageCommand(), versionCommand(), policyCommand(), importCommand())
	return cmd
}
