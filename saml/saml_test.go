package saml_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	crewjam "github.com/crewjam/saml"

	"github.com/writ-iam/writ/internal/idp"
	"github.com/writ-iam/writ/saml"
)

const entityID = "https://idp.example/metadata"

// now has to be near the real time: the provider's metadata are.
var now = time.Now().UTC().Truncate(time.Second)

func expected() saml.Expected {
	return saml.Expected{Now: now,
		Recipient: func(s string) bool { return s == "https://signin.aws.amazon.com/saml" },
		Audience:  func(s string) bool { return s == "urn:amazon:webservices" }}
}

func metadata(t testing.TB, p *idp.SAML) *saml.Metadata {
	t.Helper()
	m, err := saml.ParseMetadata([]byte(p.Metadata(t)))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func answer() idp.Answer {
	return idp.Answer{Now: now, Subject: "ada@example.com", Attributes: map[string][]string{idp.RoleAttribute: {"role,provider", "other,provider"}}}
}

func TestMetadata(t *testing.T) {
	p := idp.NewSAML(t, entityID, now)
	m := metadata(t, p)
	if m.EntityID != entityID || len(m.Certificates) != 1 || !m.Certificates[0].Equal(p.Cert) || m.ValidUntil.Before(now.Add(47*time.Hour)) {
		t.Errorf("got %+v", m)
	}
	good := p.Metadata(t)
	if _, err := saml.ParseMetadata([]byte("<!-- ours -->" + good)); err != nil {
		t.Errorf("with a comment: %v", err)
	}
	for name, text := range map[string]string{
		"nothing":              "",
		"no XML":               "hello",
		"another element":      `<a xmlns="urn:oasis:names:tc:SAML:2.0:metadata"/>`,
		"no name":              strings.Replace(good, `entityID="`+entityID+`"`, "", 1),
		"a DTD":                `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>` + good,
		"no keys":              strings.ReplaceAll(good, `use="signing"`, `use="encryption"`),
		"a key that is none":   strings.ReplaceAll(good, base64.StdEncoding.EncodeToString(p.Cert.Raw)[:40], "AAAA"),
		"a key that is huge":   strings.ReplaceAll(good, base64.StdEncoding.EncodeToString(p.Cert.Raw), base64.StdEncoding.EncodeToString(huge(t, p))),
		"another protocol":     strings.Replace(good, `"urn:oasis:names:tc:SAML:2.0:protocol"`, `"urn:oasis:names:tc:SAML:1.1:protocol"`, 1),
		"limited to nonsense":  strings.Replace(good, `validUntil="`, `validUntil="x`, 1),
		"a service provider's": strings.ReplaceAll(good, "IDPSSODescriptor", "SPSSODescriptor"),
		"deeply nested":        strings.Repeat("<a>", 70) + strings.Repeat("</a>", 70),
	} {
		if _, err := saml.ParseMetadata([]byte(text)); !errors.Is(err, saml.ErrMetadata) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// huge is a certificate of a key of 8,193 bits.
func huge(t *testing.T, p *idp.SAML) []byte {
	t.Helper()
	key := &rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(1), 8192, 1), E: 65537}
	der, err := x509.CreateCertificate(rand.Reader, p.Cert, p.Cert, key, p.Key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// Providers sign the response, its assertion, or both.
func TestVerify(t *testing.T) {
	p := idp.NewSAML(t, entityID, now)
	m := metadata(t, p)
	full := answer()
	full.Change = func(a *crewjam.Assertion) { a.AuthnStatements[0].SessionNotOnOrAfter = new(now.Add(8 * time.Hour)) }
	bare := full
	bare.Bare = true
	alone := p.Response(t, full)
	alone.RemoveChild(alone.SelectElement("Signature"))
	for name, response := range map[string]string{
		"both": p.Respond(t, full), "the response": p.Respond(t, bare), "the assertion": idp.Encode(t, alone),
		"in lines": strings.ReplaceAll(p.Respond(t, full), "A", "\nA"),
	} {
		a, err := m.Verify(response, expected())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if a.Subject != "ada@example.com" || !strings.HasSuffix(a.Format, ":persistent") || a.ID == "" || a.Recipient == "" ||
			!a.SessionEnd.Equal(now.Add(8*time.Hour)) || len(a.Attributes[idp.RoleAttribute]) != 2 {
			t.Errorf("%s: got %+v", name, a)
		}
	}
}

func TestRefused(t *testing.T) {
	p, stranger := idp.NewSAML(t, entityID, now), idp.NewSAML(t, entityID, now)
	m := metadata(t, p)
	change := func(f func(*crewjam.Assertion)) string {
		a := answer()
		a.Change = f
		return p.Respond(t, a)
	}
	with := func(f func(*idp.Answer)) string {
		a := answer()
		f(&a)
		return p.Respond(t, a)
	}
	unsigned := with(func(a *idp.Answer) { a.Bare = true })
	for name, test := range map[string]struct {
		response string
		want     error
	}{
		"no base64":             {"!", saml.ErrMalformed},
		"no XML":                {"AAAA", saml.ErrMalformed},
		"nothing":               {"", saml.ErrMalformed},
		"another key":           {stranger.Respond(t, answer()), saml.ErrSignature},
		"SHA-1":                 {with(func(a *idp.Answer) { a.SHA1 = true }), saml.ErrSignature},
		"no signature":          {tampered(t, unsigned, removeSignatures), saml.ErrSignature},
		"signatures taken away": {tampered(t, p.Respond(t, answer()), removeSignatures), saml.ErrSignature},
		"another issuer":        {change(func(a *crewjam.Assertion) { a.Issuer.Value = "https://other" }), saml.ErrIssuer},
		"another audience":      {with(func(a *idp.Answer) { a.Audience = "urn:other" }), saml.ErrAudience},
		"no audience":           {change(func(a *crewjam.Assertion) { a.Conditions.AudienceRestrictions = nil }), saml.ErrAudience},
		"and another audience": {change(func(a *crewjam.Assertion) {
			a.Conditions.AudienceRestrictions = append(a.Conditions.AudienceRestrictions, crewjam.AudienceRestriction{Audience: crewjam.Audience{Value: "urn:other"}})
		}), saml.ErrAudience},
		"no conditions":     {change(func(a *crewjam.Assertion) { a.Conditions = nil }), saml.ErrAudience},
		"another recipient": {with(func(a *idp.Answer) { a.Recipient = "https://other/saml" }), saml.ErrRecipient},
		"old":               {with(func(a *idp.Answer) { a.Now = now.Add(-6 * time.Minute) }), saml.ErrExpired},
		"from the future":   {with(func(a *idp.Answer) { a.Now = now.Add(10 * time.Minute) }), saml.ErrEarly},
		"confirmation over": {change(func(a *crewjam.Assertion) {
			a.Subject.SubjectConfirmations[0].SubjectConfirmationData.NotOnOrAfter = now.Add(-time.Minute)
		}), saml.ErrExpired},
		"conditions over": {change(func(a *crewjam.Assertion) { a.Conditions.NotOnOrAfter = now.Add(-time.Minute) }), saml.ErrExpired},
		"not yet":         {change(func(a *crewjam.Assertion) { a.Conditions.NotBefore = now.Add(2 * time.Minute) }), saml.ErrEarly},
		"session over":    {change(func(a *crewjam.Assertion) { a.AuthnStatements[0].SessionNotOnOrAfter = &now }), saml.ErrExpired},
		"no subject":      {change(func(a *crewjam.Assertion) { a.Subject = nil }), saml.ErrMalformed},
		"no name":         {change(func(a *crewjam.Assertion) { a.Subject.NameID = nil }), saml.ErrMalformed},
		"holder of key": {change(func(a *crewjam.Assertion) {
			a.Subject.SubjectConfirmations[0].Method = "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"
		}), saml.ErrMalformed},
		"confirmed twice": {change(func(a *crewjam.Assertion) {
			a.Subject.SubjectConfirmations = append(a.Subject.SubjectConfirmations, a.Subject.SubjectConfirmations[0])
		}), saml.ErrMalformed},
		"user not authenticated": {tampered(t, p.Respond(t, answer()), func(r *etree.Element) {
			removeSignatures(r)
			r.FindElement("./Status/StatusCode").CreateAttr("Value", "urn:oasis:names:tc:SAML:2.0:status:Responder")
		}), saml.ErrRejected},
	} {
		if a, err := m.Verify(test.response, expected()); !errors.Is(err, test.want) || a != nil {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
	}
}

// A key is good only while its certificate is.
func TestCertificateExpired(t *testing.T) {
	p := idp.NewSAML(t, entityID, now.AddDate(-1, 0, -1))
	if _, err := metadata(t, p).Verify(p.Respond(t, answer()), expected()); !errors.Is(err, saml.ErrSignature) {
		t.Errorf("got %v", err)
	}
}

// tampered is a response after somebody had it in hands.
func tampered(t testing.TB, response string, change func(*etree.Element)) string {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(response)
	if err != nil {
		t.Fatal(err)
	}
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(raw); err != nil {
		t.Fatal(err)
	}
	change(doc.Root())
	return idp.Encode(t, doc.Root())
}

func removeSignatures(el *etree.Element) {
	for _, c := range el.ChildElements() {
		if c.Tag == "Signature" {
			el.RemoveChild(c)
			continue
		}
		removeSignatures(c)
	}
}
