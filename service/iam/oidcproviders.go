package iam

import (
	"net/url"
	"slices"
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// maxThumbprints is how many certificates may vouch for a provider's server.
const maxThumbprints = 5

func (s *Service) CreateOpenIDConnectProvider(c *writ.Call, in *api.CreateOpenIDConnectProviderInput) (*api.CreateOpenIDConnectProviderOutput, error) {
	name, err := issuerName(in.Url)
	if err != nil {
		return nil, err
	}
	if err := s.checkTags(oidcProviderKind, nil, in.Tags); err != nil {
		return nil, err
	}
	p := &oidcProvider{entity: oidcProviderKind.newProvider(c, name, in.Tags), ClientIDs: once(in.ClientIDList), Thumbprints: in.ThumbprintList}
	if err := s.within("ClientIdsPerOpenIdConnectProvider", len(p.ClientIDs)); err != nil {
		return nil, err
	}
	if err := p.vouched(s, c, in.Url); err != nil {
		return nil, err
	}
	err = s.db.Update(c, func(tx *store.Tx) error {
		return insert(s, tx, oidcProviders, oidcProviderKind, &p.entity, p)
	})
	return &api.CreateOpenIDConnectProviderOutput{OpenIDConnectProviderArn: new(p.arn()), Tags: toTags(p.Tags)}, err
}

// issuerName is a provider's URL without https://, as its ARN and its context
// keys have it.
func issuerName(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || !strings.HasPrefix(text, "https://") || u.Hostname() == "" || u.User != nil ||
		strings.ContainsAny(text, "?#") || strings.ContainsFunc(text, outsideURL) {
		return "", writ.ValidationError("Invalid Open ID Connect Provider URL")
	}
	return strings.TrimPrefix(text, "https://"), nil
}

// outsideURL says whether a character never stands in a URL, or is a wildcard in
// an ARN.
func outsideURL(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`*"<>\^{|}`+"`", r) }

// vouched makes sure that a certificate is known which vouches for the
// provider's server. Where none is given it is asked for, unless it is never needed.
func (p *oidcProvider) vouched(s *Service, c *writ.Call, url string) error {
	if err := checkThumbprints(p.Thumbprints); err != nil || len(p.Thumbprints) > 0 || s.Outside.Offline(url) {
		return err
	}
	thumbprint, err := s.Outside.Thumbprint(c.Context, url)
	if err != nil {
		return api.OpenIdIdpCommunicationErrorException("Unable to retrieve the certificate of the OpenID Connect provider %s", url)
	}
	p.Thumbprints = []string{thumbprint}
	return nil
}

func checkThumbprints(all []string) error {
	if len(all) > maxThumbprints {
		return api.InvalidInputException("Thumbprint list must contain fewer than 5 entries.")
	}
	return nil
}

// once leaves out what was there before.
func once(all []string) []string {
	var some []string
	for _, s := range all {
		if !slices.Contains(some, s) {
			some = append(some, s)
		}
	}
	return some
}

func (s *Service) GetOpenIDConnectProvider(c *writ.Call, in *api.GetOpenIDConnectProviderInput) (out *api.GetOpenIDConnectProviderOutput, err error) {
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		p, err := findOIDCProvider(tx, c, in.OpenIDConnectProviderArn)
		if err == nil {
			out = &api.GetOpenIDConnectProviderOutput{Url: &p.Name, ClientIDList: p.ClientIDs, ThumbprintList: p.Thumbprints,
				CreateDate: &p.Created, Tags: toTags(p.Tags)}
		}
		return err
	})
	return out, err
}

func (s *Service) ListOpenIDConnectProviders(c *writ.Call, in *api.ListOpenIDConnectProvidersInput) (*api.ListOpenIDConnectProvidersOutput, error) {
	all := []api.OpenIDConnectProviderListEntry{}
	err := s.db.View(c.Context, func(tx *store.Tx) error {
		for p, err := range oidcProviders.Scan(tx, store.K(c.Scope.Account)) {
			if err != nil {
				return err
			}
			all = append(all, api.OpenIDConnectProviderListEntry{Arn: new(p.arn())})
		}
		return nil
	})
	return &api.ListOpenIDConnectProvidersOutput{OpenIDConnectProviderList: all}, err
}

// DeleteOpenIDConnectProvider does not mind if the provider is gone already.
func (s *Service) DeleteOpenIDConnectProvider(c *writ.Call, in *api.DeleteOpenIDConnectProviderInput) (*api.DeleteOpenIDConnectProviderOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		p, err := findOIDCProvider(tx, c, in.OpenIDConnectProviderArn)
		if e, ok := writ.AsError(err); ok && e.Code == "NoSuchEntity" {
			return nil
		}
		if err != nil {
			return err
		}
		return remove(tx, oidcProviders, &p.entity)
	})
	return &api.DeleteOpenIDConnectProviderOutput{}, err
}

// AddClientIDToOpenIDConnectProvider does not mind if it is there already.
func (s *Service) AddClientIDToOpenIDConnectProvider(c *writ.Call, in *api.AddClientIDToOpenIDConnectProviderInput) (*api.AddClientIDToOpenIDConnectProviderOutput, error) {
	err := s.changeOIDCProvider(c, in.OpenIDConnectProviderArn, func(p *oidcProvider) error {
		p.ClientIDs = once(append(p.ClientIDs, in.ClientID))
		return s.within("ClientIdsPerOpenIdConnectProvider", len(p.ClientIDs))
	})
	return &api.AddClientIDToOpenIDConnectProviderOutput{}, err
}

// RemoveClientIDFromOpenIDConnectProvider does not mind if it is not there.
func (s *Service) RemoveClientIDFromOpenIDConnectProvider(c *writ.Call, in *api.RemoveClientIDFromOpenIDConnectProviderInput) (*api.RemoveClientIDFromOpenIDConnectProviderOutput, error) {
	err := s.changeOIDCProvider(c, in.OpenIDConnectProviderArn, func(p *oidcProvider) error {
		p.ClientIDs = slices.DeleteFunc(p.ClientIDs, func(id string) bool { return id == in.ClientID })
		return nil
	})
	return &api.RemoveClientIDFromOpenIDConnectProviderOutput{}, err
}

// UpdateOpenIDConnectProviderThumbprint replaces the whole list.
func (s *Service) UpdateOpenIDConnectProviderThumbprint(c *writ.Call, in *api.UpdateOpenIDConnectProviderThumbprintInput) (*api.UpdateOpenIDConnectProviderThumbprintOutput, error) {
	err := s.changeOIDCProvider(c, in.OpenIDConnectProviderArn, func(p *oidcProvider) error {
		p.Thumbprints = in.ThumbprintList
		return checkThumbprints(p.Thumbprints)
	})
	return &api.UpdateOpenIDConnectProviderThumbprintOutput{}, err
}

func (s *Service) changeOIDCProvider(c *writ.Call, arn string, change func(*oidcProvider) error) error {
	return s.db.Update(c, func(tx *store.Tx) error {
		p, err := findOIDCProvider(tx, c, arn)
		if err != nil {
			return err
		}
		if err := change(p); err != nil {
			return err
		}
		return oidcProviders.Put(tx, p)
	})
}

func (s *Service) TagOpenIDConnectProvider(c *writ.Call, in *api.TagOpenIDConnectProviderInput) (*api.TagOpenIDConnectProviderOutput, error) {
	err := setTags(s, c, oidcProviders, oidcProviderKind, findOIDCProvider, in.OpenIDConnectProviderArn, in.Tags)
	return &api.TagOpenIDConnectProviderOutput{}, err
}

func (s *Service) UntagOpenIDConnectProvider(c *writ.Call, in *api.UntagOpenIDConnectProviderInput) (*api.UntagOpenIDConnectProviderOutput, error) {
	err := removeTags(s, c, oidcProviders, oidcProviderKind, findOIDCProvider, in.OpenIDConnectProviderArn, in.TagKeys)
	return &api.UntagOpenIDConnectProviderOutput{}, err
}

func (s *Service) ListOpenIDConnectProviderTags(c *writ.Call, in *api.ListOpenIDConnectProviderTagsInput) (*api.ListOpenIDConnectProviderTagsOutput, error) {
	all, err := listTags(s, c, findOIDCProvider, in.OpenIDConnectProviderArn, paging{in.Marker, in.MaxItems})
	return (*api.ListOpenIDConnectProviderTagsOutput)(all), err
}
