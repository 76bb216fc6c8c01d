// Package egress fetches documents from outside: the discovery documents and
// keys of identity providers.
//
// Its one idea: whoever registers a provider names a host, and must not thereby
// get to look around in the network that the server stands in. So there is one
// client for all that is fetched, and it trusts nothing about a name: https
// only, no redirects, no proxies, bounded in size and time; the name is
// resolved once, every address it has is checked, and one of those is dialed,
// so that an answer that changes in between gains nothing. Addresses of the
// machine itself, link-local, multicast and other special ones are never
// reached; private ones only if the operator of the server lists them.
package egress

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"golang.org/x/sync/singleflight"
)

// Bounds of one fetch.
const (
	timeout     = 8 * time.Second
	dialTimeout = 3 * time.Second
	maxDocument = 512 << 10
	maxHeader   = 32 << 10
)

// Options say what may be reached and who vouches for it.
type Options struct {
	// Allow are private ranges that may be reached. It is the operator's to set,
	// never an account administrator's.
	Allow []netip.Prefix
	// Roots are the certificate authorities to trust; nil means the system's.
	Roots *x509.CertPool
	// Self lets the client reach the machine it runs on. It is for tests, which
	// have no other: no setting of the server turns it on.
	Self bool
	// Lookup resolves a name; nil asks the system's resolver.
	Lookup func(ctx context.Context, host string) ([]netip.Addr, error)
	Now    func() time.Time // nil means time.Now
}

// ErrUnreachable is the error of a server that did not answer, or that is not to
// be asked.
var ErrUnreachable = errors.New("egress: the server is not reached")

// Client fetches documents and keeps them for a while. It is safe for
// concurrent use.
type Client struct {
	options Options
	cache   cache
	flights singleflight.Group
}

// New makes a client. It fails if Allow holds what is never to be reached.
func New(o Options) (*Client, error) {
	for _, p := range o.Allow {
		if !allowable(p) {
			return nil, fmt.Errorf("egress: %s is no private range: only %s and parts of them can be allowed", p, private)
		}
	}
	if o.Lookup == nil {
		o.Lookup = lookup
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Client{options: o, cache: cache{entries: map[string]*entry{}}}, nil
}

func lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
}

// Get returns the document at an https URL, not older than maxAge if it comes
// from the cache. It asks a server for the same document at most every 30
// seconds, whatever maxAge is. The server's certificate must be vouched for by a
// known authority or lead to one of the thumbprints (SHA-1 of a certificate of
// its chain, in hex; IAM User Guide, "Obtain the thumbprint for an OpenID
// Connect identity provider"). The error is for logs: what it tells of the
// network is not for whoever named the URL, except whether it is ErrUnreachable
// or ErrThumbprint.
func (c *Client) Get(ctx context.Context, address string, thumbprints []string, maxAge time.Duration) ([]byte, error) {
	key := cacheKey(address, thumbprints)
	if e := c.cache.get(key, c.options.Now(), max(maxAge, patience)); e != nil {
		return e.body, e.err
	}
	result := c.flights.DoChan(key, func() (any, error) {
		// Whoever asked first may hang up; the others still want the document.
		e := c.fetch(context.WithoutCancel(ctx), address, thumbprints)
		c.cache.put(key, e)
		return e, nil
	})
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case r := <-result:
		e := r.Val.(*entry)
		return e.body, e.err
	}
}

func (c *Client) fetch(ctx context.Context, address string, thumbprints []string) *entry {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	now := c.options.Now()
	answer, err := c.ask(ctx, address, thumbprints)
	if err != nil && !errors.Is(err, ErrThumbprint) {
		err = fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	if err != nil {
		return failed(now, err)
	}
	defer answer.Body.Close()
	body, err := read(answer)
	if err != nil {
		return failed(now, fmt.Errorf("egress: %s: %w", address, err))
	}
	return &entry{body: body, fetched: now, expires: now.Add(lifetime(answer.Header))}
}

func read(answer *http.Response) ([]byte, error) {
	if answer.StatusCode != http.StatusOK {
		return nil, errors.New(answer.Status)
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxDocument+1))
	if err == nil && len(body) > maxDocument {
		err = errors.New("the document is too large")
	}
	return body, err
}

// ask makes the request over a connection of its own, which is closed with the
// answer's body.
func (c *Client) ask(ctx context.Context, address string, thumbprints []string) (*http.Response, error) {
	u, err := parse(address)
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{
		DialTLSContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return c.dialTLS(ctx, u, thumbprints)
		},
		DisableKeepAlives: true, DisableCompression: true, MaxResponseHeaderBytes: maxHeader,
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "writ")
	// A RoundTrip follows no redirects.
	return transport.RoundTrip(r)
}

// parse demands an https URL that names a host and nobody's password.
func parse(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	if u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Opaque != "" {
		return nil, errors.New("egress: not a plain https URL")
	}
	u.Fragment = ""
	return u, nil
}

func port(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	return "443"
}
