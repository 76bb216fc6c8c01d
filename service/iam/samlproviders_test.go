package iam

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/internal/idp"
	"github.com/writ-iam/writ/store"
)

// signedBy is metadata with so many certificates to sign with.
func signedBy(t *testing.T, d *door, n int) string {
	t.Helper()
	text := idp.NewSAML(t, "https://idp.example", d.now).Metadata(t)
	from, end := strings.Index(text, `<KeyDescriptor use="signing"`), "</KeyDescriptor>"
	to := from + strings.Index(text[from:], end) + len(end)
	return text[:from] + strings.Repeat(text[from:to], n) + text[to:]
}

// Everybody may bring a response, which is held against all certificates and
// decrypted with all keys: an account can't make that costly.
func TestSAMLProviderBounds(t *testing.T) {
	d := newDoor(t)
	for n, want := range map[int]string{maxCertificates: "", maxCertificates + 1: "InvalidInput"} {
		_, err := d.CreateSAMLProvider(d.call(""), &api.CreateSAMLProviderInput{Name: "corp", SAMLMetadataDocument: signedBy(t, d, n)})
		if told, _ := writ.AsError(err); (err == nil) != (want == "") || err != nil && told.Code != want {
			t.Errorf("%d certificates: %v", n, err)
		}
	}
	key, err := rsa.GenerateKey(rand.Reader, maxSAMLKey+256)
	d.ok(err)
	text := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	if _, ok := privateKey(text); ok {
		t.Errorf("a key of %d bits was taken", key.N.BitLen())
	}
}

// A provider is as it is now, though its metadata are read once.
func TestSAMLProviderChanges(t *testing.T) {
	d := newDoor(t)
	out, err := d.CreateSAMLProvider(d.call(""), &api.CreateSAMLProviderInput{Name: "corp", SAMLMetadataDocument: signedBy(t, d, 1)})
	d.ok(err)
	certificates := func() (n int) {
		d.ok(d.db.View(t.Context(), func(tx *store.Tx) error {
			p, err := d.SAMLProvider(tx, *out.SAMLProviderArn)
			if err == nil {
				n = len(p.Metadata.Certificates)
			}
			return err
		}))
		return n
	}
	if n := certificates(); n != 1 {
		t.Errorf("%d certificates", n)
	}
	_, err = d.UpdateSAMLProvider(d.call(""), &api.UpdateSAMLProviderInput{SAMLProviderArn: *out.SAMLProviderArn, SAMLMetadataDocument: new(signedBy(t, d, 2))})
	d.ok(err)
	if n := certificates(); n != 2 {
		t.Errorf("%d certificates after the update", n)
	}
}
