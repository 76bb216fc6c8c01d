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
	"slices"
	"sync/atomic"
	"time"

	"github.com/writ-iam/writ/audit"
	"github.com/writ-iam/writ/authn"
	"github.com/writ-iam/writ/authz"
	"github.com/writ-iam/writ/egress"
	"github.com/writ-iam/writ/oidc"
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
	Issuer    string           // URL under which verifiers of web identity tokens reach the server; "" means http://localhost:4810
	Hosts     []string         // names under which clients reach the server, beside localhost and AWS's own
	Proxies   []netip.Prefix   // peers whose X-Forwarded-For is believed
	Egress    *egress.Client   // fetches what identity providers publish; nil means one that reaches the public only
	OIDCKeys  *oidc.Keys       // keys of OpenID Connect providers; nil means those that they publish
	SignIn    []string         // URLs of our own that SAML assertions may be made out for, besides AWS's
	Quotas    map[string]int   // overrides of AWS's quotas, by the name that LimitExceeded gives them
	Log       *slog.Logger     // nil discards
	Instances Instances        // nil means that no instance runs here
	Now       func() time.Time // nil means time.Now

	// DataEvents says that reading and writing objects is in the event log, as
	// with a trail that selects all data events.
	DataEvents bool

	// Propagation is how long changes take to have an effect on authentication
	// and authorization; only a store in memory can have any.
	Propagation time.Duration
}

// Server answers requests. It is safe for concurrent use.
type Server struct {
	options  Options
	log      *slog.Logger
	now      func() time.Time
	router   *wire.Router
	authn    *authn.Authenticator
	gate     *authn.Gate
	authz    *authz.Authorizer
	audit    *audit.Log
	methods  map[operation]*method
	metrics  *metrics
	services *services

	effective  *store.DB       // what decisions are made on
	foundation *iam.Foundation // of a server that may be reset; nil for others
	nagged     atomic.Int64    // when root's use was last logged, Unix time in nanoseconds
}

// New joins the services to the store.
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
	if o.Issuer == "" {
		o.Issuer = "http://localhost:4810"
	}
	host, err := issuerHost(o.Issuer)
	if err != nil {
		return nil, err
	}
	o.Hosts = append(slices.Clone(o.Hosts), host)
	if err := checkQuotas(o.Quotas); err != nil {
		return nil, err
	}
	s := &Server{options: o, log: o.Log, now: o.Now, metrics: newMetrics(), methods: map[operation]*method{}}
	if err := s.options.outside(); err != nil {
		return nil, err
	}
	s.audit = audit.New(o.Events, o.DataEvents)
	s.services = newServices(s.options, s.audit)
	if err := s.decideOn(o.Store, o.Propagation); err != nil {
		return nil, err
	}
	o.Store.Describe = s.audit.Describe
	return s, s.route()
}

// decideOn has calls authenticated and authorized by what the store holds, or
// held some time ago.
func (s *Server) decideOn(db *store.DB, ago time.Duration) (err error) {
	s.effective = db
	if ago > 0 {
		if s.effective, err = db.Lag(ago); err != nil {
			return err
		}
		s.services.iam.Effective = s.effective
	}
	s.authn = authn.New(s.effective, s.options.Keys, s.services.iam, s.services.account)
	s.gate = authn.NewGate(s.effective, s.services.iam, s.options.OIDCKeys, s.options.SignIn)
	s.authz = authz.New(s.effective, s.options.Keys, s.services.sources())
	if ago > 0 {
		db.Guard = s.authz.Decided
	}
	return nil
}

// outside fills in how identity providers are asked.
func (o *Options) outside() (err error) {
	if o.Egress == nil {
		if o.Egress, err = egress.New(egress.Options{}); err != nil {
			return err
		}
	}
	if o.OIDCKeys == nil {
		o.OIDCKeys, err = oidc.NewKeys(o.Egress, "")
	}
	return err
}

// route builds the routing tables from the services' method sets.
func (s *Server) route() (err error) {
	var names []string
	for _, service := range s.services.list() {
		for name, m := range methods(service.impl) {
			s.methods[operation{service.name, name}] = m
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
	own.HandleFunc("GET "+issuers+"{issuer}/.well-known/openid-configuration", s.discover)
	own.HandleFunc("GET "+issuers+"{issuer}/.well-known/jwks.json", s.verificationKeys)
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
	s.effective.Settle()
	return err
}

// Founded says whether the store has an account.
func (s *Server) Founded(ctx context.Context) (bool, error) { return s.services.iam.Founded(ctx) }
