package iam

import (
	"strings"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// serverCertificate is what a server shows its clients, with its private key.
type serverCertificate struct {
	entity  // Created is when it was uploaded
	Body    string
	Chain   string // "" if there is none
	Expires time.Time
	Key     store.Secret // PEM
}

var serverCertificates = store.NewTable("iam/server-certificate", (*serverCertificate).key,
	store.Unique("id", (*serverCertificate).byID),
	store.Index("path", (*serverCertificate).byPath),
	store.Counted[serverCertificate]())

var serverCertificateKind = kind{"server-certificate", "server certificate", writ.ServerCertificateID, "ServerCertificatesPerAccount", "TagsPerServerCertificate",
	"The Server Certificate with name %s cannot be found.", "The Server Certificate with name %s already exists."}

// UploadServerCertificate keeps the private key sealed; no operation shows it.
func (s *Service) UploadServerCertificate(c *writ.Call, in *api.UploadServerCertificateInput) (*api.UploadServerCertificateOutput, error) {
	if err := s.checkTags(serverCertificateKind, nil, in.Tags); err != nil {
		return nil, err
	}
	parsed, err := parseServer(in.CertificateBody, in.PrivateKey, value(in.CertificateChain), c.Time)
	if err != nil {
		return nil, err
	}
	k := &serverCertificate{entity: serverCertificateKind.newEntity(c, in.Path, in.ServerCertificateName, in.Tags),
		Body: strings.TrimSpace(in.CertificateBody), Chain: strings.TrimSpace(value(in.CertificateChain)),
		Expires: parsed.NotAfter.UTC(), Key: store.NewSecret([]byte(in.PrivateKey))}
	err = s.db.Update(c, func(tx *store.Tx) error {
		return insert(s, tx, serverCertificates, serverCertificateKind, &k.entity, k)
	})
	return &api.UploadServerCertificateOutput{ServerCertificateMetadata: new(k.shape()), Tags: toTags(k.Tags)}, err
}

func (s *Service) GetServerCertificate(c *writ.Call, in *api.GetServerCertificateInput) (out *api.GetServerCertificateOutput, err error) {
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		k, err := findServerCertificate(tx, c, in.ServerCertificateName)
		if err != nil {
			return err
		}
		out = &api.GetServerCertificateOutput{ServerCertificate: api.ServerCertificate{ServerCertificateMetadata: k.shape(),
			CertificateBody: k.Body, CertificateChain: optionalText(k.Chain), Tags: presentTags(k.Tags)}}
		return nil
	})
	return out, err
}

func (s *Service) ListServerCertificates(c *writ.Call, in *api.ListServerCertificatesInput) (*api.ListServerCertificatesOutput, error) {
	p, err := byPath(s, c, serverCertificates, in.PathPrefix, paging{in.Marker, in.MaxItems})
	if err != nil {
		return nil, err
	}
	return &api.ListServerCertificatesOutput{ServerCertificateMetadataList: convert(p.rows, (*serverCertificate).shape),
		IsTruncated: &p.IsTruncated, Marker: p.Marker}, nil
}

func (s *Service) UpdateServerCertificate(c *writ.Call, in *api.UpdateServerCertificateInput) (*api.UpdateServerCertificateOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		k, err := findServerCertificate(tx, c, in.ServerCertificateName)
		if err != nil {
			return err
		}
		return move(tx, serverCertificates, serverCertificateKind, k, in.NewPath, in.NewServerCertificateName)
	})
	return &api.UpdateServerCertificateOutput{}, err
}

func (s *Service) DeleteServerCertificate(c *writ.Call, in *api.DeleteServerCertificateInput) (*api.DeleteServerCertificateOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		k, err := findServerCertificate(tx, c, in.ServerCertificateName)
		if err != nil {
			return err
		}
		return remove(tx, serverCertificates, &k.entity)
	})
	return &api.DeleteServerCertificateOutput{}, err
}

func (s *Service) TagServerCertificate(c *writ.Call, in *api.TagServerCertificateInput) (*api.TagServerCertificateOutput, error) {
	if len(in.Tags) == 0 {
		return nil, api.InvalidInputException("The provided tag map must not be null/empty.")
	}
	err := setTags(s, c, serverCertificates, serverCertificateKind, findServerCertificate, in.ServerCertificateName, in.Tags)
	return &api.TagServerCertificateOutput{}, err
}

func (s *Service) UntagServerCertificate(c *writ.Call, in *api.UntagServerCertificateInput) (*api.UntagServerCertificateOutput, error) {
	if len(in.TagKeys) == 0 {
		return nil, api.InvalidInputException("The provided tag keys must not be null/empty.")
	}
	err := removeTags(s, c, serverCertificates, serverCertificateKind, findServerCertificate, in.ServerCertificateName, in.TagKeys)
	return &api.UntagServerCertificateOutput{}, err
}

func (s *Service) ListServerCertificateTags(c *writ.Call, in *api.ListServerCertificateTagsInput) (*api.ListServerCertificateTagsOutput, error) {
	all, err := listTags(s, c, findServerCertificate, in.ServerCertificateName, paging{in.Marker, in.MaxItems})
	return (*api.ListServerCertificateTagsOutput)(all), err
}

func findServerCertificate(tx *store.Tx, c *writ.Call, name string) (*serverCertificate, error) {
	return find(tx, serverCertificates, serverCertificateKind, c.Scope.Account, name)
}

// shape is the certificate as the API shows it everywhere: without its body.
func (k *serverCertificate) shape() api.ServerCertificateMetadata {
	return api.ServerCertificateMetadata{Path: k.Path, ServerCertificateName: k.Name, ServerCertificateId: k.ID,
		Arn: serverCertificateKind.arn(&k.entity), UploadDate: &k.Created, Expiration: &k.Expires}
}
