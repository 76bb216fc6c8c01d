package iam

import (
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/saml"
	"github.com/writ-iam/writ/store"
)

// samlProvider is a SAML provider that the account trusts.
type samlProvider struct {
	entity
	Metadata   string // the document that the provider publishes of itself
	ValidUntil time.Time
	Encryption string    // "Required", "Allowed"; "" for assertions in clear
	Keys       []samlKey // to decrypt assertions with, the oldest first
}

var samlProviders = store.NewTable("iam/saml-provider", (*samlProvider).key,
	store.Unique("id", (*samlProvider).byID),
	store.Counted[samlProvider]())

func (s *Service) CreateSAMLProvider(c *writ.Call, in *api.CreateSAMLProviderInput) (*api.CreateSAMLProviderOutput, error) {
	if err := s.checkTags(samlProviderKind, nil, in.Tags); err != nil {
		return nil, err
	}
	p := &samlProvider{entity: samlProviderKind.newProvider(c, in.Name, in.Tags), Encryption: value((*string)(in.AssertionEncryptionMode))}
	if err := p.describe(in.SAMLMetadataDocument); err != nil {
		return nil, err
	}
	key, err := newSAMLKey(in.AddPrivateKey, c.Time)
	if err != nil {
		return nil, err
	}
	if err := p.add(key); err != nil {
		return nil, err
	}
	if err := p.checkEncryption(); err != nil {
		return nil, err
	}
	err = s.db.Update(c, func(tx *store.Tx) error {
		return insert(s, tx, samlProviders, samlProviderKind, &p.entity, p)
	})
	return &api.CreateSAMLProviderOutput{SAMLProviderArn: new(p.arn()), Tags: toTags(p.Tags)}, err
}

// lifetime is how long metadata are good that do not say it themselves.
const lifetimeYears = 100

// maxCertificates bounds what a response may have to be held against, by whoever
// brings one.
const maxCertificates = 20

// describe gives the provider other metadata.
func (p *samlProvider) describe(document string) error {
	m, err := saml.ParseMetadata([]byte(document))
	if err != nil {
		return api.InvalidInputException("Could not parse metadata.")
	}
	if len(m.Certificates) > maxCertificates {
		return api.InvalidInputException("The metadata have more than %d signing certificates.", maxCertificates)
	}
	p.Metadata, p.ValidUntil = document, m.ValidUntil.Truncate(time.Second)
	if m.ValidUntil.IsZero() {
		p.ValidUntil = p.Created.AddDate(lifetimeYears, 0, 0)
	}
	return nil
}

func (s *Service) GetSAMLProvider(c *writ.Call, in *api.GetSAMLProviderInput) (out *api.GetSAMLProviderOutput, err error) {
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		p, err := findSAMLProvider(tx, c, in.SAMLProviderArn)
		if err == nil {
			out = p.shape()
		}
		return err
	})
	return out, err
}

func (p *samlProvider) shape() *api.GetSAMLProviderOutput {
	out := &api.GetSAMLProviderOutput{SAMLProviderUUID: &p.ID, SAMLMetadataDocument: &p.Metadata, CreateDate: &p.Created,
		ValidUntil: &p.ValidUntil, Tags: toTags(p.Tags), AssertionEncryptionMode: optionalText(p.Encryption)}
	for i := range p.Keys {
		out.PrivateKeyList = append(out.PrivateKeyList, api.SAMLPrivateKey{KeyId: &p.Keys[i].ID, Timestamp: &p.Keys[i].Created})
	}
	return out
}

func (s *Service) ListSAMLProviders(c *writ.Call, in *api.ListSAMLProvidersInput) (*api.ListSAMLProvidersOutput, error) {
	all := []api.SAMLProviderListEntry{}
	err := s.db.View(c.Context, func(tx *store.Tx) error {
		for p, err := range samlProviders.Scan(tx, store.K(c.Scope.Account)) {
			if err != nil {
				return err
			}
			all = append(all, api.SAMLProviderListEntry{Arn: new(p.arn()), ValidUntil: &p.ValidUntil, CreateDate: &p.Created})
		}
		return nil
	})
	return &api.ListSAMLProvidersOutput{SAMLProviderList: all}, err
}

func (s *Service) UpdateSAMLProvider(c *writ.Call, in *api.UpdateSAMLProviderInput) (*api.UpdateSAMLProviderOutput, error) {
	switch {
	case in.AddPrivateKey != nil && in.RemovePrivateKey != nil:
		return nil, api.InvalidInputException("Unable to add and remove private keys in the same request. Set a value for only one of the two parameters.")
	case in.SAMLMetadataDocument == nil && in.AssertionEncryptionMode == nil && in.AddPrivateKey == nil && in.RemovePrivateKey == nil:
		return nil, api.InvalidInputException("Unable to update identity provider. No updates are defined for metadata or encryption assertion.")
	}
	key, err := newSAMLKey(in.AddPrivateKey, c.Time)
	if err != nil {
		return nil, err
	}
	err = s.db.Update(c, func(tx *store.Tx) error {
		p, err := findSAMLProvider(tx, c, in.SAMLProviderArn)
		if err != nil {
			return err
		}
		if err := p.change(in, key); err != nil {
			return err
		}
		return samlProviders.Put(tx, p)
	})
	return &api.UpdateSAMLProviderOutput{SAMLProviderArn: &in.SAMLProviderArn}, err
}

func (p *samlProvider) change(in *api.UpdateSAMLProviderInput, key *samlKey) error {
	if in.SAMLMetadataDocument != nil {
		if err := p.describe(*in.SAMLMetadataDocument); err != nil {
			return err
		}
	}
	if in.AssertionEncryptionMode != nil {
		p.Encryption = string(*in.AssertionEncryptionMode)
	}
	if err := p.add(key); err != nil {
		return err
	}
	if in.RemovePrivateKey != nil {
		return p.drop(*in.RemovePrivateKey)
	}
	return p.checkEncryption()
}

func (s *Service) DeleteSAMLProvider(c *writ.Call, in *api.DeleteSAMLProviderInput) (*api.DeleteSAMLProviderOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		p, err := findSAMLProvider(tx, c, in.SAMLProviderArn)
		if err != nil {
			return err
		}
		return remove(tx, samlProviders, &p.entity)
	})
	return &api.DeleteSAMLProviderOutput{}, err
}

func (s *Service) TagSAMLProvider(c *writ.Call, in *api.TagSAMLProviderInput) (*api.TagSAMLProviderOutput, error) {
	return &api.TagSAMLProviderOutput{}, setTags(s, c, samlProviders, samlProviderKind, findSAMLProvider, in.SAMLProviderArn, in.Tags)
}

func (s *Service) UntagSAMLProvider(c *writ.Call, in *api.UntagSAMLProviderInput) (*api.UntagSAMLProviderOutput, error) {
	return &api.UntagSAMLProviderOutput{}, removeTags(s, c, samlProviders, samlProviderKind, findSAMLProvider, in.SAMLProviderArn, in.TagKeys)
}

func (s *Service) ListSAMLProviderTags(c *writ.Call, in *api.ListSAMLProviderTagsInput) (*api.ListSAMLProviderTagsOutput, error) {
	all, err := listTags(s, c, findSAMLProvider, in.SAMLProviderArn, paging{in.Marker, in.MaxItems})
	return (*api.ListSAMLProviderTagsOutput)(all), err
}
