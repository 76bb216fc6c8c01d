package imds

import (
	"context"
	"net"
	"net/http"

	"golang.org/x/net/ipv4"
)

type connKey struct{}

// withConn lets handlers get at the connection of a request.
func withConn(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}

// limitHops lets what is sent on the request's connection from now on travel so
// many hops at most: the answer then does not leave the instance for a
// container or a machine behind it.
func limitHops(r *http.Request, hops int) {
	if c, ok := r.Context().Value(connKey{}).(net.Conn); ok {
		ipv4.NewConn(c).SetTTL(hops)
	}
}
