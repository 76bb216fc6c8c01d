package imds

import (
	"context"
	"log/slog"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/writ-iam/writ/service/ec2"
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
	places map[start]place
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
	close()
}

// start is one start of an instance.
type start struct {
	account, id string
	number      int
}

func startOf(i *ec2.Instance) start { return start{i.Account, i.ID, i.Starts} }

// NewFleet makes a fleet without instances; Run brings them.
func NewFleet(c Config) *Fleet {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Fleet{config: c, key: identityKey{c.Store, c.Now}, places: map[start]place{}}
}

// Certificate returns, in PEM, the certificate that identity documents are
// checked with.
func (f *Fleet) Certificate(ctx context.Context) ([]byte, error) { return f.key.Certificate(ctx) }

// Host says where an account's instance is, store.ErrNotFound if it has no place
// here.
func (f *Fleet) Host(_ context.Context, account, id string) (*own.Host, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for s, p := range f.places {
		if s.id == id && s.account == account {
			return p.host(), nil
		}
	}
	return nil, store.ErrNotFound
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

func aboutInstances(w store.Write) bool {
	_, _, _, ok := ec2.ChangedInstance(w.Key)
	return ok
}

// keep opens the places that are missing and closes those that are too many. An
// instance that was started again, even within a moment, gets a new place.
func (f *Fleet) keep(ctx context.Context, o *Options, m *metrics) {
	all, err := o.Source.Running(ctx)
	if err != nil {
		if ctx.Err() == nil {
			f.config.Log.Error("instances", slog.Any("error", err))
		}
		return
	}
	running := map[start]bool{}
	for _, i := range all {
		running[startOf(i)] = true
	}
	for ended := range f.close(running) {
		m.forget(ended.id)
	}
	for _, i := range all {
		if ctx.Err() == nil && !f.has(startOf(i)) {
			f.start(o, m, i)
		}
	}
}

func (f *Fleet) start(o *Options, m *metrics, i *ec2.Instance) {
	p, err := f.open(newService(o, m, i), i)
	if err != nil {
		f.config.Log.Error("the instance has no place on this host", "instance", i.ID, slog.Any("error", err))
		return
	}
	f.mu.Lock()
	f.places[startOf(i)] = p
	f.mu.Unlock()
	f.config.Log.Info("instance started", "instance", i.ID)
}

func (f *Fleet) open(s *Service, i *ec2.Instance) (place, error) {
	if !f.config.Namespaces {
		return f.shared.add(s, f.config.Endpoint)
	}
	f.shared.know(s)
	return openNamespace(&f.config, s, i, func() { f.shared.forget(s.id) })
}

func (f *Fleet) has(s start) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, ok := f.places[s]
	return ok
}

// gone takes out the places of instances that do not run.
func (f *Fleet) gone(running map[start]bool) map[start]place {
	f.mu.Lock()
	defer f.mu.Unlock()
	gone := map[start]place{}
	for s, p := range f.places {
		if !running[s] {
			gone[s] = p
			delete(f.places, s)
		}
	}
	return gone
}

// close closes the places of instances that do not run, all at once, and returns
// them.
func (f *Fleet) close(running map[start]bool) map[start]place {
	gone := f.gone(running)
	var ending sync.WaitGroup
	for s, p := range gone {
		ending.Go(p.close)
		f.config.Log.Info("instance ended", "instance", s.id)
	}
	ending.Wait()
	return gone
}
