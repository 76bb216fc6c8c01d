package saml

import (
	"crypto/x509"
	"fmt"
	"slices"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
	"github.com/russellhaering/goxmldsig/etreeutils"
)

// What a signature may be made with (SAML 2.0 Core, section 5.4): RSA with
// SHA-2, over one element in exclusive canonical form. SHA-1 is no proof any more.
var (
	signatureMethods = []string{
		"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
		"http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
		"http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
	}
	digestMethods = []string{
		"http://www.w3.org/2001/04/xmlenc#sha256",
		"http://www.w3.org/2001/04/xmldsig-more#sha384",
		"http://www.w3.org/2001/04/xmlenc#sha512",
	}
	canonicalizations = []string{
		"http://www.w3.org/2001/10/xml-exc-c14n#",
		"http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
	}
)

const enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"

// verified returns an element as its signature covers it: parsed anew from the
// canonical bytes whose digest the provider signed.
func (m *Metadata) verified(el *etree.Element, now time.Time) (*etree.Element, error) {
	signature := child(el, signatureNS, "Signature")
	if err := acceptable(signature, el.SelectAttrValue("ID", "")); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSignature, err)
	}
	// Keys come from the metadata alone, whatever the response suggests. KeyInfo
	// is not part of what is signed.
	for _, info := range children(signature, signatureNS, "KeyInfo") {
		signature.RemoveChild(info)
	}
	parents, err := etreeutils.NSBuildParentContext(el)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	detached, err := etreeutils.NSDetatch(parents, el)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	for _, cert := range m.Certificates {
		var signed *etree.Element
		if signed, err = validate(detached, cert, now); err == nil {
			return sameElement(signed, el)
		}
	}
	return nil, fmt.Errorf("%w: %w", ErrSignature, err)
}

func validate(el *etree.Element, cert *x509.Certificate, now time.Time) (*etree.Element, error) {
	context := dsig.NewDefaultValidationContext(&dsig.MemoryX509CertificateStore{Roots: []*x509.Certificate{cert}})
	context.IdAttribute = "ID"
	context.Clock = dsig.NewFakeClockAt(now)
	return context.Validate(el)
}

// sameElement demands that what was signed is the element that it was looked for in.
func sameElement(signed, el *etree.Element) (*etree.Element, error) {
	if signed == nil || !is(signed, el.NamespaceURI(), el.Tag) || signed.SelectAttrValue("ID", "") != el.SelectAttrValue("ID", "") {
		return nil, fmt.Errorf("%w: it covers another element", ErrSignature)
	}
	return signed, nil
}

// acceptable demands a signature that refers to the element with the id and
// nothing else, by means that prove something.
func acceptable(signature *etree.Element, id string) error {
	info := child(signature, signatureNS, "SignedInfo")
	reference := child(info, signatureNS, "Reference")
	switch {
	case id == "" || reference == nil || reference.SelectAttrValue("URI", "") != "#"+id:
		return fmt.Errorf("it does not refer to the element that it is in")
	case !uses(child(info, signatureNS, "CanonicalizationMethod"), canonicalizations),
		!uses(child(info, signatureNS, "SignatureMethod"), signatureMethods),
		!uses(child(reference, signatureNS, "DigestMethod"), digestMethods):
		return fmt.Errorf("an algorithm is not accepted")
	}
	transforms := children(child(reference, signatureNS, "Transforms"), signatureNS, "Transform")
	if len(transforms) != 2 || !uses(transforms[0], []string{enveloped}) || !uses(transforms[1], canonicalizations) {
		return fmt.Errorf("a transform is not accepted")
	}
	return nil
}

func uses(method *etree.Element, accepted []string) bool {
	return method != nil && slices.Contains(accepted, method.SelectAttrValue("Algorithm", ""))
}
