package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"

	"github.com/writ-iam/writ/imds"
)

// config is what can be configured. Every setting is a flag; the environment
// (WRIT_LISTEN for --listen) and one file (listen: …) set the same names. A flag
// wins over the environment, the environment over the file, and a name that
// does not exist is fatal wherever it stands.
type config struct {
	listen      string
	data        string
	store       string
	region      string
	hosts       []string
	issuer      string
	proxies     []string
	tlsCert     string
	tlsKey      string
	admin       string
	masterKey   string
	partition   string
	account     string
	email       string
	keepEvents  time.Duration
	keepChanges time.Duration
	quotas      map[string]int
	propagation time.Duration
	logLevel    string
	objects     string
	dataEvents  bool
	federation  federation

	instances      string
	metadataListen string
}

const defaultAddress = "127.0.0.1:4810"

// common declares the flags that serve and dev share.
func (c *config) common(f *pflag.FlagSet) {
	f.StringVar(&c.listen, "listen", defaultAddress, "address and port to listen on")
	f.StringVar(&c.region, "region", "us-east-1", "region of requests that name none")
	f.StringSliceVar(&c.hosts, "host", nil, "host name under which clients reach the server; may be repeated")
	f.StringVar(&c.issuer, "issuer", "", "URL under which verifiers of web identity tokens reach the server; part of what tokens say (default where it listens)")
	f.StringSliceVar(&c.proxies, "proxy", nil, "address or CIDR of a proxy whose X-Forwarded-For is believed; may be repeated")
	f.StringVar(&c.tlsCert, "tls-cert", "", "file with the TLS certificate chain (PEM); without it the port speaks plain HTTP")
	f.StringVar(&c.tlsKey, "tls-key", "", "file with the certificate's private key (PEM)")
	f.StringVar(&c.logLevel, "log-level", "info", "debug, info, warn or error")
	f.StringToIntVar(&c.quotas, "quota", nil, "quota to use instead of AWS's: UsersPerAccount=20000; may be repeated")
	f.BoolVar(&c.dataEvents, "data-events", false, "record reads and writes of objects in the event log, too")
	c.federation.declare(f)
	f.StringVar(&c.instances, "instances", string(imds.Automatic), "what instances get on this host: namespaces (network namespaces, on Linux as root),\nloopback (a secret path of a loopback listener), auto (the first of these that can be had) or off")
	f.StringVar(&c.metadataListen, "metadata-listen", "", "address and port of the metadata service for machines that are registered as instances,\nand for instances without namespaces (default none, and "+imds.DefaultListen+")")
	f.String("config", "", "YAML file with settings by the names of the flags")
}

// settle fills in from the environment and the file what no flag has set.
func settle(cmd *cobra.Command) error {
	if err := fromEnvironment(cmd.Flags(), os.Environ()); err != nil {
		return err
	}
	file, _ := cmd.Flags().GetString("config")
	if file == "" {
		return nil
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := fromFile(cmd.Flags(), raw); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// prefix of the environment's names; secrets have names of their own and are
// never flags, which ps shows.
const prefix = "WRIT_"

var secrets = map[string]bool{masterKeyVariable: true}

func fromEnvironment(flags *pflag.FlagSet, environment []string) error {
	for _, entry := range environment {
		name, value, _ := strings.Cut(entry, "=")
		setting, ours := strings.CutPrefix(name, prefix)
		if !ours || secrets[name] {
			continue
		}
		setting = strings.ReplaceAll(strings.ToLower(setting), "_", "-")
		f := flags.Lookup(setting)
		if f == nil {
			return fmt.Errorf("environment: unknown setting %s", name)
		}
		if err := set(flags, f, value); err != nil {
			return fmt.Errorf("environment: %s: %w", name, err)
		}
	}
	return nil
}

func fromFile(flags *pflag.FlagSet, raw []byte) error {
	var settings map[string]yaml.Node
	if err := yaml.NewDecoder(bytes.NewReader(raw)).Decode(&settings); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	for name, node := range settings {
		f := flags.Lookup(name)
		if f == nil || name == "config" || name == "help" {
			return fmt.Errorf("line %d: unknown setting %q", node.Line, name)
		}
		values, err := scalars(&node)
		if err != nil {
			return fmt.Errorf("line %d: %s: %w", node.Line, name, err)
		}
		if err := set(flags, f, strings.Join(values, ",")); err != nil {
			return fmt.Errorf("line %d: %s: %w", node.Line, name, err)
		}
	}
	return nil
}

// set gives a flag a value unless something stronger has.
func set(flags *pflag.FlagSet, f *pflag.Flag, value string) error {
	if f.Changed {
		return nil
	}
	return flags.Set(f.Name, value)
}

// scalars reads a value, a list of values, or a map as name=value.
func scalars(n *yaml.Node) ([]string, error) {
	switch n.Kind {
	case yaml.ScalarNode:
		return []string{n.Value}, nil
	case yaml.SequenceNode:
		var all []string
		err := n.Decode(&all)
		return all, err
	case yaml.MappingNode:
		var all map[string]string
		err := n.Decode(&all)
		var pairs []string
		for name, value := range all {
			pairs = append(pairs, name+"="+value)
		}
		return pairs, err
	}
	return nil, errors.New("not a value, a list or a map")
}

// prefixes parses the addresses of a flag; a lone one stands for itself.
func prefixes(flag string, texts []string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, text := range texts {
		if ip, err := netip.ParseAddr(text); err == nil {
			all = append(all, netip.PrefixFrom(ip, ip.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", flag, err)
		}
		all = append(all, p)
	}
	return all, nil
}
