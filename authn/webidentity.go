package authn

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/api/sts"
	"github.com/writ-iam/writ/egress"
	"github.com/writ-iam/writ/oidc"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

const notJWT = "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"

// webIdentity proves an ID token of an OpenID Connect provider.
func (g *Gate) webIdentity(c *writ.Call, in *sts.AssumeRoleWithWebIdentityInput) error {
	account, err := accountOf(in.RoleArn)
	if err != nil {
		return err
	}
	if in.ProviderId != nil {
		return writ.NotImplemented("Access tokens of %s are not implemented: only the provider itself could vouch for them.", *in.ProviderId)
	}
	token, err := oidc.Parse(in.WebIdentityToken)
	if err != nil {
		return invalidToken(notJWT)
	}
	p, err := g.oidcProvider(c, account, token.Issuer())
	if err != nil {
		return err
	}
	claims, err := g.keys.Verify(c.Context, token, oidc.Provider{Issuer: token.Issuer(), Thumbprints: p.Thumbprints}, c.Time)
	if err != nil {
		return refusedToken(err)
	}
	identity, err := p.identity(token.Issuer(), claims)
	if err != nil {
		return err
	}
	c.Scope.Account = account
	c.Caller = &writ.Caller{Partition: c.Scope.Partition, ID: strings.Join([]string{p.ARN, identity.Audience, identity.Subject}, ":"),
		Name: identity.Subject, Identity: identity}
	c.Caller.Type, c.Caller.Provider = policy.WebIdentity, p.ARN
	return nil
}

func (g *Gate) oidcProvider(c *writ.Call, account, issuer string) (p *OIDCProvider, err error) {
	url, secure := strings.CutPrefix(issuer, "https://")
	if !secure {
		return nil, invalidToken("No OpenIDConnect provider found in your account for " + issuer)
	}
	err = g.db.View(c.Context, func(tx *store.Tx) error {
		p, err = g.providers.OIDCProvider(tx, account, url)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil, invalidToken("No OpenIDConnect provider found in your account for " + issuer)
	}
	return p, err
}

// refusedToken says in STS's words why a token is no proof.
func refusedToken(err error) error {
	var claim *oidc.ClaimError
	var expired *oidc.ExpiredError
	switch {
	case errors.As(err, &expired):
		return sts.ExpiredTokenException("Token expired: current date/time %d must be before the expiration date/time %d", expired.Now, expired.Expires)
	case errors.As(err, &claim):
		return invalidToken("Missing a required claim: " + claim.Name)
	case errors.Is(err, egress.ErrThumbprint):
		return invalidToken("OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint")
	case errors.Is(err, egress.ErrUnreachable):
		return sts.IDPCommunicationErrorException("The identity provider could not be reached.")
	case errors.Is(err, oidc.ErrKeys):
		return invalidToken("Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements")
	case errors.Is(err, oidc.ErrEarly):
		return invalidToken("The token is not valid yet.")
	case errors.Is(err, oidc.ErrSignature), errors.Is(err, oidc.ErrIssuer):
		return invalidToken("The token signature is not valid.")
	case errors.Is(err, oidc.ErrMalformed):
		return invalidToken(notJWT)
	}
	return err
}

// maxSubject bounds the subject, as the model bounds the answer that has it.
const maxSubject = 255

// identity is what the claims say, if the token was made for a client of the
// account's. Where the token has an authorized party (azp) that is whom it was
// made for, and aud only whom it may be shown (IAM User Guide, "Available keys
// for AWS OIDC federation").
func (p *OIDCProvider) identity(issuer string, claims oidc.Claims) (*writ.Identity, error) {
	i := &writ.Identity{Provider: p.ARN, ProviderID: p.ID, Issuer: issuer, Subject: claims.Text("sub")}
	audiences := claims.Texts("aud")
	switch {
	case i.Subject == "" || len(i.Subject) > maxSubject:
		return nil, invalidToken("Missing a required claim: sub")
	case len(audiences) == 0:
		return nil, invalidToken("Missing a required claim: aud")
	}
	wanted := audiences
	if party := claims.Texts("azp"); party != nil {
		wanted = party
	}
	at := slices.IndexFunc(wanted, func(id string) bool { return slices.Contains(p.ClientIDs, id) })
	if at < 0 {
		return nil, invalidToken("Incorrect token audience")
	}
	i.Audience = wanted[at]
	i.Keys = webKeys(i, claims, audiences)
	i.SessionKeys = i.Keys
	return i, addSession(i, claims)
}

// webKeys are the context keys of an OpenID Connect provider.
func webKeys(i *writ.Identity, claims oidc.Claims, audiences []string) map[string][]string {
	prefix := strings.TrimPrefix(i.Issuer, "https://") + ":"
	keys := map[string][]string{prefix + "aud": {i.Audience}, prefix + "oaud": audiences, prefix + "sub": {i.Subject}}
	for _, name := range []string{"amr", "email"} {
		if values := claims.Texts(name); values != nil {
			keys[prefix+name] = values
		}
	}
	return keys
}

// Claims with which a provider says what the session is to have (IAM User Guide,
// "Pass session tags in AWS STS", "Monitor and control actions taken with
// assumed roles").
const (
	tagsClaim       = "https://aws.amazon.com/tags"
	tagClaims       = tagsClaim + "/principal_tags/"
	transitiveClaim = tagsClaim + "/transitive_tag_keys"
	sourceClaim     = "https://aws.amazon.com/source_identity"
)

// addSession reads the session's tags and source identity from the claims.
func addSession(i *writ.Identity, claims oidc.Claims) error {
	if _, ok := claims[sourceClaim]; ok {
		if i.SourceIdentity = claims.Text(sourceClaim); i.SourceIdentity == "" {
			return checkSourceIdentity(" ")
		}
	}
	if err := errors.Join(addNested(i, claims), addFlat(i, claims)); err != nil {
		return err
	}
	return errors.Join(checkSourceIdentity(i.SourceIdentity), checkTags(i.Tags, i.TransitiveTagKeys))
}

// addNested reads {"principal_tags": {"Team": ["a"]}, "transitive_tag_keys": ["Team"]}.
func addNested(i *writ.Identity, claims oidc.Claims) error {
	raw, ok := claims[tagsClaim]
	if !ok {
		return nil
	}
	var claim struct {
		Tags       map[string]json.RawMessage `json:"principal_tags"`
		Transitive []string                   `json:"transitive_tag_keys"`
	}
	if json.Unmarshal(raw, &claim) != nil {
		return malformedClaim(tagsClaim)
	}
	i.TransitiveTagKeys = append(i.TransitiveTagKeys, claim.Transitive...)
	return addTags(i, claim.Tags)
}

// addFlat reads the same from claims of their own, the form for providers that
// can't nest: "…/principal_tags/Team": "a", "…/transitive_tag_keys": ["Team"].
func addFlat(i *writ.Identity, claims oidc.Claims) error {
	tags := map[string]json.RawMessage{}
	for name, raw := range claims {
		if key, ok := strings.CutPrefix(name, tagClaims); ok {
			tags[key] = raw
		}
	}
	if raw, ok := claims[transitiveClaim]; ok {
		var keys []string
		if json.Unmarshal(raw, &keys) != nil {
			return malformedClaim(transitiveClaim)
		}
		i.TransitiveTagKeys = append(i.TransitiveTagKeys, keys...)
	}
	return addTags(i, tags)
}

func addTags(i *writ.Identity, tags map[string]json.RawMessage) error {
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		value, err := tagValue(key, tags[key])
		if err != nil {
			return err
		}
		i.Tags = append(i.Tags, writ.Tag{Key: key, Value: value})
	}
	return nil
}

// tagValue reads the one value of a tag: a text, or a list of one.
func tagValue(key string, raw json.RawMessage) (string, error) {
	var value any
	if err := json.Unmarshal(raw, &value); err != nil {
		return "", err
	}
	if list, ok := value.([]any); ok {
		if len(list) != 1 {
			return "", invalidToken(fmt.Sprintf("The session tag %s has %d values.", key, len(list)))
		}
		value = list[0]
	}
	text, ok := value.(string)
	if !ok {
		return "", invalidToken("The value of the session tag " + key + " is no text.")
	}
	return text, nil
}

func malformedClaim(name string) error {
	return invalidToken("The claim " + name + " is malformed.")
}
