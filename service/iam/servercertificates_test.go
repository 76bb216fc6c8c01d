package iam

import (
	"testing"

	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// AWS has words of its own for lists of tags that are there and empty.
func TestServerCertificateTagsMustNotBeEmpty(t *testing.T) {
	s := newService(t, account{ID: reported, Partition: "aws"})
	c := callIn(t.Context(), reported)
	_, err := s.TagServerCertificate(c, &api.TagServerCertificateInput{ServerCertificateName: "www", Tags: []api.Tag{}})
	if err == nil || err.Error() != "InvalidInput: The provided tag map must not be null/empty." {
		t.Errorf("TagServerCertificate: %v", err)
	}
	_, err = s.UntagServerCertificate(c, &api.UntagServerCertificateInput{ServerCertificateName: "www", TagKeys: []string{}})
	if err == nil || err.Error() != "InvalidInput: The provided tag keys must not be null/empty." {
		t.Errorf("UntagServerCertificate: %v", err)
	}
}

// The private key can be read where it is needed, also after a move, to which the
// seal is tied.
func TestServerCertificateKeepsItsKey(t *testing.T) {
	s := newService(t, account{ID: reported, Partition: "aws"})
	c := callIn(t.Context(), reported)
	files := scriptFiles(t, "servercertificates.txtar")
	upload := &api.UploadServerCertificateInput{ServerCertificateName: "www", CertificateBody: files["server.pem"], PrivateKey: files["key.pem"]}
	if _, err := s.UploadServerCertificate(c, upload); err != nil {
		t.Fatal(err)
	}
	move := &api.UpdateServerCertificateInput{ServerCertificateName: "www", NewServerCertificateName: new("web")}
	if _, err := s.UpdateServerCertificate(c, move); err != nil {
		t.Fatal(err)
	}
	err := s.db.View(t.Context(), func(tx *store.Tx) error {
		k, err := serverCertificates.Get(tx, reported, "web")
		if err != nil {
			return err
		}
		key, err := k.Key.Reveal()
		if string(key) != files["key.pem"] {
			t.Error("the key has changed")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
