package egress

import (
	"context"
	"crypto/sha1"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// ErrThumbprint is the error of a server whose certificate neither a known
// authority nor a thumbprint vouches for.
var ErrThumbprint = errors.New("egress: nobody vouches for the server's certificate")

// dialTLS connects to one of the addresses that were checked, and proves that
// the server behind it is the one that was named.
func (c *Client) dialTLS(ctx context.Context, u *url.URL, thumbprints []string) (*tls.Conn, error) {
	all, err := c.resolve(ctx, u)
	if err != nil {
		return nil, err
	}
	conn, err := dial(ctx, all, port(u))
	if err != nil {
		return nil, err
	}
	host := u.Hostname()
	secure := tls.Client(conn, &tls.Config{
		ServerName: host,
		MinVersion: tls.VersionTLS12,
		NextProtos: []string{"http/1.1"},
		// The chain is verified below, where thumbprints may vouch for it, too.
		InsecureSkipVerify: true,
		VerifyConnection:   func(s tls.ConnectionState) error { return c.verify(s.PeerCertificates, host, thumbprints) },
	})
	if err := secure.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return secure, nil
}

// dial tries the addresses one after the other.
func dial(ctx context.Context, all []netip.Addr, port string) (net.Conn, error) {
	var failed []error
	for _, ip := range all {
		d := net.Dialer{Timeout: dialTimeout}
		conn, err := d.DialContext(ctx, "tcp", net.JoinHostPort(ip.String(), port))
		if err == nil {
			return conn, nil
		}
		failed = append(failed, err)
	}
	return nil, errors.Join(failed...)
}

// verify demands a chain to a known authority, or to a certificate that the
// server sent and a thumbprint names.
func (c *Client) verify(chain []*x509.Certificate, host string, thumbprints []string) error {
	if len(chain) == 0 {
		return ErrThumbprint
	}
	err := c.chained(chain, host, c.options.Roots)
	if err == nil {
		return nil
	}
	for _, cert := range chain {
		if !slices.ContainsFunc(thumbprints, func(t string) bool { return strings.EqualFold(t, thumbprint(cert)) }) {
			continue
		}
		pinned := x509.NewCertPool()
		pinned.AddCert(cert)
		if err = c.chained(chain, host, pinned); err == nil {
			return nil
		}
	}
	return fmt.Errorf("%w: %w", ErrThumbprint, err)
}

func (c *Client) chained(chain []*x509.Certificate, host string, roots *x509.CertPool) error {
	intermediates := x509.NewCertPool()
	for _, cert := range chain[1:] {
		intermediates.AddCert(cert)
	}
	_, err := chain[0].Verify(x509.VerifyOptions{DNSName: host, Roots: roots, Intermediates: intermediates, CurrentTime: c.options.Now()})
	return err
}

// thumbprint names a certificate in IAM's way. It is no weakness that SHA-1 has
// collisions: it would take a second preimage to pass for another certificate.
func thumbprint(cert *x509.Certificate) string {
	sum := sha1.Sum(cert.Raw)
	return hex.EncodeToString(sum[:])
}

// Thumbprint returns the thumbprint that IAM keeps of a server which a known
// authority vouches for: that of the last certificate in the chain it sends.
func (c *Client) Thumbprint(ctx context.Context, address string) (string, error) {
	u, err := parse(address)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	conn, err := c.dialTLS(ctx, u, nil)
	if err != nil {
		return "", err
	}
	chain := conn.ConnectionState().PeerCertificates
	return thumbprint(chain[len(chain)-1]), conn.Close()
}
