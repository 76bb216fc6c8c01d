package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/writ-iam/writ/imds"
	"github.com/writ-iam/writ/server"
	"github.com/writ-iam/writ/store"
)

const noInstances = "off"

// fleet makes what runs instances; nil if nothing does. A database that several
// nodes share does not say on which of their hosts an instance is, so there it
// has to be asked for, on one node.
func (c *config) fleet(db *store.DB, keys *store.Keyring, log *slog.Logger) (*imds.Fleet, error) {
	mode := imds.Mode(c.instances)
	switch {
	case c.instances == noInstances:
		return nil, nil
	case !slices.Contains([]imds.Mode{imds.Automatic, imds.Namespaces, imds.Loopback}, mode):
		return nil, fmt.Errorf("--instances: %q is none of namespaces, loopback, auto, off", c.instances)
	case mode == imds.Automatic && strings.HasPrefix(c.store, "postgres"):
		return nil, nil
	}
	return imds.NewFleet(imds.Config{Store: db, Keys: keys, Log: log, Now: time.Now, Mode: mode, Listen: c.metadataListen}), nil
}

// runFleet runs the instances until ctx ends. The public port is open already.
func (c *config) runFleet(ctx context.Context, s *server.Server, fleet *imds.Fleet, log *slog.Logger) error {
	inside, err := imds.InsideOf(c.listen, c.endpoint())
	if err != nil {
		return err
	}
	serve := func(ctx context.Context, l net.Listener) error {
		secured, err := c.secured(l)
		if err != nil {
			return err
		}
		return server.Serve(ctx, secured, s.Handler(), log)
	}
	return fleet.Run(ctx, s, s.Metrics(), imds.Reach{Endpoint: c.endpoint(), Inside: inside, Serve: serve})
}
