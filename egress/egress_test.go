package egress_test

import (
	"context"
	"crypto/sha1"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/writ-iam/writ/egress"
)

// site is an https server of the test's own and how often it was asked.
type site struct {
	*httptest.Server
	asked atomic.Int32
}

func newSite(t *testing.T, h http.HandlerFunc) *site {
	t.Helper()
	s := new(site)
	s.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.asked.Add(1)
		h(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *site) roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return pool
}

func client(t *testing.T, o egress.Options) *egress.Client {
	t.Helper()
	c, err := egress.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func hello(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("hello")) }

func TestGet(t *testing.T) {
	s := newSite(t, hello)
	c := client(t, egress.Options{Self: true, Roots: s.roots()})
	got, err := c.Get(t.Context(), s.URL, nil, time.Hour)
	if err != nil || string(got) != "hello" {
		t.Fatalf("got %q, %v", got, err)
	}
}

// What is not for the public is reached by nobody, whatever name or spelling
// leads there.
func TestForbidden(t *testing.T) {
	c := client(t, egress.Options{Allow: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")},
		Lookup: func(_ context.Context, host string) ([]netip.Addr, error) {
			if host == "mixed.example" {
				return []netip.Addr{netip.MustParseAddr("8.8.8.8"), netip.MustParseAddr("127.0.0.1")}, nil
			}
			return []netip.Addr{netip.MustParseAddr("169.254.169.254")}, nil
		}})
	for _, host := range []string{
		"127.0.0.1", "127.1.2.3", "[::1]", "0.0.0.0", "[::]", "169.254.169.254", "[fe80::1]", "[fe80::1%25eth0]", "[fec0::1]",
		"10.2.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "[fd12::1]", "[fd00:ec2::254]",
		"224.0.0.1", "255.255.255.255", "240.0.0.1", "[ff02::1]", "192.0.0.1", "198.18.0.1", "203.0.113.1",
		"[::ffff:127.0.0.1]", "[::ffff:10.2.0.1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]", "[2002:7f00:1::]", "[2001:0:1::1]", "[4000::1]",
		"metadata.example", "mixed.example",
	} {
		if _, err := c.Get(t.Context(), "https://"+host+"/", nil, 0); err == nil || !strings.Contains(err.Error(), "out of bounds") {
			t.Errorf("%s: %v", host, err)
		}
		if _, err := c.Thumbprint(t.Context(), "https://"+host+"/"); err == nil || !strings.Contains(err.Error(), "out of bounds") {
			t.Errorf("thumbprint of %s: %v", host, err)
		}
	}
}

// The machine itself stays closed where its network is allowed.
func TestNotSelf(t *testing.T) {
	all, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, a := range all {
		ip, _ := netip.AddrFromSlice(a.(*net.IPNet).IP)
		if ip = ip.Unmap(); !ip.IsPrivate() {
			continue
		}
		found = true
		c := client(t, egress.Options{Allow: []netip.Prefix{netip.PrefixFrom(ip, ip.BitLen())}})
		if _, err := c.Get(t.Context(), "https://"+netip.AddrPortFrom(ip, 4810).String()+"/", nil, 0); err == nil || !strings.Contains(err.Error(), "out of bounds") {
			t.Errorf("%s: %v", ip, err)
		}
	}
	if !found {
		t.Skip("this machine has no private address")
	}
}

func TestAllow(t *testing.T) {
	for text, want := range map[string]bool{
		"10.0.0.0/8": true, "10.20.0.0/16": true, "192.168.1.7/32": true, "fd12:3456::/48": true,
		"0.0.0.0/0": false, "8.0.0.0/5": false, "127.0.0.0/8": false, "169.254.0.0/16": false, "::/0": false, "fe80::/10": false,
	} {
		if _, err := egress.New(egress.Options{Allow: []netip.Prefix{netip.MustParsePrefix(text)}}); (err == nil) != want {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// A name is resolved once, and what was checked is what is dialed: an answer
// that changes after the check (DNS rebinding) is never asked for.
func TestRebinding(t *testing.T) {
	s := newSite(t, hello)
	var asked atomic.Int32
	c := client(t, egress.Options{Self: true, Roots: s.roots(), Lookup: func(context.Context, string) ([]netip.Addr, error) {
		if asked.Add(1) > 1 {
			return []netip.Addr{netip.MustParseAddr("169.254.169.254")}, nil
		}
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
	}})
	address := strings.Replace(s.URL, "127.0.0.1", "example.com", 1)
	if got, err := c.Get(t.Context(), address, nil, time.Hour); err != nil || string(got) != "hello" || asked.Load() != 1 {
		t.Errorf("got %q, %v after %d lookups", got, err, asked.Load())
	}
	if _, err := c.Get(t.Context(), address+"/other", nil, 0); err == nil || !strings.Contains(err.Error(), "out of bounds") {
		t.Errorf("rebound: %v", err)
	}
}

func TestRefused(t *testing.T) {
	inner := newSite(t, hello)
	s := newSite(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, inner.URL, http.StatusFound)
		case "/large":
			w.Write(make([]byte, 1<<20))
		case "/absent":
			http.NotFound(w, r)
		case "/cut":
			w.Header().Set("Content-Length", "100")
			w.Write([]byte("short"))
		}
	})
	c := client(t, egress.Options{Self: true, Roots: s.roots()})
	for path, want := range map[string]string{"/moved": "302", "/large": "too large", "/absent": "404", "/cut": "unexpected EOF"} {
		if _, err := c.Get(t.Context(), s.URL+path, nil, 0); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if inner.asked.Load() > 0 {
		t.Error("a redirect was followed")
	}
	for _, address := range []string{"http://example.com/", "https://user:password@example.com/", "https:///path", "file:///etc/passwd", "https:example.com", "://"} {
		if _, err := c.Get(t.Context(), address, nil, 0); err == nil {
			t.Errorf("%s was fetched", address)
		}
	}
}

// A certificate that no authority vouches for is good only with a thumbprint of
// its chain, and only for its own name.
func TestThumbprint(t *testing.T) {
	s := newSite(t, hello)
	sum := sha1.Sum(s.Certificate().Raw)
	good := []string{strings.Repeat("0", 40), strings.ToUpper(hex.EncodeToString(sum[:]))}
	c := client(t, egress.Options{Self: true, Roots: x509.NewCertPool(), Lookup: func(context.Context, string) ([]netip.Addr, error) {
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
	}})
	if _, err := c.Get(t.Context(), s.URL, good[:1], 0); !errors.Is(err, egress.ErrThumbprint) {
		t.Errorf("another thumbprint: %v", err)
	}
	if got, err := c.Get(t.Context(), s.URL, good, 0); err != nil || string(got) != "hello" {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := c.Get(t.Context(), strings.Replace(s.URL, "127.0.0.1", "other.test", 1), good, 0); !errors.Is(err, egress.ErrThumbprint) {
		t.Errorf("another name: %v", err)
	}
	if _, err := c.Thumbprint(t.Context(), s.URL); !errors.Is(err, egress.ErrThumbprint) {
		t.Errorf("the thumbprint of a server that nobody knows: %v", err)
	}
	known := client(t, egress.Options{Self: true, Roots: s.roots()})
	if got, err := known.Thumbprint(t.Context(), s.URL); err != nil || got != hex.EncodeToString(sum[:]) {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestCache(t *testing.T) {
	now := time.Now()
	sick := false
	s := newSite(t, func(w http.ResponseWriter, r *http.Request) {
		if sick {
			http.Error(w, "sick", http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Cache-Control", "public, max-age=600")
		w.Write([]byte("hello"))
	})
	c := client(t, egress.Options{Self: true, Roots: s.roots(), Now: func() time.Time { return now }})
	for _, step := range []struct {
		name  string
		after time.Duration
		age   time.Duration
		sick  bool
		asked int32
		fails bool
	}{
		{"first", 0, time.Hour, false, 1, false},
		{"at once again", 0, 0, false, 1, false},
		{"kept", 5 * time.Minute, time.Hour, false, 1, false},
		{"a fresh one is wanted", 0, 0, false, 2, false},
		{"expired", 11 * time.Minute, time.Hour, false, 3, false},
		{"a fresh one is wanted, and there is none", time.Minute, 0, true, 4, true},
		{"the old one is still good", 0, time.Hour, true, 4, false},
		{"expired, and no other", 11 * time.Minute, time.Hour, true, 5, true},
		{"failed before", time.Second, time.Hour, false, 5, true},
		{"well again", 10 * time.Second, time.Hour, false, 6, false},
	} {
		now, sick = now.Add(step.after), step.sick
		_, err := c.Get(t.Context(), s.URL, nil, step.age)
		if s.asked.Load() != step.asked || (err != nil) != step.fails {
			t.Fatalf("%s: asked %d times, want %d; %v", step.name, s.asked.Load(), step.asked, err)
		}
	}
}

func TestHangUp(t *testing.T) {
	release := make(chan struct{})
	s := newSite(t, func(http.ResponseWriter, *http.Request) { <-release })
	defer close(release)
	c := client(t, egress.Options{Self: true, Roots: s.roots()})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := c.Get(ctx, s.URL, nil, 0); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}
