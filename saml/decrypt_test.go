package saml_test

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"testing"

	"github.com/beevik/etree"

	"github.com/writ-iam/writ/internal/idp"
	"github.com/writ-iam/writ/saml"
)

// encrypted takes the place of a response's assertion, in AES-256-GCM and
// RSA-OAEP with SHA-256.
func encrypted(t *testing.T, response *etree.Element, to *rsa.PublicKey) *etree.Element {
	t.Helper()
	a := assertion(response)
	doc := etree.NewDocument()
	doc.SetRoot(a.Copy())
	plaintext, err := doc.WriteToBytes()
	if err != nil {
		t.Fatal(err)
	}
	secret, nonce := make([]byte, 32), make([]byte, 12)
	rand.Read(secret)
	rand.Read(nonce)
	c, _ := aes.NewCipher(secret)
	gcm, _ := cipher.NewGCM(c)
	wrapped, err := rsa.EncryptOAEP(sha256.New(), rand.Reader, to, secret, nil)
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf(`<a:EncryptedAssertion xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion"><EncryptedData xmlns="http://www.w3.org/2001/04/xmlenc#">
		<EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#aes256-gcm"/><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><EncryptedKey xmlns="http://www.w3.org/2001/04/xmlenc#">
		<EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#rsa-oaep"><DigestMethod xmlns="http://www.w3.org/2000/09/xmldsig#" Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>
		<MGF xmlns="http://www.w3.org/2009/xmlenc11#" Algorithm="http://www.w3.org/2009/xmlenc11#mgf1sha256"/></EncryptionMethod><CipherData><CipherValue>%s</CipherValue></CipherData></EncryptedKey></KeyInfo>
		<CipherData><CipherValue>%s</CipherValue></CipherData></EncryptedData></a:EncryptedAssertion>`,
		base64.StdEncoding.EncodeToString(wrapped), base64.StdEncoding.EncodeToString(gcm.Seal(nonce, nonce, plaintext, nil)))
	other := etree.NewDocument()
	if err := other.ReadFromString(text); err != nil {
		t.Fatal(err)
	}
	response.RemoveChild(a)
	response.RemoveChild(response.SelectElement("Signature"))
	response.AddChild(other.Root())
	return response
}

func TestEncrypted(t *testing.T) {
	p := idp.NewSAML(t, entityID, now)
	m := metadata(t, p)
	key, cert := idp.Certificate(t, now)
	other, _ := idp.Certificate(t, now)
	e := expected()
	e.Keys, e.Encrypted = []*rsa.PrivateKey{other, key}, true

	// The library encrypts in CBC and signs the response around it.
	cbc := answer()
	cbc.Encrypt = cert
	gcm := idp.Encode(t, encrypted(t, p.Response(t, answer()), &key.PublicKey))
	for name, response := range map[string]string{"CBC in a signed response": p.Respond(t, cbc), "GCM": gcm} {
		if a, err := m.Verify(response, e); err != nil || a.Subject != "ada@example.com" {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
	}

	bare := answer()
	bare.Bare = true
	unproven := idp.Encode(t, encrypted(t, p.Response(t, bare), &key.PublicKey))
	for name, test := range map[string]struct {
		response string
		keys     []*rsa.PrivateKey
		want     error
	}{
		"not encrypted":          {p.Respond(t, answer()), e.Keys, saml.ErrEncryption},
		"for another key":        {gcm, []*rsa.PrivateKey{other}, saml.ErrEncryption},
		"no key":                 {gcm, nil, saml.ErrEncryption},
		"encrypted, unsigned":    {unproven, e.Keys, saml.ErrSignature},
		"CBC, nothing covers it": {tampered(t, p.Respond(t, cbc), func(r *etree.Element) { r.RemoveChild(r.SelectElement("Signature")) }), e.Keys, saml.ErrEncryption},
		"changed": {tampered(t, gcm, func(r *etree.Element) {
			v := r.FindElement("./EncryptedAssertion/EncryptedData/CipherData/CipherValue")
			b, _ := base64.StdEncoding.DecodeString(v.Text())
			b[40] ^= 1
			v.SetText(base64.StdEncoding.EncodeToString(b))
		}), e.Keys, saml.ErrEncryption},
		"cut off": {tampered(t, gcm, func(r *etree.Element) {
			r.FindElement("./EncryptedAssertion/EncryptedData/CipherData/CipherValue").SetText("AAAA")
		}), e.Keys, saml.ErrEncryption},
		"PKCS #1 v1.5": {tampered(t, gcm, func(r *etree.Element) {
			r.FindElement("//EncryptedKey/EncryptionMethod").CreateAttr("Algorithm", "http://www.w3.org/2001/04/xmlenc#rsa-1_5")
		}), e.Keys, saml.ErrEncryption},
	} {
		e.Keys = test.keys
		if a, err := m.Verify(test.response, e); !errors.Is(err, test.want) || a != nil {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
	}
}
