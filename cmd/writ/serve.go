package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/imds"
	"github.com/writ-iam/writ/server"
	"github.com/writ-iam/writ/service/iam"
	"github.com/writ-iam/writ/store"
	"github.com/writ-iam/writ/store/blobs"
	"github.com/writ-iam/writ/store/events"
)

func serveCommand() *cobra.Command {
	c := new(config)
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the server on durable data",
		Long: "Serve runs the server on durable data, by default SQLite in ./writ-data.\n\n" +
			"The first start makes an account with its root user and an IAM user \"admin\",\n" +
			"whose access key `writ env` reads:\n\n" +
			"  writ serve &\n  eval \"$(writ env)\"\n  aws sts get-caller-identity",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := settle(cmd); err != nil {
				return err
			}
			return c.serve(cmd)
		},
	}
	c.common(cmd.Flags())
	c.durable(cmd)
	return cmd
}

// durable declares the flags that only data on disk needs.
func (c *config) durable(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&c.data, "data", "writ-data", "data directory")
	f.StringVar(&c.store, "store", "", "where the data is: sqlite:DIR or postgres://… (default sqlite in the data directory)")
	f.StringVar(&c.masterKey, "master-key-file", "", "file with the master key, 32 bytes in base64 (default in the data directory; "+masterKeyVariable+" in the environment wins)")
	f.StringVar(&c.admin, "admin", "", "address for metrics: HOST:PORT or unix:PATH (default a socket in the data directory)")
	f.StringVar(&c.partition, "partition", "aws", "partition of the first account: aws, aws-cn or aws-us-gov; used at the first start")
	f.StringVar(&c.account, "account", "", "number of the first account (default a random one); used at the first start")
	f.StringVar(&c.email, "root-email", "root@localhost", "e-mail address of the root user; used at the first start")
	f.StringVar(&c.objects, "objects", "", "directory for the bytes of S3's objects (default DATA/objects); nodes of one store share it")
	f.DurationVar(&c.keepEvents, "keep-events", 90*24*hour, "how long events are kept; 0 keeps them for ever")
	f.DurationVar(&c.keepChanges, "keep-changes", 30*24*hour, "how long change records are kept; 0 keeps them for ever")
}

func (c *config) serve(cmd *cobra.Command) error {
	ctx := cmd.Context()
	log, err := c.logger(cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	keys, beside, err := c.keyring()
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, c.storeAddress(), store.Options{Keys: keys, Node: node()})
	if err != nil {
		return err
	}
	defer db.Close()
	eventLog, err := c.openEvents(ctx, log)
	if err != nil {
		return err
	}
	writer := events.NewWriter(eventLog)
	defer writer.Close()
	objects, err := blobs.Open(c.objectsAddress())
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
	if err := c.firstStart(ctx, s, log); err != nil {
		return err
	}
	if err := s.Recover(ctx, strings.HasPrefix(c.storeAddress(), "sqlite:")); err != nil {
		return err
	}
	if beside {
		log.Warn("the master key lies beside the data it guards: keep it elsewhere with --master-key-file", "file", filepath.Join(c.data, masterKeyFile))
	}
	return c.run(ctx, s, fleet, log, c.adminAddress())
}

func (c *config) storeAddress() string {
	if c.store == "" {
		return "sqlite:" + c.data
	}
	return c.store
}

func (c *config) objectsAddress() string {
	if c.objects == "" {
		return filepath.Join(c.data, "objects")
	}
	return c.objects
}

func (c *config) adminAddress() string {
	if c.admin == "" {
		return "unix:" + filepath.Join(c.data, "admin.sock")
	}
	return c.admin
}

// openEvents opens the event log that goes with the store.
func (c *config) openEvents(ctx context.Context, log *slog.Logger) (events.Log, error) {
	address := c.storeAddress()
	if dir, ok := strings.CutPrefix(address, "sqlite:"); ok {
		return events.OpenSegments(filepath.Join(dir, "events"), events.Options{Logger: log})
	}
	return events.OpenPostgres(ctx, address)
}

// parts are what a server is made of.
type parts struct {
	db      *store.DB
	keys    *store.Keyring
	events  *events.Writer
	objects *blobs.Store
	fleet   *imds.Fleet // nil where no instance can run
}

func (c *config) server(p parts, log *slog.Logger) (*server.Server, error) {
	proxies, err := prefixes("--proxy", c.proxies)
	if err != nil {
		return nil, err
	}
	issuer := c.issuer
	if issuer == "" {
		issuer = c.endpoint()
	}
	o := server.Options{Store: p.db, Keys: p.keys, Events: p.events, Objects: p.objects, DataEvents: c.dataEvents, Region: c.region,
		Issuer: issuer, Propagation: c.propagation, Hosts: c.hosts, Proxies: proxies, Quotas: c.quotas, Log: log}
	if p.fleet != nil {
		o.Instances = p.fleet
	}
	if err := c.federation.apply(&o); err != nil {
		return nil, err
	}
	return server.New(o)
}

// firstStart makes the first account, if there is none. The credentials file is
// written first: an account that nobody can get into would be worse than a file
// without an account, which the next start overwrites.
func (c *config) firstStart(ctx context.Context, s *server.Server, log *slog.Logger) error {
	if founded, err := s.Founded(ctx); err != nil || founded {
		return err
	}
	f, err := c.foundation()
	if err != nil {
		return err
	}
	admin := &credentials{f.AdminKey.ID, f.AdminKey.Secret, c.region, c.endpoint()}
	if err := admin.write(c.data); err != nil {
		return err
	}
	if err := s.Found(ctx, f); err != nil {
		return err
	}
	fmt.Printf("First start: account %s was made.\n\n"+
		"  root user      %s\n  root password  %s      (shown only now)\n  admin user     %s, access key in %s\n\n"+
		"Use it:  eval \"$(writ env%s)\"\n\n", f.Account, f.Email, f.RootPassword, f.Admin,
		filepath.Join(c.data, credentialsFile), c.dataFlag())
	return nil
}

func (c *config) dataFlag() string {
	if c.data == "writ-data" {
		return ""
	}
	return " --data " + c.data
}

func (c *config) foundation() (iam.Foundation, error) {
	f := iam.Foundation{Partition: c.partition, Account: c.account, Email: c.email, RootPassword: writ.NewSecret()[:20], Admin: "admin"}
	if f.Account == "" {
		n, err := rand.Int(rand.Reader, big.NewInt(9e11))
		if err != nil {
			return f, err
		}
		f.Account = fmt.Sprint(1e11 + n.Int64())
	}
	f.AdminKey = iam.Key{ID: "", Secret: writ.NewSecret()}
	if !accountNumber(f.Account) {
		return f, fmt.Errorf("--account: %q is not a number of 12 digits", f.Account)
	}
	if f.Partition != "aws" && f.Partition != "aws-cn" && f.Partition != "aws-us-gov" {
		return f, fmt.Errorf("--partition: %q is none of aws, aws-cn, aws-us-gov", f.Partition)
	}
	f.AdminKey.ID = writ.NewAccessKeyID(writ.LongTermKeyID, f.Account)
	return f, nil
}

func accountNumber(s string) bool {
	return len(s) == 12 && strings.Trim(s, "0123456789") == ""
}

// endpoint is where `writ env` sends clients.
func (c *config) endpoint() string {
	scheme := "http"
	if c.tlsCert != "" {
		scheme = "https"
	}
	return scheme + "://" + reachable(c.listen)
}

// reachable is an address to call for one to listen on, which may stand for all
// of the machine's.
func reachable(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return listen
	}
	switch host {
	case "", "0.0.0.0":
		host = "127.0.0.1"
	case "::":
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}

var errTLS = errors.New("--tls-cert and --tls-key go together")
