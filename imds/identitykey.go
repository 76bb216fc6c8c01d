package imds

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"time"

	"github.com/writ-iam/writ/store"
)

// identityKey is the key of the installation that identity documents are signed
// with. It is made when it is first needed.
type identityKey struct {
	db  *store.DB
	now func() time.Time
}

type keyRecord struct {
	Private     store.Secret // PKCS #8
	Certificate []byte       // DER, self-signed
}

var keyRecords = store.NewTable("imds/identity-key", func(*keyRecord) store.Key { return store.K("key") })

// signer is the key at work.
type signer struct {
	private     *rsa.PrivateKey
	certificate *x509.Certificate
}

// Certificate returns, in PEM, the certificate that identity documents are
// checked with.
func (k *identityKey) Certificate(ctx context.Context) ([]byte, error) {
	s, err := k.signer(ctx)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.certificate.Raw}), nil
}

func (k *identityKey) signer(ctx context.Context) (*signer, error) {
	r, err := k.read(ctx)
	if errors.Is(err, store.ErrNotFound) {
		r, err = k.found(ctx)
	}
	if err != nil {
		return nil, err
	}
	return r.open()
}

func (k *identityKey) read(ctx context.Context) (r *keyRecord, err error) {
	err = k.db.View(ctx, func(tx *store.Tx) error {
		r, err = keyRecords.Get(tx, "key")
		return err
	})
	return r, err
}

// found makes the key, unless another node was quicker.
func (k *identityKey) found(ctx context.Context) (*keyRecord, error) {
	made, err := newKey(k.now())
	if err != nil {
		return nil, err
	}
	err = k.db.Maintain(ctx, "identity key made", func(tx *store.Tx) error { return keyRecords.Insert(tx, made) })
	if err != nil && !errors.Is(err, store.ErrExists) {
		return nil, err
	}
	return k.read(ctx)
}

// validity is what AWS gives its own.
const validity = 100 * 365 * 24 * time.Hour

func newKey(now time.Time) (*keyRecord, error) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{Organization: []string{"Writ"}, CommonName: "Instance identity"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(validity), KeyUsage: x509.KeyUsageDigitalSignature}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	return &keyRecord{store.NewSecret(der), certificate}, err
}

func (r *keyRecord) open() (*signer, error) {
	der, err := r.Private.Reveal()
	if err != nil {
		return nil, err
	}
	private, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(r.Certificate)
	if err != nil {
		return nil, err
	}
	key, ok := private.(*rsa.PrivateKey)
	if !ok {
		return nil, errors.New("imds: the identity key is not RSA")
	}
	return &signer{key, certificate}, nil
}
