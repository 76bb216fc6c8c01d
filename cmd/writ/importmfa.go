package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

func importMFACommand() *cobra.Command {
	return &cobra.Command{
		Use:   "import-mfa SERIAL-NUMBER",
		Short: "Make a hardware MFA device known by its seed",
		Long: "Import-mfa reads the seed of a hardware device that gives one-time codes (six digits every\n" +
			"30 seconds, SHA-1), in base32, from the standard input: not from the command line, which\n" +
			"others may see. The device is then enabled with aws iam enable-mfa-device.\n\n" +
			"It signs with the AWS variables of the shell, see `writ env`, and needs the permission\n" +
			"writ:ImportMFADevice on arn:aws:iam::ACCOUNT:mfa/SERIAL-NUMBER.",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return errors.New("import one device: writ import-mfa SERIAL-NUMBER < seed")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			line, err := bufio.NewReader(cmd.InOrStdin()).ReadString('\n')
			seed := strings.ToUpper(strings.Join(strings.Fields(line), ""))
			if seed == "" {
				return fmt.Errorf("there is no seed on the standard input: %w", err)
			}
			body, err := json.Marshal(map[string]string{"serialNumber": args[0], "seed": seed})
			if err != nil {
				return err
			}
			_, err = ask(cmd.Context(), "POST", "/mfa-devices", body)
			return err
		},
	}
}
