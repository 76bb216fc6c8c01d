package imds

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"

	own "github.com/writ-iam/writ/service/writ"
	"github.com/writ-iam/writ/store"
)

// shared is a listener for several instances: those of this host where there
// are no namespaces, which are told by a sealed path, and machines whose
// addresses were registered. Every local user reaches a loopback port, so
// nothing is told to who has neither.
type shared struct {
	address string
	source  Source
	log     *slog.Logger

	mu       sync.Mutex
	services map[string]*Service
	server   *http.Server // nil until it is opened
	at       string       // where it listens
}

func newShared(address string, source Source, log *slog.Logger) *shared {
	return &shared{address: address, source: source, log: log, services: map[string]*Service{}}
}

// open begins to listen, if it does not yet.
func (h *shared) open() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.server != nil {
		return nil
	}
	l, err := net.Listen("tcp", h.address)
	if err != nil {
		return err
	}
	h.server, h.at = listen(l, h, h.log), l.Addr().String()
	return nil
}

func (h *shared) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.server != nil {
		h.server.Close()
	}
}

func (h *shared) know(s *Service) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.services[s.id] = s
}

func (h *shared) forget(id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.services, id)
}

func (h *shared) service(id string) (*Service, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s, ok := h.services[id]
	return s, ok
}

func (h *shared) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if handler, ok := h.handler(r); ok {
		handler.ServeHTTP(w, r)
		return
	}
	refuse(http.StatusNotFound).send(w)
}

// handler finds whom a request is for: /ID/SEAL/… and /v2/credentials/ID name
// their instance and prove it, anything else comes from a registered machine.
func (h *shared) handler(r *http.Request) (http.Handler, bool) {
	path := r.URL.EscapedPath()
	if id, ok := strings.CutPrefix(path, credentialsPath); ok {
		s, ok := h.service(id)
		return containers{Service: s}, ok
	}
	if s, rest, ok := h.sealed(path); ok {
		return moved{s, rest}, true
	}
	return h.registered(r)
}

// sealed opens the path of an instance.
func (h *shared) sealed(path string) (*Service, *url.URL, bool) {
	id, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	seal, rest, _ := strings.Cut(rest, "/")
	s, ok := h.service(id)
	if !ok {
		return nil, nil, false
	}
	if _, ok := s.seals.check(addressSeal, seal, s.now()); !ok {
		return nil, nil, false
	}
	u, err := url.ParseRequestURI("/" + rest)
	return s, u, err == nil
}

// moved is a service below a path.
type moved struct {
	*Service
	to *url.URL
}

func (m moved) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	below := *r
	below.URL = m.to
	m.Service.ServeHTTP(w, &below)
}

// registered finds the instance that a machine's address was registered for. It
// is the address of the TCP peer: what a proxy says is not believed.
func (h *shared) registered(r *http.Request) (http.Handler, bool) {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return nil, false
	}
	account, id, err := h.source.InstanceAt(r.Context(), peer.Addr().Unmap().String())
	if err != nil {
		if !errors.Is(err, store.ErrNotFound) && r.Context().Err() == nil {
			h.log.Error("registered addresses", slog.Any("error", err))
		}
		return nil, false
	}
	s, ok := h.service(id)
	return s, ok && s.account == account
}

// add opens a place for an instance.
func (h *shared) add(s *Service, endpoint string) (place, error) {
	if err := h.open(); err != nil {
		return nil, err
	}
	h.know(s)
	return &berth{h, s, endpoint}, nil
}

// berth is an instance's place on the shared listener.
type berth struct {
	shared   *shared
	service  *Service
	endpoint string
}

func (b *berth) host() *own.Host {
	base, id := "http://"+b.shared.at, b.service.id
	return &own.Host{Region: b.service.region, Endpoint: b.endpoint,
		Metadata:    base + "/" + id + "/" + b.service.seals.make(addressSeal, lasting),
		Credentials: base + credentialsPath + id,
		Token:       b.service.seals.make(containerSeal, lasting)}
}

func (b *berth) close() { b.shared.forget(b.service.id) }
