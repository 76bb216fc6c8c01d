package wire

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/model"
)

// Route is where a request leads. Of a request that leads nowhere it says as
// much as was found, so that the error can be told in the right protocol.
type Route struct {
	Service   model.Metadata   // of a request that names no service only the protocol, guessed
	Operation *model.Operation // nil if the request names none that the service has
	Scope     writ.Scope       // partition and region; the account is not known yet
}

// Router finds the operations of a set of services.
type Router struct {
	region   string
	hosts    []string // names under which clients reach the server, "localhost" among them
	services []*service
}

// service is what routing knows of a service before its model is loaded.
type service struct {
	name string
	meta model.Metadata
}

// NewRouter routes to the named services of package model. Requests that name
// no region act in the given one. hosts are names under which clients reach the
// server, beside localhost: a name below them is a service's or a bucket's. The
// error is one of the embedded models.
func NewRouter(region string, hosts []string, names ...string) (*Router, error) {
	r := &Router{region: region, hosts: append([]string{"localhost"}, hosts...)}
	for _, name := range names {
		meta, err := model.Describe(name)
		if err != nil {
			return nil, err
		}
		if protocols[meta.Protocol] == nil {
			return nil, fmt.Errorf("wire: %s speaks %s, which is not known here", name, meta.Protocol)
		}
		r.services = append(r.services, &service{name, meta})
	}
	return r, nil
}

// Resolve finds the operation that a request is for. The service is named by
// the credential scope, the host, the target header, the version of the API or
// the path, and what names one must name the same: a request that can be read
// in two ways is refused. Nothing here is proved: that the credentials fit the
// scope is for the signature check. The error is a *writ.Error.
func (r *Router) Resolve(req *Request) (Route, error) {
	route := Route{Service: model.Metadata{Protocol: guess(req)}}
	hints := []hint{credentialHint(req.HTTP), r.hostHint(req.HTTP.Host)}
	s, err := r.service(req, hints)
	if err != nil {
		return route, err
	}
	route.Service = s.meta
	if s.meta.Protocol == "rest-xml" {
		req.addressBucket(hints[1].bucket)
	}
	if route.Scope, err = r.scope(s, hints); err != nil {
		return route, err
	}
	m, err := model.Load(s.name)
	if err != nil {
		return route, err
	}
	route.Operation, err = protocols[s.meta.Protocol].find(m, req)
	return route, err
}

// guess is the protocol in which a client that names no service reads errors.
func guess(req *Request) string {
	if req.HTTP.Header.Get("X-Amz-Target") != "" || strings.Contains(req.HTTP.Header.Get("Content-Type"), "json") {
		return "json"
	}
	return "query"
}

// service finds the one service that everything in the request agrees on.
func (r *Router) service(req *Request, hints []hint) (*service, error) {
	left, by := r.services, hint{}
	for _, h := range hints {
		if h.service == "" {
			continue
		}
		named := which(left, func(s *service) bool { return h.name(&s.meta) == h.service })
		if len(named) == 0 {
			return nil, disagreement(by, h)
		}
		left, by = named, h
	}
	if t := req.HTTP.Header.Get("X-Amz-Target"); t != "" {
		return r.targeted(left, by, t)
	}
	left, err := narrow(left, req)
	if err != nil {
		return nil, err
	}
	switch len(left) {
	case 0:
		return nil, writ.Errorf(http.StatusForbidden, "MissingAuthenticationToken", "Request is missing Authentication Token")
	case 1:
		return left[0], nil
	}
	return nil, writ.Errorf(http.StatusBadRequest, "InvalidRequest", "The request fits more than one service: %s and %s.", left[0].name, left[1].name)
}

func (r *Router) targeted(left []*service, by hint, t string) (*service, error) {
	prefix, _ := target(t)
	isTarget := func(s *service) bool { return targetNames(prefix, &s.meta) }
	if named := which(left, isTarget); len(named) > 0 {
		return named[0], nil
	}
	if len(left) == 1 && left[0].meta.Protocol == "json" && !slices.ContainsFunc(r.services, isTarget) {
		return left[0], nil // an operation that the service does not have, as any other
	}
	if by.service != "" {
		return nil, disagreement(by, hint{by: "its target header", service: prefix})
	}
	return nil, writ.Errorf(http.StatusBadRequest, "UnknownOperationException", "")
}

// narrow tells services apart by version or path where nothing else names one:
// unsigned requests, and services that share a signing name.
func narrow(left []*service, req *Request) ([]*service, error) {
	if len(left) <= 1 {
		return left, nil
	}
	if _, err := req.readParams(); err != nil && req.isForm() {
		return nil, err
	}
	if version, ok := req.param("Version"); ok {
		return which(left, func(s *service) bool {
			return (s.meta.Protocol == "query" || s.meta.Protocol == "ec2") && s.meta.APIVersion == version
		}), nil
	}
	named := which(left, func(s *service) bool {
		if s.meta.Protocol != "rest-json" {
			return false
		}
		m, err := model.Load(s.name)
		return err == nil && findPath(m, req) != nil
	})
	if len(named) == 0 && len(req.HTTP.URL.Path) > 1 { // an object that anybody may read
		named = which(left, func(s *service) bool { return s.meta.Protocol == "rest-xml" })
	}
	return named, nil
}

func which(all []*service, keep func(*service) bool) (kept []*service) {
	for _, s := range all {
		if keep(s) {
			kept = append(kept, s)
		}
	}
	return kept
}

func disagreement(a, b hint) error {
	if a.service == "" {
		return writ.NotImplemented("There is no service %s here, which the request names by %s.", b.service, b.by)
	}
	return writ.Errorf(http.StatusBadRequest, "InvalidRequest",
		"The request names two services: %s by %s, %s by %s.", a.service, a.by, b.service, b.by)
}

// scope finds where a request acts. Services without regions act in their
// partition's one, whatever region a client signs with.
func (r *Router) scope(s *service, hints []hint) (writ.Scope, error) {
	region := ""
	for _, h := range hints {
		if h.region == "" {
			continue
		}
		if region != "" && !s.same(region, h.region) {
			return writ.Scope{}, writ.Errorf(http.StatusBadRequest, "InvalidRequest", "The request names two regions: %s and %s.", region, h.region)
		}
		region = h.region
	}
	if region == "" {
		region = r.region
	}
	p := writ.PartitionOf(region)
	if p == nil {
		return writ.Scope{}, writ.Errorf(http.StatusForbidden, protocols[s.meta.Protocol].unsigned, "Credential should be scoped to a valid region.")
	}
	if s.meta.GlobalEndpoint != "" {
		region = p.Global
	}
	return writ.Scope{Partition: p.Name, Region: region}, nil
}

// same says whether two regions are one place to a service.
func (s *service) same(a, b string) bool {
	return a == b || s.meta.GlobalEndpoint != "" && writ.PartitionOf(a) == writ.PartitionOf(b)
}
