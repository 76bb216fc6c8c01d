// Package server is the front door for AWS clients: it takes an HTTP request
// through the steps of serve.go and answers it.
//
// Its one idea: the request path is one function that can be read from top to
// bottom (serve), each step a call into the package of that name. There is no
// chain of handlers and no hidden context; what a step learned stands in the Call.
package server

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/writ-iam/writ/audit"
	"github.com/writ-iam/writ/authn"
	"github.com/writ-iam/writ/authz"
	"github.com/writ-iam/writ/model"
	"github.com/writ-iam/writ/service/iam"
	"github.com/writ-iam/writ/store"
	"github.com/writ-iam/writ/store/blobs"
	"github.com/writ-iam/writ/store/events"
	"github.com/writ-iam/writ/wire"
)

// Options are what a Server needs. Store, Keys, Events and Objects are required.
type Options struct {
	Store   *store.DB
	Keys    *store.Keyring
	Events  *events.Writer
	Objects *blobs.Store // the bytes of S3's objects

	Region    string           // where calls act that name no region; "" means us-east-1
	Hosts     []string         // names under which clients reach the server, beside localhost and AWS's own
	Proxies   []netip.Prefix   // peers whose X-Forwarded-For is believed
	Quotas    map[string]int   // overrides of AWS's quotas, by the name that LimitExceeded gives them
	Log       *slog.Logger     // nil discards
	Instances Instances        // nil means that no instance runs here
	Now       func() time.Time // nil means time.Now

	// DataEvents says that reading and writing objects is in the event log, as
	// with a trail that selects all data events.
	DataEvents bool
}

// Server answers requests. It is safe for concurrent use.
type Server struct {
	options  Options
	log      *slog.Logger
	now      func() time.Time
	router   *wire.Router
	authn    *authn.Authenticator
	authz    *authz.Authorizer
	audit    *audit.Log
	methods  map[*model.Operation]*method
	metrics  *metrics
	services *services

	foundation *iam.Foundation // of a server that may be reset; nil for others
	nagged     atomic.Int64    // when root's use was last logged, Unix time in nanoseconds
}

// New joins the services to the store. It fails if a service and its model do
// not fit, or if an operation would be served without an authorization rule.
func New(o Options) (*Server, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Region == "" {
		o.Region = "us-east-1"
	}
	if err := iam.CheckQuotas(o.Quotas); err != nil {
		return nil, err
	}
	s := &Server{options: o, log: o.Log, now: o.Now, metrics: newMetrics(), methods: map[*model.Operation]*method{}}
	s.audit = audit.New(o.Events, o.DataEvents)
	s.services = newServices(o)
	s.authn = authn.New(o.Store, o.Keys, s.services.iam)
	s.authz = authz.New(o.Store, o.Keys, s.services.sources())
	o.Store.Describe = s.audit.Describe
	return s, s.route()
}

// route builds the routing tables from the services' method sets.
func (s *Server) route() (err error) {
	var names []string
	for _, service := range s.services.list() {
		found, err := methods(service.name, service.impl)
		if err != nil {
			return err
		}
		for op, m := range found {
			s.methods[op] = m
		}
		names = append(names, service.name)
	}
	s.router, err = wire.NewRouter(s.options.Region, s.options.Hosts, names...)
	return err
}

// Handler is the public port: health and the like under /_writ/, and AWS's
// protocols everywhere else. What belongs to AWS does not go through a ServeMux,
// which would clean paths and redirect.
func (s *Server) Handler() http.Handler {
	own := http.NewServeMux()
	own.HandleFunc("GET /_writ/health", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("ok\n")) })
	own.HandleFunc("GET /_writ/ready", s.ready)
	own.HandleFunc("POST /_writ/reset", s.reset)
	own.HandleFunc("GET /_writ/instance-identity.pem", s.identityCertificate)
	return s.door(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isOwn(r) {
			own.ServeHTTP(w, r)
			return
		}
		s.ServeHTTP(w, r)
	}))
}

// AdminHandler is the operator's port: metrics. It is not for clients.
func (s *Server) AdminHandler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", s.metrics.handler())
	return mux
}

// ready says whether calls would be decided: the store's revision is confirmed
// and the event log takes events.
func (s *Server) ready(w http.ResponseWriter, _ *http.Request) {
	if s.options.Store.Confirmed() != nil || s.options.Events.Healthy() != nil {
		http.Error(w, "not ready", http.StatusServiceUnavailable)
		return
	}
	w.Write([]byte("ready\n"))
}

// Found makes the first account, if the store has none.
func (s *Server) Found(ctx context.Context, f iam.Foundation) error {
	_, err := s.services.iam.Found(ctx, f, s.now())
	return err
}

// Founded says whether the store has an account.
func (s *Server) Founded(ctx context.Context) (bool, error) { return s.services.iam.Founded(ctx) }
