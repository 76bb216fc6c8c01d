// Package saml reads the metadata of SAML 2.0 identity providers and verifies
// the responses that they give their users.
//
// Its one idea: only what was signed is read. A response is an XML document in
// which a signature covers one element that it names by an id, and the classic
// attacks move that element aside and put another in its place. So the shape of
// the document is held against the few that are legitimate, the signature is
// verified against the keys of the metadata alone, and from then on nothing but
// the canonical bytes that the signature covers is parsed again and read.
package saml

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"time"
)

// minRSA is the size in bits below which an RSA key is no proof. With one above
// maxRSA a response would cost more than anybody should be able to ask for: seconds.
const minRSA, maxRSA = 2048, 8192

// Metadata is what a provider says of itself.
type Metadata struct {
	EntityID     string
	Certificates []*x509.Certificate // of the keys that it signs with; at least one
	ValidUntil   time.Time           // zero if it does not say
}

// ErrMetadata is the error of a document that is no metadata of an identity
// provider that can sign.
var ErrMetadata = errors.New("saml: not the metadata of an identity provider")

// entityDescriptor is the part that matters of SAML 2.0 Metadata, section 2.3.2.
type entityDescriptor struct {
	XMLName    xml.Name           `xml:"urn:oasis:names:tc:SAML:2.0:metadata EntityDescriptor"`
	EntityID   string             `xml:"entityID,attr"`
	ValidUntil string             `xml:"validUntil,attr"`
	Providers  []idpSSODescriptor `xml:"urn:oasis:names:tc:SAML:2.0:metadata IDPSSODescriptor"`
}

type idpSSODescriptor struct {
	Protocols  string          `xml:"protocolSupportEnumeration,attr"`
	ValidUntil string          `xml:"validUntil,attr"`
	Keys       []keyDescriptor `xml:"urn:oasis:names:tc:SAML:2.0:metadata KeyDescriptor"`
}

type keyDescriptor struct {
	Use          string   `xml:"use,attr"`
	Certificates []string `xml:"http://www.w3.org/2000/09/xmldsig# KeyInfo>X509Data>X509Certificate"`
}

// ParseMetadata reads the metadata of one provider. The error is ErrMetadata.
func ParseMetadata(document []byte) (*Metadata, error) {
	if err := plain(document, comments); err != nil {
		return nil, ErrMetadata
	}
	var d entityDescriptor
	if xml.Unmarshal(document, &d) != nil || d.EntityID == "" || len(d.EntityID) > 1024 {
		return nil, ErrMetadata
	}
	m := &Metadata{EntityID: d.EntityID}
	err := m.until(d.ValidUntil)
	for _, p := range d.Providers {
		if !strings.Contains(" "+p.Protocols+" ", " "+protocolNS+" ") {
			continue
		}
		err = errors.Join(err, m.until(p.ValidUntil), m.add(p.Keys))
	}
	if err != nil || len(m.Certificates) == 0 {
		return nil, ErrMetadata
	}
	return m, nil
}

// until notes a limit; the earliest holds.
func (m *Metadata) until(text string) error {
	if text == "" {
		return nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err == nil && (m.ValidUntil.IsZero() || t.Before(m.ValidUntil)) {
		m.ValidUntil = t.UTC()
	}
	return err
}

func (m *Metadata) add(keys []keyDescriptor) error {
	for _, k := range keys {
		if k.Use != "" && k.Use != "signing" {
			continue
		}
		for _, text := range k.Certificates {
			cert, err := certificate(text)
			if err != nil {
				return err
			}
			m.Certificates = append(m.Certificates, cert)
		}
	}
	return nil
}

// certificate reads one in base64, and demands a key that is a proof.
func certificate(text string) (*x509.Certificate, error) {
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	if key, ok := cert.PublicKey.(*rsa.PublicKey); !ok || key.N.BitLen() < minRSA || key.N.BitLen() > maxRSA {
		return nil, errors.New("saml: not an RSA key of 2048 to 8192 bits")
	}
	return cert, nil
}

// oddities are comments and processing instructions. In a response they are a way to make two readers see two names
// (user@example.com<!---->.evil.example).
type oddities bool

const (
	noComments oddities = false
	comments   oddities = true
)

// maxDepth bounds the nesting of elements.
const maxDepth = 64

// plain refuses document type declarations, with all the entities they may
// define, and whatever else a document has no need of.
func plain(document []byte, allowed oddities) error {
	d := xml.NewDecoder(bytes.NewReader(document))
	for depth := 0; ; {
		token, err := d.RawToken()
		if err == io.EOF && depth == 0 {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		case xml.Directive:
			return errors.New("saml: a document type declaration")
		case xml.Comment:
			if !allowed {
				return errors.New("saml: a comment")
			}
		case xml.ProcInst:
			if !allowed && t.Target != "xml" {
				return errors.New("saml: a processing instruction")
			}
		}
		if depth > maxDepth || depth < 0 {
			return errors.New("saml: nested too deep")
		}
	}
}
