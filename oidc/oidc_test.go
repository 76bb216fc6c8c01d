package oidc_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/writ-iam/writ/oidc"
)

const issuer = "https://idp.example/realm"

var now = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

// documents are what the provider publishes, by URL.
type documents map[string]any

func (d documents) Get(_ context.Context, url string, _ []string, _ time.Duration) ([]byte, error) {
	doc, ok := d[url]
	if !ok {
		return nil, errors.New("404 Not Found")
	}
	return json.Marshal(doc)
}

func publish(keys ...any) documents {
	return documents{
		issuer + "/.well-known/openid-configuration": map[string]any{"issuer": issuer, "jwks_uri": "https://keys.example/jwks"},
		"https://keys.example/jwks":                  map[string]any{"keys": keys},
	}
}

func rsaKey(t testing.TB, bits int) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func ecKey(t testing.TB, c elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(c, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func public(kid string, key crypto.Signer) jose.JSONWebKey {
	return jose.JSONWebKey{Key: key.Public(), KeyID: kid, Use: "sig"}
}

type claims map[string]any

// with is a good token's claims with some of them changed; nil takes one away.
func with(changes claims) claims {
	all := claims{"iss": issuer, "sub": "u", "aud": "client", "iat": now.Unix(), "exp": now.Add(time.Hour).Unix()}
	for name, value := range changes {
		all[name] = value
		if value == nil {
			delete(all, name)
		}
	}
	return all
}

func sign(t testing.TB, alg jose.SignatureAlgorithm, key any, kid string, c claims) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: jose.JSONWebKey{Key: key, KeyID: kid}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func verify(t testing.TB, d oidc.Documents, text string) (oidc.Claims, error) {
	t.Helper()
	token, err := oidc.Parse(text)
	if err != nil {
		return nil, err
	}
	keys, err := oidc.NewKeys(d, "")
	if err != nil {
		t.Fatal(err)
	}
	return keys.Verify(t.Context(), token, oidc.Provider{Issuer: issuer}, now)
}

func TestVerify(t *testing.T) {
	r, p256, p384, p521 := rsaKey(t, 2048), ecKey(t, elliptic.P256()), ecKey(t, elliptic.P384()), ecKey(t, elliptic.P521())
	published := publish(public("r", r), public("p256", p256), public("p384", p384), public("p521", p521),
		map[string]any{"kty": "new", "kid": "odd"})
	for _, test := range []struct {
		alg jose.SignatureAlgorithm
		key any
		kid string
	}{{jose.RS256, r, "r"}, {jose.RS384, r, "r"}, {jose.RS512, r, "r"}, {jose.ES256, p256, "p256"}, {jose.ES384, p384, "p384"}, {jose.ES512, p521, "p521"},
		{jose.ES256, p256, ""}} {
		got, err := verify(t, published, sign(t, test.alg, test.key, test.kid, with(nil)))
		if err != nil || got.Text("sub") != "u" || len(got.Texts("aud")) != 1 {
			t.Errorf("%s: %v, %v", test.alg, got, err)
		}
	}
}

func unsigned(head string, c claims) string {
	payload, _ := json.Marshal(c)
	return base64.RawURLEncoding.EncodeToString([]byte(head)) + "." + base64.RawURLEncoding.EncodeToString(payload) + "."
}

// Whoever may not sign has tried all of these.
func TestForged(t *testing.T) {
	r, other, weak, p256 := rsaKey(t, 2048), rsaKey(t, 2048), rsaKey(t, 1024), ecKey(t, elliptic.P256())
	published := publish(public("r", r), public("weak", weak), public("e", p256), jose.JSONWebKey{Key: p256.Public(), KeyID: "enc", Use: "enc"},
		public("twin", r), public("twin", other))
	good := sign(t, jose.RS256, r, "r", with(nil))
	part := strings.Split(good, ".")
	admin, _ := json.Marshal(with(claims{"sub": "admin"}))
	der, _ := json.Marshal(public("r", r))
	for name, test := range map[string]struct {
		token string
		want  error
	}{
		"none":                          {unsigned(`{"alg":"none"}`, with(nil)), oidc.ErrMalformed},
		"None":                          {unsigned(`{"alg":"None","kid":"r"}`, with(nil)), oidc.ErrMalformed},
		"HMAC with the public key":      {sign(t, jose.HS256, der, "r", with(nil)), oidc.ErrMalformed},
		"PSS":                           {sign(t, jose.PS256, r, "r", with(nil)), oidc.ErrMalformed},
		"another key":                   {sign(t, jose.RS256, other, "r", with(nil)), oidc.ErrSignature},
		"another key and its name":      {sign(t, jose.RS256, other, "other", with(nil)), oidc.ErrKeys},
		"a weak key":                    {sign(t, jose.RS256, weak, "weak", with(nil)), oidc.ErrKeys},
		"another kind of key":           {sign(t, jose.RS256, r, "e", with(nil)), oidc.ErrKeys},
		"a key for encryption":          {sign(t, jose.ES256, p256, "enc", with(nil)), oidc.ErrKeys},
		"no name and several keys":      {sign(t, jose.RS256, r, "", with(nil)), oidc.ErrKeys},
		"a name that two keys have":     {sign(t, jose.RS256, r, "twin", with(nil)), oidc.ErrKeys},
		"changed claims":                {part[0] + "." + base64.RawURLEncoding.EncodeToString(admin) + "." + part[2], oidc.ErrSignature},
		"no signature":                  {part[0] + "." + part[1] + ".", oidc.ErrSignature},
		"another issuer":                {sign(t, jose.RS256, r, "r", with(claims{"iss": issuer + "/"})), oidc.ErrIssuer},
		"no issuer":                     {sign(t, jose.RS256, r, "r", with(claims{"iss": nil})), oidc.ErrIssuer},
		"from the future":               {sign(t, jose.RS256, r, "r", with(claims{"iat": now.Add(2 * time.Minute).Unix()})), oidc.ErrEarly},
		"not yet good":                  {sign(t, jose.RS256, r, "r", with(claims{"nbf": now.Add(2 * time.Minute).Unix()})), oidc.ErrEarly},
		"a key of its own in the token": {embedded(t, other), oidc.ErrSignature},
		"no JSON":                       {part[0] + "." + base64.RawURLEncoding.EncodeToString([]byte("[]")) + "." + part[2], oidc.ErrMalformed},
		"JSON form":                     {`{"payload":"` + part[1] + `","protected":"` + part[0] + `","signature":"` + part[2] + `"}`, oidc.ErrMalformed},
		"nothing":                       {"", oidc.ErrMalformed},
	} {
		if got, err := verify(t, published, test.token); !errors.Is(err, test.want) || got != nil && err == nil {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
	}
}

// embedded signs with a key that the token brings along in its header.
func embedded(t *testing.T, key *rsa.PrivateKey) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, (&jose.SignerOptions{EmbedJWK: true}).WithHeader("kid", "r"))
	if err != nil {
		t.Fatal(err)
	}
	payload, _ := json.Marshal(with(nil))
	signed, err := signer.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := signed.CompactSerialize()
	return text
}

func TestTimes(t *testing.T) {
	r := rsaKey(t, 2048)
	published := publish(public("r", r))
	for name, test := range map[string]struct {
		changes claims
		claim   string
	}{
		"no expiry":          {claims{"exp": nil}, "exp"},
		"expiry is text":     {claims{"exp": "tomorrow"}, "exp"},
		"expiry is null":     {claims{"exp": json.RawMessage("null")}, "exp"},
		"expiry is negative": {claims{"exp": -1}, "exp"},
		"expiry is huge":     {claims{"exp": 1e300}, "exp"},
		"no time of issue":   {claims{"iat": nil}, "iat"},
		"nbf is text":        {claims{"nbf": "x"}, "nbf"},
	} {
		_, err := verify(t, published, sign(t, jose.RS256, r, "r", with(test.changes)))
		var claim *oidc.ClaimError
		if !errors.As(err, &claim) || claim.Name != test.claim {
			t.Errorf("%s: %v", name, err)
		}
	}
	var expired *oidc.ExpiredError
	at := now.Add(-time.Minute).Unix()
	if _, err := verify(t, published, sign(t, jose.RS256, r, "r", with(claims{"exp": at}))); !errors.As(err, &expired) || expired.Expires != at || expired.Now != now.Unix() {
		t.Errorf("expired: %v", err)
	}
	for _, near := range []claims{{"exp": at + 1}, {"iat": now.Add(time.Minute).Unix()}, {"nbf": now.Add(time.Minute).Unix()}, {"exp": float64(now.Unix()) + 0.5}} {
		if _, err := verify(t, published, sign(t, jose.RS256, r, "r", with(near))); err != nil {
			t.Errorf("%v: %v", near, err)
		}
	}
}

// A provider that publishes nonsense is believed nothing.
func TestDiscovery(t *testing.T) {
	r := rsaKey(t, 2048)
	good := sign(t, jose.RS256, r, "r", with(nil))
	at := issuer + "/.well-known/openid-configuration"
	for name, change := range map[string]func(d documents){
		"silent": func(d documents) { delete(d, at) },
		"another issuer": func(d documents) {
			d[at] = map[string]string{"issuer": "https://other", "jwks_uri": "https://keys.example/jwks"}
		},
		"no keys": func(d documents) { delete(d, "https://keys.example/jwks") },
		"no JSON": func(d documents) { d["https://keys.example/jwks"] = "hello" },
		"symmetric keys alone": func(d documents) {
			d["https://keys.example/jwks"] = map[string]any{"keys": []any{map[string]string{"kty": "oct", "kid": "r", "k": "AAAA"}}}
		},
	} {
		d := publish(public("r", r))
		change(d)
		if _, err := verify(t, d, good); !errors.Is(err, oidc.ErrKeys) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Who publishes what is costly to read or to verify with does not make us do it
// for everybody who brings a token.
func TestCostlyKeys(t *testing.T) {
	r, e := rsaKey(t, 2048), ecKey(t, elliptic.P256())
	huge := &rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(1), 8192, 1), E: 65537}
	many := []any{public("r", r), public("e", e), jose.JSONWebKey{Key: huge, KeyID: "huge"}}
	if _, err := verify(t, publish(many...), sign(t, jose.RS256, r, "huge", with(nil))); !errors.Is(err, oidc.ErrKeys) {
		t.Errorf("a key of 8,193 bits: %v", err)
	}
	for i := range 98 {
		many = append(many, public(fmt.Sprint(i), r))
	}
	if _, err := verify(t, publish(many...), sign(t, jose.RS256, r, "r", with(nil))); err != nil {
		t.Errorf("100 keys: %v", err)
	}
	many = append(many, public("one more", r))
	if _, err := verify(t, publish(many...), sign(t, jose.RS256, r, "r", with(nil))); !errors.Is(err, oidc.ErrKeys) {
		t.Errorf("101 keys: %v", err)
	}
	if _, err := verify(t, publish(many...), sign(t, jose.ES256, e, "e", with(nil))); err != nil {
		t.Errorf("101 keys of the other type: %v", err)
	}
}

// rotating publishes another key once somebody wants a fresh document.
type rotating struct{ before, after documents }

func (r rotating) Get(ctx context.Context, url string, t []string, maxAge time.Duration) ([]byte, error) {
	if maxAge == 0 {
		return r.after.Get(ctx, url, t, maxAge)
	}
	return r.before.Get(ctx, url, t, maxAge)
}

func TestRotation(t *testing.T) {
	old, young := rsaKey(t, 2048), rsaKey(t, 2048)
	d := rotating{publish(public("old", old)), publish(public("old", old), public("young", young))}
	if _, err := verify(t, d, sign(t, jose.RS256, young, "young", with(nil))); err != nil {
		t.Error(err)
	}
}

func TestOffline(t *testing.T) {
	r, other := rsaKey(t, 2048), rsaKey(t, 2048)
	dir := t.TempDir()
	write := func(name string, content any) {
		raw, _ := json.Marshal(content)
		if err := os.WriteFile(filepath.Join(dir, name), raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("cluster.json", map[string]any{"issuer": issuer, "keys": []any{public("r", r)}})
	// What the provider publishes counts for nothing any more.
	keys, err := oidc.NewKeys(publish(public("other", other)), dir)
	if err != nil {
		t.Fatal(err)
	}
	if !keys.Offline(issuer) || keys.Offline(issuer+"/") {
		t.Error("whose keys are given?")
	}
	for kid, key := range map[string]*rsa.PrivateKey{"r": r, "other": other} {
		token, err := oidc.Parse(sign(t, jose.RS256, key, kid, with(nil)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := keys.Verify(t.Context(), token, oidc.Provider{Issuer: issuer}, now); (err == nil) != (kid == "r") {
			t.Errorf("%s: %v", kid, err)
		}
	}
	for name, content := range map[string]any{
		"no issuer":   map[string]any{"keys": []any{public("r", r)}},
		"no keys":     map[string]any{"issuer": issuer + "/2"},
		"private key": map[string]any{"issuer": issuer + "/2", "keys": []any{jose.JSONWebKey{Key: r, KeyID: "r"}}},
		"twice":       map[string]any{"issuer": issuer, "keys": []any{public("r", r)}},
		"no JSON":     "hello",
	} {
		write("z.json", content)
		if _, err := oidc.NewKeys(nil, dir); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	if _, err := oidc.NewKeys(nil, filepath.Join(dir, "nowhere")); err == nil {
		t.Error("a directory that is not there was taken")
	}
}

func FuzzVerify(f *testing.F) {
	r := rsaKey(f, 2048)
	published := publish(public("r", r))
	good := sign(f, jose.RS256, r, "r", with(nil))
	f.Add(good)
	f.Add(unsigned(`{"alg":"none"}`, with(nil)))
	f.Add(good[:len(good)-2])
	f.Fuzz(func(t *testing.T, text string) {
		c, err := verify(t, published, text)
		if err == nil && c.Text("sub") != "u" {
			t.Errorf("%q was taken for %v", text, c)
		}
	})
}
