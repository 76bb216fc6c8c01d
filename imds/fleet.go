package imds

import (
	"cmp"
	"context"
	"log/slog"
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
	reach  Reach
	key    identityKey
	shared *shared

	mu     sync.Mutex
	source Source // nil until it runs
	places map[start]place
	moved  chan struct{} // closed when the fleet begins and when an instance gets its place
}

// place is where one instance is.
type place interface {
	// host says how to get there.
	host() *own.Host
	close()
}

// start is one start of an instance.
type start struct {
	account, region, id string
	number              int
}

func startOf(i *ec2.Instance) start { return start{i.Account, i.Region, i.ID, i.Starts} }

// NewFleet makes a fleet without instances; Run brings them.
func NewFleet(c Config) *Fleet {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Fleet{config: c, key: identityKey{c.Store, c.Now}, places: map[start]place{}, moved: make(chan struct{})}
}

// Certificate returns, in PEM, the certificate that identity documents are
// checked with.
func (f *Fleet) Certificate(ctx context.Context) ([]byte, error) { return f.key.Certificate(ctx) }

// put gives an instance its place.
func (f *Fleet) put(s start, p place) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.places[s] = p
	f.changed()
}

// changed wakes who waits for a place. The caller holds mu.
func (f *Fleet) changed() {
	close(f.moved)
	f.moved = make(chan struct{})
}

// Run keeps places in step with the instances of source until ctx ends, and
// then closes all. It fails at once if its configuration can't be had.
func (f *Fleet) Run(ctx context.Context, source Source, registry prometheus.Registerer, reach Reach) error {
	if err := f.check(); err != nil {
		return err
	}
	f.begin(source, reach)
	options := &Options{Source: source, Store: f.config.Store, Keys: f.config.Keys, Log: f.config.Log, Now: f.config.Now}
	m := newMetrics(registry)
	f.shared = newShared(cmp.Or(f.config.Listen, DefaultListen), source, f.config.Log)
	if f.config.Listen != "" {
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

func (f *Fleet) begin(source Source, reach Reach) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.source, f.reach = source, reach
	f.changed()
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
		if f.place(startOf(i)) == nil && ctx.Err() == nil {
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
	f.put(startOf(i), p)
	f.config.Log.Info("instance started", "instance", i.ID)
}

func (f *Fleet) open(s *Service, i *ec2.Instance) (place, error) {
	if !f.namespaces() {
		return f.shared.add(s, f.reach.Endpoint)
	}
	f.shared.know(s)
	return openNamespace(&f.reach, s, i, func() { f.shared.forget(s.id) })
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
