package iam

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"
)

// To verify a signature takes the longer the longer the key is, and who uploads a
// chain chooses the keys in it.
func TestChainKeysHaveABound(t *testing.T) {
	signer, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := certify(t, "server", "huge", &signer.PublicKey, signer)
	issuer := certify(t, "huge", "huge", &rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(1), 1<<20, 1), E: 65537}, signer)
	c.SignatureAlgorithm = x509.SHA256WithRSA
	begun := time.Now()
	err = checkChain(c, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: issuer.Raw})))
	if err == nil || !strings.HasPrefix(err.Error(), "MalformedCertificate: Unable to validate certificate chain.") {
		t.Errorf("checkChain: %v", err)
	}
	if took := time.Since(begun); took > time.Second {
		t.Errorf("checkChain took %v", took)
	}
}

// certify makes a certificate of any key, even of one that nobody could have.
func certify(t *testing.T, subject, issuer string, key any, signer *ecdsa.PrivateKey) *x509.Certificate {
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: subject}, NotAfter: time.Now().Add(time.Hour)}
	parent := &x509.Certificate{Subject: pkix.Name{CommonName: issuer}}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key, signer)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
