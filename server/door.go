package server

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// door stands before every port. It turns away browsers that other sites have
// sent, but for those that a bucket lets in (cors.go), and names that are not ours (a DNS name that an attacker points at this
// machine is how a web page reaches local servers).
func (s *Server) door(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !s.knownHost(r.Host):
			http.Error(w, "Unknown Host. Name it with --host if it is this server's.", http.StatusMisdirectedRequest)
		case !crossSite(r):
			next.ServeHTTP(w, r)
		case r.Method == http.MethodOptions:
			s.preflight(w, r)
		case s.shares(w, r):
			next.ServeHTTP(w, r)
		default:
			http.Error(w, "Requests from other sites are refused.", http.StatusForbidden)
		}
	})
}

// knownHost accepts addresses, this machine's own name for itself, the names of
// AWS's endpoints and what the operator configured.
func (s *Server) knownHost(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return true
	}
	return host == "localhost" || strings.HasSuffix(host, ".localhost") ||
		strings.HasSuffix(host, ".amazonaws.com") || strings.HasSuffix(host, ".amazonaws.com.cn") ||
		strings.HasSuffix(host, ".api.aws") ||
		slices.Contains(s.options.Hosts, host)
}

// crossSite says whether a browser made the request for another site. Clients
// that are no browsers send neither header.
func crossSite(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		return true
	}
	origin := r.Header.Get("Origin")
	return origin != "" && origin != "http://"+r.Host && origin != "https://"+r.Host
}
