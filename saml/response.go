package saml

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/beevik/etree"
)

// Namespaces of SAML 2.0 and of what it is made with.
const (
	protocolNS   = "urn:oasis:names:tc:SAML:2.0:protocol"
	assertionNS  = "urn:oasis:names:tc:SAML:2.0:assertion"
	signatureNS  = "http://www.w3.org/2000/09/xmldsig#"
	encryptionNS = "http://www.w3.org/2001/04/xmlenc#"
	success      = "urn:oasis:names:tc:SAML:2.0:status:Success"
)

// Errors of responses. What else they wrap is for logs.
var (
	ErrMalformed  = errors.New("saml: not a response")
	ErrRejected   = errors.New("saml: the provider has not authenticated the user")
	ErrSignature  = errors.New("saml: the signature is not the provider's")
	ErrIssuer     = errors.New("saml: the issuer is another")
	ErrAudience   = errors.New("saml: the assertion is for somebody else")
	ErrRecipient  = errors.New("saml: the assertion is for another place")
	ErrExpired    = errors.New("saml: the assertion has expired")
	ErrEarly      = errors.New("saml: the assertion is from the future")
	ErrEncryption = errors.New("saml: the assertion is not encrypted as it must be")
)

// Verify reads a response in base64, as a form posts it (SAML 2.0 Bindings,
// section 3.5), proves that the provider signed it and that its assertion is
// good, and returns the assertion. Whether it was used before is for the caller
// to find out, by its ID.
func (m *Metadata) Verify(response string, e Expected) (*Assertion, error) {
	raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(response), ""))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	root, err := parse(raw, protocolNS, "Response")
	if err != nil {
		return nil, err
	}
	signed, err := m.signed(root, e)
	if err != nil {
		return nil, err
	}
	return m.read(signed, e)
}

// signed returns the assertion of a response as the provider signed it: as part
// of the response, or on its own, or both.
func (m *Metadata) signed(root *etree.Element, e Expected) (*etree.Element, error) {
	covered := child(root, signatureNS, "Signature") != nil
	if covered {
		var err error
		if root, err = m.verified(root, e.Now); err != nil {
			return nil, err
		}
	}
	if code := child(child(root, protocolNS, "Status"), protocolNS, "StatusCode"); code == nil {
		return nil, fmt.Errorf("%w: no status", ErrMalformed)
	} else if status := code.SelectAttrValue("Value", ""); status != success {
		return nil, fmt.Errorf("%w: %s", ErrRejected, status)
	}
	if issuer := child(root, assertionNS, "Issuer"); issuer != nil && issuer.Text() != m.EntityID {
		return nil, ErrIssuer
	}
	assertion, err := opened(root, covered, e)
	switch {
	case err != nil:
		return nil, err
	case child(assertion, signatureNS, "Signature") != nil:
		return m.verified(assertion, e.Now)
	case !covered:
		return nil, fmt.Errorf("%w: there is none", ErrSignature)
	}
	return assertion, nil
}

// parse reads a document whose root is a certain element and whose shape leaves
// no doubt which element a signature could mean.
func parse(document []byte, space, tag string) (*etree.Element, error) {
	if err := plain(document, noComments); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(document); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	root := doc.Root()
	if root == nil || root.NamespaceURI() != space || root.Tag != tag {
		return nil, ErrMalformed
	}
	return root, unambiguous(root)
}

// unambiguous demands ids that are used once, no signature but in the response
// and in its assertion, and no assertion but directly in the response.
func unambiguous(root *etree.Element) error {
	seen := map[string]bool{}
	for _, el := range all(root) {
		for _, a := range el.Attr {
			if !strings.EqualFold(a.Key, "ID") || a.Space == "xmlns" {
				continue
			}
			if seen[a.Value] || a.Value == "" {
				return fmt.Errorf("%w: an id is used twice", ErrMalformed)
			}
			seen[a.Value] = true
		}
		if !inPlace(root, el) {
			return fmt.Errorf("%w: %s is out of place", ErrMalformed, el.Tag)
		}
	}
	if len(assertions(root)) > 1 {
		return fmt.Errorf("%w: more than one assertion", ErrMalformed)
	}
	return nil
}

// all are an element and all below it.
func all(el *etree.Element) []*etree.Element {
	found := []*etree.Element{el}
	for _, c := range el.ChildElements() {
		found = append(found, all(c)...)
	}
	return found
}

func inPlace(root, el *etree.Element) bool {
	parent := el.Parent()
	switch {
	case is(el, signatureNS, "Signature"):
		return (parent == root || is(parent, assertionNS, "Assertion") && parent.Parent() == root) &&
			len(children(parent, signatureNS, "Signature")) == 1
	case is(el, assertionNS, "Assertion"), is(el, assertionNS, "EncryptedAssertion"):
		return el == root || parent == root && is(root, protocolNS, "Response")
	case is(el, protocolNS, "Response"):
		return el == root
	}
	return true
}

// assertions are all in a response, encrypted or not.
func assertions(root *etree.Element) []*etree.Element {
	return append(children(root, assertionNS, "Assertion"), children(root, assertionNS, "EncryptedAssertion")...)
}

func is(el *etree.Element, space, tag string) bool {
	return el != nil && el.Tag == tag && el.NamespaceURI() == space
}

func children(el *etree.Element, space, tag string) []*etree.Element {
	if el == nil {
		return nil
	}
	var found []*etree.Element
	for _, c := range el.ChildElements() {
		if is(c, space, tag) {
			found = append(found, c)
		}
	}
	return found
}

// child returns the only child of a name, nil if there is none or a choice.
func child(el *etree.Element, space, tag string) *etree.Element {
	if found := children(el, space, tag); len(found) == 1 {
		return found[0]
	}
	return nil
}
