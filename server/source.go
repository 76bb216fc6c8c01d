package server

import (
	"crypto/tls"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/writ-iam/writ"
)

// source says where a request came from. The address is the TCP peer's; only
// of a configured proxy is it believed that the peer is somebody else.
func (s *Server) source(r *http.Request) writ.Source {
	source := writ.Source{IP: s.client(r), UserAgent: r.UserAgent(), Host: r.Host}
	if r.TLS != nil {
		source.TLS, source.Cipher = tlsVersion(r.TLS.Version), tls.CipherSuiteName(r.TLS.CipherSuite)
	}
	return source
}

// client walks X-Forwarded-For from its end, where the nearest proxy wrote, to
// the first address that is not a configured proxy's.
func (s *Server) client(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{} // a unix socket has none
	}
	ip := peer.Addr().Unmap()
	if !s.isProxy(ip) {
		return ip
	}
	forwarded := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(forwarded) {
		if !s.isProxy(ip) {
			break
		}
		next, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		ip = next.Unmap()
	}
	return ip
}

func (s *Server) isProxy(ip netip.Addr) bool {
	return slices.ContainsFunc(s.options.Proxies, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// tlsVersion is CloudTrail's spelling: "TLSv1.3".
func tlsVersion(v uint16) string {
	return strings.Replace(tls.VersionName(v), "TLS ", "TLSv", 1)
}
