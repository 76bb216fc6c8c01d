package iam

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"time"

	api "github.com/writ-iam/writ/api/iam"
)

// parseSigning reads the certificate that a user signs with, and returns its DER.
func parseSigning(body string, now time.Time) ([]byte, error) {
	all, ok := parseCertificates(body)
	if !ok || len(all) != 1 || now.Before(all[0].NotBefore) || now.After(all[0].NotAfter) {
		return nil, api.MalformedCertificateException("Certificate %s is malformed.", body)
	}
	switch all[0].PublicKey.(type) {
	case *rsa.PublicKey, *ecdsa.PublicKey:
		return all[0].Raw, nil
	}
	return nil, api.InvalidCertificateException("Certificate %s is invalid.", body)
}

// parseCertificates reads PEM that holds certificates and nothing else.
func parseCertificates(text string) (all []*x509.Certificate, ok bool) {
	for rest := []byte(strings.TrimSpace(text)); len(rest) > 0; rest = bytes.TrimSpace(rest) {
		if !bytes.HasPrefix(rest, []byte("-----BEGIN CERTIFICATE-----")) {
			return nil, false
		}
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil || block.Type != "CERTIFICATE" || len(block.Headers) > 0 {
			return nil, false
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, false
		}
		all = append(all, c)
	}
	return all, len(all) > 0
}

// parseServer reads the certificate of a server with its private key and, if
// there is one, its chain. All three must be PEM and fit together, and the
// certificate must be in force.
func parseServer(body, key, chain string, now time.Time) (*x509.Certificate, error) {
	all, ok := parseCertificates(body)
	if !ok || len(all) != 1 {
		return nil, api.MalformedCertificateException("Unable to parse certificate. Please ensure the certificate is in PEM format.")
	}
	c := all[0]
	switch {
	case now.After(c.NotAfter):
		return nil, api.MalformedCertificateException("Certificate is no longer valid. The 'Not After' date restriction on the certificate has passed.")
	case now.Before(c.NotBefore):
		return nil, api.MalformedCertificateException("Certificate is not yet valid. The 'Not Before' date restriction on the certificate has not passed.")
	}
	if err := fitsKey(c, key); err != nil {
		return nil, err
	}
	return c, checkChain(c, chain)
}

// fitsKey says whether a private key in PEM is the certificate's.
func fitsKey(c *x509.Certificate, text string) error {
	private, ok := parsePrivateKey(text)
	if !ok {
		return api.MalformedCertificateException("Unable to parse private key. Please ensure the key is in PEM format and is not encrypted.")
	}
	public, ok := private.Public().(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !public.Equal(c.PublicKey) {
		return api.KeyPairMismatchException("The private key did not match the public key provided. Please verify the key material and try again.")
	}
	return nil
}

// parsePrivateKey reads an RSA or EC key that is not encrypted, in any of the
// encodings that openssl writes.
func parsePrivateKey(text string) (crypto.Signer, bool) {
	block, rest := pem.Decode([]byte(text))
	if block == nil || len(block.Headers) > 0 || len(bytes.TrimSpace(rest)) > 0 {
		return nil, false
	}
	var key any
	var err error
	switch block.Type {
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		key, err = x509.ParseECPrivateKey(block.Bytes)
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	default:
		return nil, false
	}
	switch k := key.(type) {
	case *rsa.PrivateKey:
		return k, err == nil
	case *ecdsa.PrivateKey:
		return k, err == nil
	}
	return nil, false
}

// checkChain says whether each certificate of a chain has signed the one before
// it, the first the server's; "" is no chain.
func checkChain(c *x509.Certificate, chain string) error {
	if chain == "" {
		return nil
	}
	all, ok := parseCertificates(chain)
	if !ok {
		return api.MalformedCertificateException("")
	}
	for i, issuer := range all {
		if !hasSigned(issuer, c) {
			if i == 0 {
				i = -1 // as AWS counts
			}
			return api.MalformedCertificateException("Unable to validate certificate chain. The certificate chain must start with the immediate signing certificate, followed by any intermediaries in order. The index within the chain of the invalid certificate is: %d", i)
		}
		c = issuer
	}
	return nil
}

// hasSigned looks at names and signatures only: whom to trust is the business of
// those whom the chain is shown to.
func hasSigned(issuer, c *x509.Certificate) bool {
	return bytes.Equal(c.RawIssuer, issuer.RawSubject) && !tooLong(issuer.PublicKey) &&
		issuer.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil
}

// tooLong says whether a key is longer than any that is in use: the time that it
// takes to verify a signature grows with the square of the length, and a chain
// has room for keys that take hours.
func tooLong(key any) bool {
	k, ok := key.(*rsa.PublicKey)
	return ok && k.N.BitLen() > maxRSA
}
