package imds

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/writ-iam/writ/service/ec2"
	"github.com/writ-iam/writ/store"
)

// Headers of IMDSv2 (EC2 User Guide, "Use the Instance Metadata Service to
// access instance metadata").
const (
	tokenHeader = "X-Aws-Ec2-Metadata-Token"
	ttlHeader   = "X-Aws-Ec2-Metadata-Token-Ttl-Seconds"
)

const maxTTL = 21600 // seconds

// answer finds what a request gets. It asks what costs nothing first.
func (s *Service) answer(r *http.Request) *answer {
	switch {
	case !s.limiter.AllowN(s.now(), 1):
		return refuse(http.StatusServiceUnavailable)
	case !knownHost(r.Host) || browser(r):
		return refuse(http.StatusForbidden)
	}
	path, ok := parsePath(r.URL)
	if !ok {
		return refuse(http.StatusNotFound)
	}
	i, err := s.instance(r.Context())
	if err != nil {
		return s.failed(r, err)
	}
	if !i.Metadata.Enabled {
		return refuse(http.StatusForbidden)
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		return s.get(r, i, path)
	case http.MethodPut:
		return s.put(r, i, path)
	}
	return refuse(http.StatusMethodNotAllowed)
}

// failed is the answer where the instance or what it asks for can't be found.
func (s *Service) failed(r *http.Request, err error) *answer {
	if errors.Is(err, store.ErrNotFound) {
		return refuse(http.StatusNotFound)
	}
	if !errors.Is(err, context.Canceled) {
		s.log.Error("metadata", "instance", s.id, "path", r.URL.Path, slog.Any("error", err))
	}
	return refuse(http.StatusServiceUnavailable)
}

// put begins a session. A request that came through a proxy gets none: open
// proxies are how others reach metadata. The answer travels no further than the
// instance's hop limit.
func (s *Service) put(r *http.Request, i *ec2.Instance, path []string) *answer {
	if !isToken(path) || r.Header.Get("X-Forwarded-For") != "" {
		return refuse(http.StatusForbidden)
	}
	ttl, err := strconv.Atoi(r.Header.Get(ttlHeader))
	if err != nil || ttl < 1 || ttl > maxTTL {
		return refuse(http.StatusBadRequest)
	}
	a := text(s.seals.make(sessionSeal, s.now().Add(time.Duration(ttl)*time.Second)))
	a.ttl, a.hops = ttl, i.Metadata.HopLimit
	return a
}

func isToken(path []string) bool {
	return len(path) == 3 && path[0] == "latest" && path[1] == "api" && path[2] == "token"
}

func (s *Service) get(r *http.Request, i *ec2.Instance, path []string) *answer {
	if isToken(path) {
		return refuse(http.StatusMethodNotAllowed)
	}
	left, version, ok := s.session(r, i)
	if !ok {
		return refuse(http.StatusUnauthorized)
	}
	found, err := s.root(r.Context(), i, version).find(path)
	if err != nil {
		return s.failed(r, err)
	}
	found.ttl = int(left / time.Second)
	return found
}

// session tells which version of the service the request speaks. Without a
// token it is IMDSv1, which the instance has to allow; a wrong token is refused
// even then.
func (s *Service) session(r *http.Request, i *ec2.Instance) (left time.Duration, version delivery, ok bool) {
	tokens := r.Header.Values(tokenHeader)
	switch len(tokens) {
	case 0:
		if i.Metadata.Required {
			s.metrics.noTokenRejected(s.id)
		} else {
			s.metrics.noToken(s.id)
		}
		return 0, version1, !i.Metadata.Required
	case 1:
		left, ok = s.seals.check(sessionSeal, tokens[0], s.now())
		return left, version2, ok
	}
	return 0, version2, false
}
