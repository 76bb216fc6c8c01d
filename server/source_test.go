package server

import (
	"net/http/httptest"
	"net/netip"
	"testing"
)

// aws:SourceIp is the TCP peer; X-Forwarded-For is believed of configured
// proxies only, and of them only up to the first that is none.
func TestClient(t *testing.T) {
	s := &Server{options: Options{Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}}
	for _, c := range []struct{ peer, forwarded, want string }{
		{"192.0.2.1:99", "", "192.0.2.1"},
		{"192.0.2.1:99", "203.0.113.7", "192.0.2.1"},
		{"10.0.0.1:99", "", "10.0.0.1"},
		{"10.0.0.1:99", "203.0.113.7", "203.0.113.7"},
		{"10.0.0.1:99", "1.1.1.1, 203.0.113.7", "203.0.113.7"},
		{"10.0.0.1:99", "203.0.113.7, 10.0.0.2", "203.0.113.7"},
		{"10.0.0.1:99", "1.1.1.1, nonsense", "10.0.0.1"},
		{"[::ffff:192.0.2.1]:99", "", "192.0.2.1"},
		{"[2001:db8::1]:99", "", "2001:db8::1"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.peer
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := s.client(r).String(); got != c.want {
			t.Errorf("peer %s, forwarded %q: %s, want %s", c.peer, c.forwarded, got, c.want)
		}
	}
}
