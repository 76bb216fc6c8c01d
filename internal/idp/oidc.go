package idp

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Claims are what an ID token says.
type Claims map[string]any

// OIDC is an OpenID Connect provider that publishes its keys over TLS, under a
// certificate of a private authority.
type OIDC struct {
	Issuer     string
	Roots      *x509.CertPool // with the authority
	Thumbprint string         // of the authority's certificate
	Asked      atomic.Int32   // how often anything was fetched

	mu   sync.Mutex
	keys []jose.JSONWebKey // the last one signs
}

// NewOIDC starts a provider that ends with the test.
func NewOIDC(t testing.TB) *OIDC {
	t.Helper()
	p := new(OIDC)
	p.Rotate(t)
	server := httptest.NewUnstartedServer(http.HandlerFunc(p.serve))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{p.certify(t)}}
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // of clients that hang up
	server.StartTLS()
	t.Cleanup(server.Close)
	p.Issuer = server.URL
	return p
}

// Rotate makes the provider sign with a new key from now on.
func (p *OIDC) Rotate(t testing.TB) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keys = append(p.keys, jose.JSONWebKey{Key: key, KeyID: fmt.Sprint("key-", len(p.keys)), Use: "sig", Algorithm: "RS256"})
}

func (p *OIDC) serve(w http.ResponseWriter, r *http.Request) {
	p.Asked.Add(1)
	p.mu.Lock()
	defer p.mu.Unlock()
	var set jose.JSONWebKeySet
	for _, k := range p.keys {
		set.Keys = append(set.Keys, k.Public())
	}
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		json.NewEncoder(w).Encode(map[string]string{"issuer": p.Issuer, "jwks_uri": p.Issuer + "/jwks"})
	case "/jwks":
		json.NewEncoder(w).Encode(set)
	default:
		http.NotFound(w, r)
	}
}

// certify makes an authority and has it certify the server.
func (p *OIDC) certify(t testing.TB) tls.Certificate {
	t.Helper()
	authority, key := issue(t, &x509.Certificate{Subject: pkix.Name{CommonName: "authority"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign}, nil, nil)
	leaf, leafKey := issue(t, &x509.Certificate{Subject: pkix.Name{CommonName: "idp"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}, authority, key)
	p.Roots = x509.NewCertPool()
	p.Roots.AddCert(authority)
	sum := sha1.Sum(authority.Raw)
	p.Thumbprint = hex.EncodeToString(sum[:])
	return tls.Certificate{Certificate: [][]byte{leaf.Raw, authority.Raw}, PrivateKey: leafKey}
}

func issue(t testing.TB, template, parent *x509.Certificate, by *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template.SerialNumber = big.NewInt(time.Now().UnixNano())
	template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(24*time.Hour)
	if parent == nil {
		parent, by = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), by)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert, key
}

// Token makes an ID token of the provider's, good for five minutes from a time,
// unless the claims say something else.
func (p *OIDC) Token(t testing.TB, now time.Time, c Claims) string {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	text, err := sign(jose.RS256, p.keys[len(p.keys)-1], now, Claims{"iss": p.Issuer}, c)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// offline is the key of the providers whose keys WriteKeys gives. It is elliptic,
// since each process makes its own.
var offline = sync.OnceValue(func() jose.JSONWebKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	return jose.JSONWebKey{Key: key, KeyID: "offline", Use: "sig"}
})

// WriteKeys writes a key directory for providers that nobody asks.
func WriteKeys(dir string, issuers ...string) error {
	key := offline()
	for i, issuer := range issuers {
		raw, err := json.Marshal(map[string]any{"issuer": issuer, "keys": []any{key.Public()}})
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprint(i, ".json")), raw, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// OfflineToken is Token for those providers.
func OfflineToken(now time.Time, c Claims) (string, error) {
	return sign(jose.ES256, offline(), now, c)
}

func sign(alg jose.SignatureAlgorithm, key jose.JSONWebKey, now time.Time, all ...Claims) (string, error) {
	claims := Claims{"iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix()}
	for _, some := range all {
		for name, value := range some {
			claims[name] = value
		}
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}
