package imds

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// knownHost accepts addresses and this machine's own name for itself. A DNS
// name that somebody points here is how web pages reach local services.
func knownHost(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return true
	}
	return strings.EqualFold(host, "localhost")
}

// browser says whether a browser sends the request: none has business here.
func browser(r *http.Request) bool {
	for _, name := range []string{"Origin", "Sec-Fetch-Site", "Sec-Fetch-Mode", "Referer"} {
		if r.Header.Get(name) != "" {
			return true
		}
	}
	return false
}
