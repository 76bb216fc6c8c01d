// Package awstest runs Writ in the test's own process, and scripts against it
// that read like a session with the AWS CLI.
//
// Its one idea: a test of an AWS behaviour should look like what a user types.
// Requests are really encoded, signed, sent through the server's handler and
// decoded again, so that a script passes through every step of the request path.
package awstest

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/writ-iam/writ/egress"
	"github.com/writ-iam/writ/imds"
	"github.com/writ-iam/writ/server"
	"github.com/writ-iam/writ/service/iam"
	"github.com/writ-iam/writ/sigv4"
	"github.com/writ-iam/writ/store"
	"github.com/writ-iam/writ/store/blobs"
	"github.com/writ-iam/writ/store/events"
)

// Account is the lab's account.
const Account = "000000000000"

// Root signs as the lab's root user.
var Root = sigv4.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}

// Lab is an installation in memory with one account, whose root user has an
// access key, and a clock that can be advanced.
type Lab struct {
	Region  string // that calls are signed for; "" means us-east-1
	Server  *server.Server
	Store   *store.DB
	Keys    *store.Keyring
	Events  *events.Writer
	Fleet   *imds.Fleet // gives instances a path of a loopback listener
	handler http.Handler
	ahead   atomic.Int64 // how far its clock is ahead of the real one, in nanoseconds
}

// New starts a lab that ends with the test.
func New(t testing.TB) *Lab {
	t.Helper()
	return NewOn(t, events.NewMemory(logEntries, logBytes))
}

// NewOn starts a lab that writes its events to a log.
func NewOn(t testing.TB, log events.Log) *Lab {
	t.Helper()
	return begin(t, log, func(*server.Options) {})
}

// NewLate starts a lab in which changes take effect after a delay.
func NewLate(t testing.TB, delay time.Duration) *Lab {
	t.Helper()
	return begin(t, events.NewMemory(logEntries, logBytes), func(o *server.Options) { o.Propagation = delay })
}

// NewReaching starts a lab that fetches what identity providers publish with a
// client.
func NewReaching(t testing.TB, client *egress.Client) *Lab {
	t.Helper()
	return begin(t, events.NewMemory(logEntries, logBytes), func(o *server.Options) { o.Egress = client })
}

// NewWith starts a lab with other quotas than AWS's.
func NewWith(t testing.TB, quotas map[string]int) *Lab {
	t.Helper()
	return begin(t, events.NewMemory(logEntries, logBytes), func(o *server.Options) { o.Quotas = quotas })
}

// NewIn starts a lab that keeps the bytes of objects in a directory.
func NewIn(t testing.TB, dir string) *Lab {
	t.Helper()
	objects, err := blobs.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return begin(t, events.NewMemory(logEntries, logBytes), func(o *server.Options) { o.Objects = objects })
}

func begin(t testing.TB, log events.Log, change func(*server.Options)) *Lab {
	t.Helper()
	l, err := start(t, log, change)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// What the log of a lab holds.
const logEntries, logBytes = 100_000, 64 << 20

func start(t testing.TB, log events.Log, change func(*server.Options)) (*Lab, error) {
	keys, err := store.NewKeyring(bytes.Repeat([]byte{7}, store.MasterKeySize))
	if err != nil {
		return nil, err
	}
	l := &Lab{Keys: keys, Events: events.NewWriter(log)}
	if l.Store, err = store.Open(t.Context(), "memory:", store.Options{Keys: keys, Node: "lab", Now: l.Now}); err != nil {
		return nil, err
	}
	objects, err := blobs.Open("memory:")
	if err != nil {
		return nil, err
	}
	o := server.Options{Store: l.Store, Keys: keys, Events: l.Events, Objects: objects, Now: l.Now, DataEvents: true}
	l.Fleet = imds.NewFleet(imds.Config{Store: l.Store, Keys: keys, Now: l.Now, Mode: imds.Loopback, Listen: "127.0.0.1:0"})
	o.Instances = l.Fleet
	change(&o)
	if err := outside(t, &o); err != nil {
		return nil, err
	}
	if l.Server, err = server.New(o); err != nil {
		return nil, err
	}
	l.handler = l.Server.Handler()
	t.Cleanup(func() { l.Events.Close(); l.Store.Close() })
	if err := l.Server.Found(t.Context(), foundation); err != nil {
		return nil, err
	}
	l.run(t)
	return l, nil
}

// run gives instances their places until the test ends.
func (l *Lab) run(t testing.TB) {
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		l.Fleet.Run(ctx, l.Server, l.Server.Metrics(), imds.Reach{Endpoint: "http://localhost"})
	}()
	t.Cleanup(func() { stop(); <-ended })
}

var foundation = iam.Foundation{Partition: "aws", Account: Account, Email: "root@example.com",
	Root: iam.Key{ID: Root.AccessKeyID, Secret: Root.SecretAccessKey}}

// AllowReset opens POST /_writ/reset, as `writ dev` does.
func (l *Lab) AllowReset() { l.Server.AllowReset(foundation) }

// Now is the lab's clock.
func (l *Lab) Now() time.Time { return time.Now().Add(time.Duration(l.ahead.Load())) }

// Advance sets the lab's clock forward.
func (l *Lab) Advance(d time.Duration) { l.ahead.Add(int64(d)) }

// Handler is the lab's public port.
func (l *Lab) Handler() http.Handler { return l.handler }

// Do sends a request through the server's handler.
func (l *Lab) Do(r *http.Request) *http.Response {
	r.RemoteAddr = "127.0.0.1:50000"
	w := httptest.NewRecorder()
	l.handler.ServeHTTP(w, r)
	return w.Result()
}
