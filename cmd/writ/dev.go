package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"

	"github.com/spf13/cobra"

	"github.com/writ-iam/writ/service/iam"
	"github.com/writ-iam/writ/store"
	"github.com/writ-iam/writ/store/blobs"
	"github.com/writ-iam/writ/store/events"
)

// The event log of writ dev holds this much and forgets the oldest.
const devEvents, devBytes = 100_000, 256 << 20

func devCommand() *cobra.Command {
	c := new(config)
	var rootKey string
	var remote bool
	cmd := &cobra.Command{
		Use:   "dev",
		Short: "Run a server in memory, for development and tests",
		Long: "Dev runs a server in memory, for development and tests. It starts in milliseconds and\n" +
			"enforces everything that `writ serve` does, but its root user has a key that everybody\n" +
			"knows, and POST /_writ/reset with the header X-Writ-Reset: true forgets everything.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := settle(cmd); err != nil {
				return err
			}
			if !remote && !loopback(c.listen) {
				return errors.New("dev has a key that everybody knows: to listen beyond this machine say --allow-remote")
			}
			return c.dev(cmd, rootKey)
		},
	}
	c.common(cmd.Flags())
	cmd.Flags().StringVar(&c.account, "account", "000000000000", "number of the account")
	cmd.Flags().StringVar(&c.partition, "partition", "aws", "partition of the account: aws, aws-cn or aws-us-gov")
	cmd.Flags().StringVar(&rootKey, "root-key", "test:test", "the root user's access key as ID:SECRET")
	cmd.Flags().StringVar(&c.admin, "admin", "", "address for metrics: HOST:PORT or unix:PATH (default none)")
	cmd.Flags().DurationVar(&c.propagation, "propagation", 0, "how long changes take to have an effect, as they do in AWS: 2s (default at once)")
	cmd.Flags().BoolVar(&remote, "allow-remote", false, "listen beyond this machine")
	return cmd
}

func (c *config) dev(cmd *cobra.Command, rootKey string) error {
	ctx := cmd.Context()
	log, err := c.logger(cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	id, secret, ok := strings.Cut(rootKey, ":")
	if !ok || id == "" || secret == "" {
		return errors.New("--root-key: want ID:SECRET")
	}
	f := iam.Foundation{Partition: c.partition, Account: c.account, Email: "root@localhost", Root: iam.Key{ID: id, Secret: secret}}
	if !accountNumber(c.account) {
		return fmt.Errorf("--account: %q is not a number of 12 digits", c.account)
	}
	keys, err := ephemeralKeys()
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, "memory:", store.Options{Keys: keys, Node: node()})
	if err != nil {
		return err
	}
	defer db.Close()
	writer := events.NewWriter(events.NewMemory(devEvents, devBytes))
	defer writer.Close()
	objects, err := blobs.Open("memory:")
	if err != nil {
		return err
	}
	fleet, err := c.fleet(db, keys, log)
	if err != nil {
		return err
	}
	s, err := c.server(parts{db, keys, writer, objects, fleet}, log)
	if err != nil {
		return err
	}
	if err := s.Found(ctx, f); err != nil {
		return err
	}
	s.AllowReset(f)
	log.Warn("development server: its root key is no secret, and it forgets everything when it ends", "rootKey", id, "account", c.account)
	return c.run(ctx, s, fleet, log, c.admin)
}

// ephemeralKeys seal what nobody needs to open after the process.
func ephemeralKeys() (*store.Keyring, error) {
	master := make([]byte, store.MasterKeySize)
	rand.Read(master)
	return store.NewKeyring(master)
}

func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
