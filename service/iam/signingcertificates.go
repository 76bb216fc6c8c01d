package iam

import (
	"crypto/sha1"
	"encoding/base32"
	"errors"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// signingCertificate is an X.509 certificate of a user, or of root, whose id is
// the account's.
type signingCertificate struct {
	ID       string // of the certificate: no two have the same
	Account  string
	UserID   string
	Active   bool
	Uploaded time.Time
	Body     string // PEM, as it was uploaded
}

var signingCertificates = store.NewTable("iam/signing-certificate",
	func(k *signingCertificate) store.Key { return store.K(k.Account, k.ID) },
	store.Index("user", func(k *signingCertificate) store.Key { return store.K(k.Account, k.UserID, k.Uploaded, k.ID) }))

// UploadSigningCertificate answers a certificate that the user has already as if
// it were new, and changes nothing.
func (s *Service) UploadSigningCertificate(c *writ.Call, in *api.UploadSigningCertificateInput) (out *api.UploadSigningCertificateOutput, err error) {
	der, err := parseSigning(in.CertificateBody, c.Time)
	if err != nil {
		return nil, err
	}
	k := &signingCertificate{ID: certificateID(der), Account: c.Scope.Account, Active: true,
		Uploaded: c.Time.Truncate(time.Second), Body: in.CertificateBody}
	err = s.db.Update(c, func(tx *store.Tx) error {
		o, err := owner(tx, c, in.UserName)
		if err != nil {
			return err
		}
		k.UserID = o.id
		known, err := s.insertSigning(tx, k)
		shape := known.shape(o)
		shape.Status = active
		out = &api.UploadSigningCertificateOutput{Certificate: shape}
		return err
	})
	return out, err
}

// insertSigning returns the certificate, or the record that there is of it.
func (s *Service) insertSigning(tx *store.Tx, k *signingCertificate) (*signingCertificate, error) {
	known, err := signingCertificates.Get(tx, k.Account, k.ID)
	if err == nil && known.UserID != k.UserID {
		return k, api.DuplicateCertificateException("Duplicate certificate uploaded.")
	}
	if !errors.Is(err, store.ErrNotFound) {
		return known, err
	}
	n, err := signingCertificates.CountBy(tx, "user", store.K(k.Account, k.UserID))
	if err != nil {
		return k, err
	}
	if err := s.within("CertificatesPerUser", n+1); err != nil {
		return k, err
	}
	return k, signingCertificates.Insert(tx, k)
}

// certificateID is the id that IAM gives a certificate: SHA-1 of it in 32 letters
// and digits.
func certificateID(der []byte) string {
	sum := sha1.Sum(der)
	return base32.StdEncoding.EncodeToString(sum[:])
}

func (s *Service) ListSigningCertificates(c *writ.Call, in *api.ListSigningCertificatesInput) (*api.ListSigningCertificatesOutput, error) {
	var o keyOwner
	p, err := list(s, c, paging{in.Marker, in.MaxItems}, func(tx *store.Tx, after store.Key, limit int) (all []*signingCertificate, next store.Key, err error) {
		if o, err = owner(tx, c, in.UserName); err != nil {
			return nil, nil, err
		}
		return signingCertificates.PageBy(tx, "user", store.K(c.Scope.Account, o.id), after, limit)
	}, value(in.UserName))
	if err != nil {
		return nil, err
	}
	shape := func(k *signingCertificate) api.SigningCertificate { return k.shape(o) }
	return &api.ListSigningCertificatesOutput{Certificates: convert(p.rows, shape), IsTruncated: &p.IsTruncated, Marker: p.Marker}, nil
}

func (s *Service) UpdateSigningCertificate(c *writ.Call, in *api.UpdateSigningCertificateInput) (*api.UpdateSigningCertificateOutput, error) {
	isActive, err := activation(in.Status)
	if err != nil {
		return nil, err
	}
	err = s.db.Update(c, func(tx *store.Tx) error {
		k, err := findSigning(tx, c, in.UserName, in.CertificateId)
		if err != nil {
			return err
		}
		k.Active = isActive
		return signingCertificates.Put(tx, k)
	})
	return &api.UpdateSigningCertificateOutput{}, err
}

func (s *Service) DeleteSigningCertificate(c *writ.Call, in *api.DeleteSigningCertificateInput) (*api.DeleteSigningCertificateOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		k, err := findSigning(tx, c, in.UserName, in.CertificateId)
		if err != nil {
			return err
		}
		return signingCertificates.Delete(tx, k.Account, k.ID)
	})
	return &api.DeleteSigningCertificateOutput{}, err
}

// findSigning finds a certificate of the named user or the caller. One of
// anybody else is as absent as one that does not exist.
func findSigning(tx *store.Tx, c *writ.Call, userName *string, id string) (*signingCertificate, error) {
	o, err := owner(tx, c, userName)
	if err != nil {
		return nil, err
	}
	k, err := signingCertificates.Get(tx, c.Scope.Account, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && k.UserID != o.id {
		return nil, api.NoSuchEntityException("The Certificate with id %s cannot be found.", id)
	}
	return k, err
}

func (k *signingCertificate) shape(o keyOwner) api.SigningCertificate {
	return api.SigningCertificate{UserName: o.name, CertificateId: k.ID, CertificateBody: k.Body,
		Status: statusOf(k.Active), UploadDate: &k.Uploaded}
}
