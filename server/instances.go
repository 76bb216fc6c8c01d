package server

import (
	"context"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/writ-iam/writ/service/ec2"
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

// Instance returns an instance, store.ErrNotFound if there is none of that id.
func (s *Server) Instance(ctx context.Context, account, region, id string) (i *ec2.Instance, err error) {
	err = s.options.Store.View(ctx, func(tx *store.Tx) error {
		i, err = s.services.ec2.Instance(tx, account, region, id)
		return err
	})
	return i, err
}

// Running returns the instances that run, of all accounts.
func (s *Server) Running(ctx context.Context) (all []*ec2.Instance, err error) {
	err = s.options.Store.View(ctx, func(tx *store.Tx) error {
		all, err = s.services.ec2.Running(tx)
		return err
	})
	return all, err
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
