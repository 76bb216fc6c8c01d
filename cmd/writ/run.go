package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/writ-iam/writ/server"
)

const hour = time.Hour

// run opens the ports and serves until the process is told to stop.
func (c *config) run(ctx context.Context, s *server.Server, log *slog.Logger, admin string) error {
	public, err := c.listenPublic()
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	if admin != "" {
		l, err := listenAdmin(admin)
		if err != nil {
			return errors.Join(err, public.Close())
		}
		group.Go(func() error { return server.Serve(ctx, l, s.AdminHandler(), log) })
	}
	group.Go(func() error { return server.Serve(ctx, public, s.Handler(), log) })
	group.Go(func() error {
		s.Tend(ctx, server.Retention{Events: c.keepEvents, Changes: c.keepChanges})
		return nil
	})
	log.Info("listening; every request is authenticated, authorized and recorded", "address", c.endpoint(), "version", version())
	err = group.Wait()
	log.Info("stopped")
	return err
}

func (c *config) listenPublic() (net.Listener, error) {
	if (c.tlsCert == "") != (c.tlsKey == "") {
		return nil, errTLS
	}
	l, err := net.Listen("tcp", c.listen)
	if err != nil || c.tlsCert == "" {
		return l, err
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

func (c *config) logger(w io.Writer) *slog.Logger {
	var level slog.Level
	if level.UnmarshalText([]byte(c.logLevel)) != nil {
		level = slog.LevelInfo
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
}

// node names this process in change records.
func node() string {
	host, _ := os.Hostname()
	b := make([]byte, 4)
	rand.Read(b)
	return host + "-" + hex.EncodeToString(b)
}
