package iam

import (
	"errors"
	"strings"

	"github.com/writ-iam/writ/authn"
	"github.com/writ-iam/writ/saml"
	"github.com/writ-iam/writ/store"
)

// The methods of this file are what authn asks of identity providers. Those of
// closed accounts are as if they were not there.

// OIDCProvider returns the provider of an account by its URL without https://.
// Our own issuers are none: with web identity tokens nobody gets a session that
// outlives the one which asked for them (IAM User Guide, "Getting started with
// outbound identity federation").
func (s *Service) OIDCProvider(tx *store.Tx, account, url string) (*authn.OIDCProvider, error) {
	if s.Issuers != "" && strings.HasPrefix("https://"+url, s.Issuers) {
		return nil, store.ErrNotFound
	}
	if _, err := openAccount(tx, account); err != nil {
		return nil, err
	}
	p, err := oidcProviders.Get(tx, account, strings.ToLower(url))
	if err != nil {
		return nil, err
	}
	if p.Name != url {
		return nil, store.ErrNotFound
	}
	return &authn.OIDCProvider{ARN: p.arn(), ID: p.ID, ClientIDs: p.ClientIDs, Thumbprints: p.Thumbprints}, nil
}

// SAMLProvider returns the provider of exactly that ARN. Its metadata may be long,
// and everybody may bring a response of it, so they are read once.
func (s *Service) SAMLProvider(tx *store.Tx, arn string) (*authn.SAMLProvider, error) {
	if len(arn) > longestProviderARN {
		return nil, store.ErrNotFound
	}
	return s.saml.GetTx(tx, arn)
}

// longestProviderARN is more than any has: names have up to 128 characters.
const longestProviderARN = 256

func loadSAMLProvider(tx *store.Tx, arn string) (*authn.SAMLProvider, error) {
	p, err := byARN(tx, samlProviders, samlProviderKind, arn)
	if err != nil {
		return nil, err
	}
	if _, err := openAccount(tx, p.Account); err != nil {
		return nil, err
	}
	found := &authn.SAMLProvider{ARN: p.arn(), ID: p.ID, Name: p.Name, ValidUntil: p.ValidUntil, Encrypted: p.Encryption == "Required"}
	if p.Encryption != "" {
		if found.Keys, err = p.private(); err != nil {
			return nil, err
		}
	}
	found.Metadata, err = saml.ParseMetadata([]byte(p.Metadata))
	return found, err
}

// Provider returns the ARN of the provider that has this unique id.
func (s *Service) Provider(tx *store.Tx, id string) (string, error) {
	found, err := arnOf(oidcProviders.By(tx, "id", id))
	if errors.Is(err, store.ErrNotFound) {
		return arnOf(samlProviders.By(tx, "id", id))
	}
	return found, err
}
