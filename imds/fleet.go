package imds

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	own "github.com/writ-iam/writ/service/writ"
	"github.com/writ-iam/writ/store"
)

// Fleet keeps a place for every instance that runs: it opens one when an
// instance starts and closes it when it stops, is terminated, or the server ends.
type Fleet struct {
	config Config
	key    identityKey
	shared *shared

	mu     sync.Mutex
	places map[string]place
}

// Config says how instances run here. Store, Keys and Now are required.
type Config struct {
	Store *store.DB
	Keys  *store.Keyring
	Log   *slog.Logger // nil discards
	Now   func() time.Time

	// Namespaces gives each instance a network namespace; it needs Linux and the
	// right to make them (NamespacesWork). Without, instances share a listener.
	Namespaces bool
	// Listen is the address of the shared listener, HOST:PORT. With namespaces
	// it serves registered machines alone, and "" opens none.
	Listen string

	// Endpoint is the URL at which processes of this host reach AWS's services.
	Endpoint string
	// API is the address at which the namespaces' processes do, and ServeAPI
	// serves a listener on it until ctx ends.
	API      API
	ServeAPI func(ctx context.Context, l net.Listener) error
}

// place is where one instance is.
type place interface {
	// host says how to get there.
	host() *own.Host
	account() string
	close()
}

// NewFleet makes a fleet without instances; Run brings them.
func NewFleet(c Config) *Fleet {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Fleet{config: c, key: identityKey{c.Store, c.Now}, places: map[string]place{}}
}

// Certificate returns, in PEM, the certificate that identity documents are
// checked with.
func (f *Fleet) Certificate(ctx context.Context) ([]byte, error) { return f.key.Certificate(ctx) }

// Host says where an account's instance is, store.ErrNotFound if it has no place
// here.
func (f *Fleet) Host(_ context.Context, account, id string) (*own.Host, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, ok := f.places[id]
	if !ok || p.account() != account {
		return nil, store.ErrNotFound
	}
	return p.host(), nil
}

// Run keeps places in step with the instances of source until ctx ends, and
// then closes all.
func (f *Fleet) Run(ctx context.Context, source Source, registry prometheus.Registerer) error {
	options := &Options{Source: source, Store: f.config.Store, Keys: f.config.Keys, Log: f.config.Log, Now: f.config.Now}
	m := newMetrics(registry)
	f.shared = newShared(f.config.Listen, source, f.config.Log)
	if f.config.Namespaces && f.config.Listen != "" {
		if err := f.shared.open(); err != nil {
			return err
		}
	}
	defer f.shared.close()
	wake := f.watch()
	again := time.NewTicker(time.Minute)
	defer again.Stop()
	for {
		f.keep(ctx, options, m)
		select {
		case <-ctx.Done():
			f.close(nil)
			return nil
		case <-wake:
		case <-again.C:
		}
	}
}

// watch wakes the fleet when records of instances change.
func (f *Fleet) watch() <-chan struct{} {
	wake := make(chan struct{}, 1)
	f.config.Store.Watch(func(c store.Change) {
		if !c.Reset && !slices.ContainsFunc(c.Writes, aboutInstances) {
			return
		}
		select {
		case wake <- struct{}{}:
		default:
		}
	})
	return wake
}

func aboutInstances(w store.Write) bool { return strings.HasPrefix(w.Key.Parts()[0], "ec2/") }

// keep opens the places that are missing and closes those that are too many.
func (f *Fleet) keep(ctx context.Context, o *Options, m *metrics) {
	running, err := o.Source.Running(ctx)
	if err != nil {
		if ctx.Err() == nil {
			f.config.Log.Error("instances", slog.Any("error", err))
		}
		return
	}
	for id := range f.close(running) {
		m.forget(id)
	}
	for _, id := range running {
		if ctx.Err() == nil && !f.has(id) {
			f.start(ctx, o, m, id)
		}
	}
}

func (f *Fleet) start(ctx context.Context, o *Options, m *metrics, id string) {
	p, err := f.open(ctx, o, m, id)
	if errors.Is(err, store.ErrNotFound) {
		return // it has ended meanwhile
	}
	if err != nil {
		f.config.Log.Error("the instance has no place on this host", "instance", id, slog.Any("error", err))
		return
	}
	f.mu.Lock()
	f.places[id] = p
	f.mu.Unlock()
	f.config.Log.Info("instance started", "instance", id)
}

func (f *Fleet) open(ctx context.Context, o *Options, m *metrics, id string) (place, error) {
	i, err := o.Source.Instance(ctx, id)
	if err != nil {
		return nil, err
	}
	s := newService(o, m, i)
	if !f.config.Namespaces {
		return f.shared.add(s, f.config.Endpoint)
	}
	f.shared.know(s)
	return openNamespace(&f.config, s, i, func() { f.shared.forget(id) })
}

func (f *Fleet) has(id string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, ok := f.places[id]
	return ok
}

// gone takes out the places of instances that do not run.
func (f *Fleet) gone(running []string) map[string]place {
	f.mu.Lock()
	defer f.mu.Unlock()
	gone := map[string]place{}
	for id, p := range f.places {
		if !slices.Contains(running, id) {
			gone[id] = p
			delete(f.places, id)
		}
	}
	return gone
}

// close closes the places of instances that do not run, all at once, and returns
// them.
func (f *Fleet) close(running []string) map[string]place {
	gone := f.gone(running)
	var ending sync.WaitGroup
	for id, p := range gone {
		ending.Go(p.close)
		f.config.Log.Info("instance ended", "instance", id)
	}
	ending.Wait()
	return gone
}
