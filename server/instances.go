package server

import (
	"context"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/writ-iam/writ"
	own "github.com/writ-iam/writ/service/writ"
	"github.com/writ-iam/writ/store"
)

// Instances are the real things that instances are on this host; package imds
// has them.
type Instances interface {
	own.Hosts

	// Certificate returns, in PEM, the certificate that instance identity
	// documents are checked with.
	Certificate(context.Context) ([]byte, error)
}

// ProfileRole returns the role in an instance profile, nil if it holds none,
// store.ErrNotFound if the profile with that unique id is gone.
func (s *Server) ProfileRole(ctx context.Context, profileID string) (role *writ.Issuer, err error) {
	err = s.options.Store.View(ctx, func(tx *store.Tx) error {
		role, err = s.services.iam.ProfileRole(tx, profileID)
		return err
	})
	return role, err
}

// hosts is nil, not an interface of nil, where there are none.
func (o *Options) hosts() own.Hosts {
	if o.Instances == nil {
		return nil
	}
	return o.Instances
}

// InstanceAt returns the instance, with its account, that an address was
// registered for; store.ErrNotFound if there is none.
func (s *Server) InstanceAt(ctx context.Context, address string) (account, id string, err error) {
	return s.services.writ.InstanceAt(ctx, address)
}

// Metrics is where the doors beside this one register theirs.
func (s *Server) Metrics() prometheus.Registerer { return s.metrics.registry }

// identityCertificate is public: third parties check identity documents with it.
func (s *Server) identityCertificate(w http.ResponseWriter, r *http.Request) {
	if s.options.Instances == nil {
		http.NotFound(w, r)
		return
	}
	pem, err := s.options.Instances.Certificate(r.Context())
	if err != nil {
		s.log.Error("identity certificate", "error", err)
		http.Error(w, "The certificate can't be had now.", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/x-pem-file")
	w.Write(pem)
}
