// Package imds is the instance metadata service, and what makes instances real
// on this host.
//
// Its one idea: who asks is known by where the request arrives, never by what
// it says. Every running instance has a place of its own: a network namespace
// in which 169.254.169.254 answers for this one instance, or, where namespaces
// can't be made, a path of a loopback listener that nobody can guess. So a
// Service answers for exactly one instance, and no request can name another.
//
// The service tells what EC2's records say now, and hands out credentials of
// the role in the instance's profile, which it gets from STS as
// ec2.amazonaws.com, through the request path, decided and recorded like any
// other call. It never tells policies.
package imds

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/writ-iam/writ/service/ec2"
	"github.com/writ-iam/writ/store"
)

// Requests that one instance may make: as many at once, and each second.
const (
	burst     = 200
	perSecond = 100
)

// Service is the metadata service of one instance. It is safe for concurrent use.
type Service struct {
	id, account, region string

	source  Source
	seals   seals
	key     *identityKey
	limiter *rate.Limiter
	metrics *metrics
	log     *slog.Logger
	now     func() time.Time

	mu     sync.Mutex
	issued map[delivery]*credentials
}

// Options are what services need. All are required but Log.
type Options struct {
	Source Source
	Store  *store.DB // keeps the key that identity documents are signed with
	Keys   *store.Keyring
	Log    *slog.Logger // nil discards
	Now    func() time.Time
}

func newService(o *Options, m *metrics, i *ec2.Instance) *Service {
	return &Service{id: i.ID, account: i.Account, region: i.Region, source: o.Source, seals: seals{o.Keys, i.ID}, key: &identityKey{o.Store, o.Now},
		limiter: rate.NewLimiter(perSecond, burst), metrics: m, log: o.Log, now: o.Now, issued: map[delivery]*credentials{}}
}

// instance is what is known of the instance now, store.ErrNotFound if it does
// not run.
func (s *Service) instance(ctx context.Context) (*ec2.Instance, error) {
	i, err := s.source.Instance(ctx, s.account, s.region, s.id)
	if err == nil && i.State != ec2.StateRunning {
		return nil, store.ErrNotFound
	}
	return i, err
}

// ServeHTTP answers one request of the instance.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a := s.answer(r)
	if a.hops > 0 {
		limitHops(r, a.hops)
	}
	a.send(w)
}
