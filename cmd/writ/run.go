package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/writ-iam/writ/imds"
	"github.com/writ-iam/writ/server"
)

const hour = time.Hour

// run opens the ports and serves until the process is told to stop. The server's
// own work ends last, when nobody is served any more.
func (c *config) run(ctx context.Context, s *server.Server, fleet *imds.Fleet, log *slog.Logger, admin string) error {
	listeners, err := c.listeners(admin)
	if err != nil {
		return err
	}
	if err := c.relocated(); err != nil {
		return err
	}
	tending, stop := context.WithCancel(context.WithoutCancel(ctx))
	var tend sync.WaitGroup
	tend.Go(func() { s.Tend(tending, server.Retention{Events: c.keepEvents, Changes: c.keepChanges}) })
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return server.Serve(ctx, listeners[0], s.Handler(), log) })
	if len(listeners) > 1 {
		group.Go(func() error { return server.Serve(ctx, listeners[1], s.AdminHandler(), log) })
	}
	if fleet != nil {
		group.Go(func() error { return c.runFleet(ctx, s, fleet, log) })
	}
	go returnMemory(ctx)
	log.Info("listening; every request is authenticated, authorized and recorded", "address", c.endpoint(), "version", version())
	err = group.Wait()
	stop()
	tend.Wait()
	log.Info("stopped")
	return err
}

// listeners opens the public port and, if it has an address, the admin port.
func (c *config) listeners(admin string) ([]net.Listener, error) {
	public, err := c.listenPublic()
	if err != nil || admin == "" {
		return []net.Listener{public}, err
	}
	l, err := listenAdmin(admin)
	if err != nil {
		return nil, errors.Join(err, public.Close())
	}
	return []net.Listener{public, l}, nil
}

func (c *config) listenPublic() (net.Listener, error) {
	if (c.tlsCert == "") != (c.tlsKey == "") {
		return nil, errTLS
	}
	l, err := net.Listen("tcp", c.listen)
	if err != nil {
		return nil, err
	}
	if strings.HasSuffix(c.listen, ":0") {
		c.listen = l.Addr().String() // whichever port was free
	}
	return c.secured(l)
}

// secured speaks TLS on a listener, if it is configured.
func (c *config) secured(l net.Listener) (net.Listener, error) {
	if c.tlsCert == "" {
		return l, nil
	}
	cert, err := tls.LoadX509KeyPair(c.tlsCert, c.tlsKey)
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}), nil
}

// listenAdmin opens a socket that only its owner reaches, or a TCP port. A
// socket that a dead process left is removed; the store's lock has made sure
// that it is not another server's.
func listenAdmin(address string) (net.Listener, error) {
	path, ok := strings.CutPrefix(address, "unix:")
	if !ok {
		return net.Listen("tcp", address)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	return l, os.Chmod(path, 0o600)
}

// relocated tells `writ env` where the server is, if it has a data directory.
func (c *config) relocated() error {
	if c.data == "" {
		return nil
	}
	return relocate(c.data, c.region, c.endpoint())
}

func (c *config) logger(w io.Writer) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.logLevel)); err != nil {
		return nil, fmt.Errorf("--log-level: %q is none of debug, info, warn, error", c.logLevel)
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level})), nil
}

// node names this process in change records.
func node() string {
	host, _ := os.Hostname()
	b := make([]byte, 4)
	rand.Read(b)
	return host + "-" + hex.EncodeToString(b)
}
