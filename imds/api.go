package imds

import (
	"net/netip"
	"net/url"
)

// API is where processes inside a namespace reach AWS's services.
type API struct {
	Address netip.AddrPort
	URL     string
}

// fallback stands in a namespace for an address that is no use there: a
// loopback address is every namespace's own.
var fallback = netip.AddrFrom4([4]byte{169, 254, 172, 1})

// InsideOf returns the API for a server that listens on an address and is
// reached at an endpoint: the same, if it is one that leads somewhere in a
// namespace, else 169.254.172.1 with the same port and scheme.
func InsideOf(listen, endpoint string) (API, error) {
	u, err := url.Parse(endpoint)
	if err != nil {
		return API{}, err
	}
	at, err := netip.ParseAddrPort(u.Host)
	if err != nil || at.Addr().IsLoopback() || !at.Addr().Is4() {
		at = netip.AddrPortFrom(fallback, port(listen))
	}
	return API{at, u.Scheme + "://" + at.String()}, nil
}

// port is that of an address; 80 if it has none.
func port(listen string) uint16 {
	u, err := url.Parse("//" + listen)
	if err != nil {
		return 80
	}
	at, err := netip.ParseAddrPort("0.0.0.0:" + u.Port())
	if err != nil {
		return 80
	}
	return at.Port()
}
