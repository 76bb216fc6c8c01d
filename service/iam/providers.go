package iam

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/store"
)

// Outside is what IAM asks of the servers of identity providers.
type Outside interface {
	// Thumbprint names the certificate that vouches for the server at a URL, if a
	// known authority does.
	Thumbprint(ctx context.Context, url string) (string, error)
	// Offline says whether the operator gave a provider's keys, so that its
	// server is never asked.
	Offline(issuer string) bool
}

// An identity provider is an entity without a path: its name is its URL without
// https://, or whatever the account calls it.

// oidcProvider is an OpenID Connect provider that the account trusts.
type oidcProvider struct {
	entity
	ClientIDs   []string
	Thumbprints []string
}

var oidcProviders = store.NewTable("iam/oidc-provider", (*oidcProvider).key,
	store.Unique("id", (*oidcProvider).byID),
	store.Counted[oidcProvider]())

// newProvider makes the entity of a provider. Its unique id is never in a policy:
// it tells sessions whether the provider that vouched for them is still there.
func (k kind) newProvider(c *writ.Call, name string, tags []api.Tag) entity {
	e := k.newEntity(c, nil, name, tags)
	e.ID = rand.Text()
	return e
}

// findByARN finds a provider of the caller's account. Whatever is no such ARN is
// that of a provider which is not there.
func findByARN[R any, P named[R]](tx *store.Tx, c *writ.Call, table *store.Table[R], k kind, text string) (*R, error) {
	r, err := byARN[R, P](tx, table, k, text)
	if err == nil && P(r).base().Account != c.Scope.Account {
		err = store.ErrNotFound
	}
	return r, absentIs(err, k, text)
}

// byARN finds a provider of any account, store.ErrNotFound if there is none with
// exactly that ARN.
func byARN[R any, P named[R]](tx *store.Tx, table *store.Table[R], k kind, text string) (*R, error) {
	a, err := arn.Parse(text)
	if err != nil {
		return nil, store.ErrNotFound
	}
	name, ok := strings.CutPrefix(a.Resource, k.resource+"/")
	if !ok || a.Service != "iam" {
		return nil, store.ErrNotFound
	}
	r, err := table.Get(tx, a.Account, strings.ToLower(name))
	if err == nil && P(r).arn() != text {
		return nil, store.ErrNotFound
	}
	return r, err
}

// providerResource is named by its ARN, whether it is there or not.
func providerResource[R any, P named[R]](tx *store.Tx, c *writ.Call, table *store.Table[R], k kind, text string) (writ.Resource, error) {
	r, err := findByARN[R, P](tx, c, table, k, text)
	var told *writ.Error
	if errors.As(err, &told) {
		return writ.Resource{ARN: text, Account: accountOf(text)}, nil
	}
	if err != nil {
		return writ.Resource{}, err
	}
	found := P(r).base().resource(k)
	found.Label = ""
	return found, nil
}

// newOIDCProvider is the provider that a URL would make. One that makes none the
// operation refuses.
func newOIDCProvider(c *writ.Call, url string) writ.Resource {
	e := entity{Partition: c.Scope.Partition, Account: c.Scope.Account, Path: "/", Name: strings.TrimPrefix(url, "https://")}
	return writ.Resource{ARN: oidcProviderKind.arn(&e), Account: e.Account}
}

func findOIDCProvider(tx *store.Tx, c *writ.Call, arn string) (*oidcProvider, error) {
	return findByARN(tx, c, oidcProviders, oidcProviderKind, arn)
}

func findSAMLProvider(tx *store.Tx, c *writ.Call, arn string) (*samlProvider, error) {
	return findByARN(tx, c, samlProviders, samlProviderKind, arn)
}
