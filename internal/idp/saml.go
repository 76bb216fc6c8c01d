// Package idp has identity providers for tests: one that speaks OpenID Connect
// over TLS, and one that answers with SAML responses.
//
// Its one idea: what verifies tokens must be tested with those that somebody
// else's code makes. Both sign with real keys, by the libraries that real
// providers are built on.
package idp

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/xml"
	"math/big"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/beevik/etree"
	"github.com/crewjam/saml"
	dsig "github.com/russellhaering/goxmldsig"
)

// Names of AWS's attributes (IAM User Guide, "Configure SAML assertions for the
// authentication response").
const (
	RoleAttribute        = "https://aws.amazon.com/SAML/Attributes/Role"
	SessionNameAttribute = "https://aws.amazon.com/SAML/Attributes/RoleSessionName"
)

// SAML is a SAML 2.0 identity provider.
type SAML struct {
	provider saml.IdentityProvider
	Key      *rsa.PrivateKey
	Cert     *x509.Certificate
}

// NewSAML makes a provider of an entity id, with a key that is good for a year
// from a time.
func NewSAML(t testing.TB, entityID string, from time.Time) *SAML {
	t.Helper()
	key, cert := Certificate(t, from)
	s := &SAML{Key: key, Cert: cert}
	s.provider = saml.IdentityProvider{Key: key, Certificate: cert, MetadataURL: parse(t, entityID),
		SSOURL: parse(t, entityID+"/sso"), SignatureMethod: dsig.RSASHA256SignatureMethod}
	return s
}

// Certificate makes a key and a certificate of its own for it.
func Certificate(t testing.TB, from time.Time) (*rsa.PrivateKey, *x509.Certificate) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "idp"},
		NotBefore: from.Add(-time.Hour), NotAfter: from.AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return key, cert
}

func parse(t testing.TB, text string) url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return *u
}

// Metadata is what the provider publishes of itself, good for two days.
func (s *SAML) Metadata(t testing.TB) string {
	t.Helper()
	raw, err := xml.MarshalIndent(s.provider.Metadata(), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// Answer is what a response is to say.
type Answer struct {
	Now        time.Time
	Recipient  string // "" means AWS's sign-in
	Audience   string // "" means AWS
	Subject    string
	Format     string // "" means persistent
	Attributes map[string][]string
	Change     func(*saml.Assertion) // before it is signed
	Encrypt    *x509.Certificate     // whom to encrypt it for; nil does not
	SHA1       bool                  // sign as nobody should any more
	Bare       bool                  // sign the response alone
}

// Respond makes the response in base64, as a browser posts it.
func (s *SAML) Respond(t testing.TB, a Answer) string {
	t.Helper()
	return Encode(t, s.Response(t, a))
}

// Encode is an element as a browser posts it.
func Encode(t testing.TB, el *etree.Element) string {
	t.Helper()
	doc := etree.NewDocument()
	doc.SetRoot(el)
	raw, err := doc.WriteToBytes()
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(raw)
}

// Response makes the response, both it and its assertion signed.
func (s *SAML) Response(t testing.TB, a Answer) *etree.Element {
	t.Helper()
	r := s.request(a)
	session := &saml.Session{ID: "s", NameID: a.Subject, NameIDFormat: a.Format, ExpireTime: a.Now.Add(8 * time.Hour), Index: "1"}
	if a.Format == "" {
		session.NameIDFormat = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
	}
	for name, values := range a.Attributes {
		attribute := saml.Attribute{Name: name}
		for _, v := range values {
			attribute.Values = append(attribute.Values, saml.AttributeValue{Type: "xs:string", Value: v})
		}
		session.CustomAttributes = append(session.CustomAttributes, attribute)
	}
	if err := (saml.DefaultAssertionMaker{}).MakeAssertion(r, session); err != nil {
		t.Fatal(err)
	}
	r.Assertion.IssueInstant = a.Now.UTC()
	if a.Change != nil {
		a.Change(r.Assertion)
	}
	if a.Bare {
		r.AssertionEl = r.Assertion.Element()
	}
	if err := r.MakeResponse(); err != nil {
		t.Fatal(err)
	}
	return r.ResponseEl
}

// request is as if AWS had asked for a response.
func (s *SAML) request(a Answer) *saml.IdpAuthnRequest {
	recipient, audience := a.Recipient, a.Audience
	if recipient == "" {
		recipient = "https://signin.aws.amazon.com/saml"
	}
	if audience == "" {
		audience = "urn:amazon:webservices"
	}
	provider := s.provider
	if a.SHA1 {
		provider.SignatureMethod = dsig.RSASHA1SignatureMethod
	}
	sp := saml.SPSSODescriptor{}
	if a.Encrypt != nil {
		sp.KeyDescriptors = []saml.KeyDescriptor{{Use: "encryption", KeyInfo: saml.KeyInfo{X509Data: saml.X509Data{
			X509Certificates: []saml.X509Certificate{{Data: base64.StdEncoding.EncodeToString(a.Encrypt.Raw)}}}}}}
	}
	return &saml.IdpAuthnRequest{IDP: &provider, Now: a.Now.UTC(), HTTPRequest: &http.Request{RemoteAddr: "192.0.2.1:1"},
		Request: saml.AuthnRequest{Issuer: &saml.Issuer{}}, SPSSODescriptor: &sp,
		ServiceProviderMetadata: &saml.EntityDescriptor{EntityID: audience, SPSSODescriptors: []saml.SPSSODescriptor{sp}},
		ACSEndpoint:             &saml.IndexedEndpoint{Binding: saml.HTTPPostBinding, Location: recipient}}
}
