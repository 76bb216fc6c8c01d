package authn

import (
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/api/sts"
	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/saml"
	"github.com/writ-iam/writ/store"
)

// saml proves a SAML response.
func (g *Gate) saml(c *writ.Call, in *sts.AssumeRoleWithSAMLInput) error {
	account, err := accountOf(in.RoleArn)
	if err != nil {
		return err
	}
	if owner, err := arn.Parse(in.PrincipalArn); err != nil {
		return writ.ValidationError("Request ARN is invalid")
	} else if owner.Account != account {
		return writ.ValidationError("Principal exists outside the account of the Role being assumed")
	}
	p, err := g.samlProvider(c, in.PrincipalArn)
	if err != nil {
		return err
	}
	assertion, err := p.Metadata.Verify(in.SAMLAssertion, saml.Expected{Now: c.Time, Keys: p.Keys, Encrypted: p.Encrypted,
		Recipient: func(place string) bool { return g.isPlace(place, p.ID) }, Audience: g.isAudience})
	if err != nil {
		return refusedAssertion(err)
	}
	identity := p.identity(account, assertion)
	c.Scope.Account = account
	c.Caller = &writ.Caller{Partition: c.Scope.Partition, ID: identity.NameQualifier + ":" + identity.Subject, Name: identity.Subject, Identity: identity}
	c.Caller.Type, c.Caller.Provider = policy.SAML, p.ARN
	if !names(assertion.Attributes[roleAttribute], in.RoleArn, p.ARN) {
		return writ.AccessDenied("Not authorized to perform sts:AssumeRoleWithSAML")
	}
	return addAttributes(identity, assertion.Attributes)
}

func (g *Gate) samlProvider(c *writ.Call, name string) (p *SAMLProvider, err error) {
	err = g.db.View(c.Context, func(tx *store.Tx) error {
		p, err = g.providers.SAMLProvider(tx, name)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil, invalidToken("Specified provider doesn't exist.")
	}
	if err == nil && !c.Time.Before(p.ValidUntil) {
		return nil, invalidToken("The metadata of the specified provider have expired.")
	}
	return p, err
}

// refusedAssertion says in STS's words why a response is no proof.
func refusedAssertion(err error) error {
	for _, r := range []struct {
		is   error
		told error
	}{
		{saml.ErrMalformed, invalidToken("Invalid base64 SAMLResponse")},
		{saml.ErrRejected, sts.IDPRejectedClaimException("The identity provider has not authenticated the user.")},
		{saml.ErrSignature, invalidToken("Response signature invalid")},
		{saml.ErrIssuer, invalidToken("Issuer not present in specified provider")},
		{saml.ErrAudience, invalidToken("Response does not contain the required audience.")},
		{saml.ErrRecipient, invalidToken("Response is not addressed to this sign-in endpoint.")},
		{saml.ErrExpired, sts.ExpiredTokenException("Token must be redeemed within 5 minutes of issuance")},
		{saml.ErrEarly, invalidToken("Response is not valid yet.")},
		{saml.ErrEncryption, invalidToken("Assertion is not encrypted for the specified provider.")},
	} {
		if errors.Is(err, r.is) {
			return r.told
		}
	}
	return err
}

// awsPlace are the sign-in URLs of AWS, global and regional, as identity
// providers have them for Recipient. The last part names the provider that
// encrypts for it.
var awsPlace = regexp.MustCompile(`^https://(?:[a-z0-9-]+\.)?signin\.(?:aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)/saml(?:/acs/([A-Z0-9]+))?$`)

// isPlace says whether assertions for a provider may be made out to a URL.
func (g *Gate) isPlace(url, providerID string) bool {
	if slices.Contains(g.places, url) {
		return true
	}
	match := awsPlace.FindStringSubmatch(url)
	return match != nil && (match[1] == "" || match[1] == providerID)
}

// isAudience knows the names of AWS in its partitions, and all sign-in URLs.
func (g *Gate) isAudience(name string) bool {
	switch name {
	case "urn:amazon:webservices", "urn:amazon:webservices:cn-north-1", "urn:amazon:webservices:govcloud":
		return true
	}
	return awsPlace.MatchString(name) || slices.Contains(g.places, name)
}

// Names of AWS's attributes (IAM User Guide, "Configure SAML assertions for the
// authentication response").
const (
	attribute           = "https://aws.amazon.com/SAML/Attributes/"
	roleAttribute       = attribute + "Role"
	nameAttribute       = attribute + "RoleSessionName"
	sourceAttribute     = attribute + "SourceIdentity"
	transitiveAttribute = attribute + "TransitiveTagKeys"
	tagPrefix           = attribute + "PrincipalTag:"
)

// names says whether a role and a provider are among the pairs of the attribute
// Role. They may stand in either order.
func names(pairs []string, role, provider string) bool {
	return slices.ContainsFunc(pairs, func(pair string) bool {
		a, b, _ := strings.Cut(pair, ",")
		a, b = strings.TrimSpace(a), strings.TrimSpace(b)
		return a == role && b == provider || a == provider && b == role
	})
}

// identity is what an assertion says of its subject.
func (p *SAMLProvider) identity(account string, a *saml.Assertion) *writ.Identity {
	sum := sha1.Sum([]byte(p.Metadata.EntityID + account + "/" + p.Name))
	i := &writ.Identity{Provider: p.ARN, ProviderID: p.ID, Issuer: p.Metadata.EntityID, Subject: a.Subject, Audience: a.Recipient,
		SubjectType:   strings.TrimPrefix(a.Format, "urn:oasis:names:tc:SAML:2.0:nameid-format:"),
		NameQualifier: base64.StdEncoding.EncodeToString(sum[:]),
		AssertionID:   a.ID, Redeemable: a.Redeemable, SessionEnd: a.SessionEnd}
	i.SessionKeys = map[string][]string{"saml:namequalifier": {i.NameQualifier}, "saml:sub": {i.Subject}, "saml:sub_type": {i.SubjectType}}
	i.Keys = map[string][]string{"saml:aud": {i.Audience}, "saml:iss": {i.Issuer}, "saml:doc": {account + "/" + p.Name}}
	for key, values := range i.SessionKeys {
		i.Keys[key] = values
	}
	for _, name := range sortedKeys(a.Attributes) {
		if key, ok := samlKeys[name]; ok && len(a.Attributes[name]) > 0 {
			i.Keys["saml:"+key] = a.Attributes[name]
		}
	}
	return i
}

// addAttributes reads what the session is to have from AWS's own attributes.
func addAttributes(i *writ.Identity, attributes map[string][]string) error {
	var err error
	if i.SessionName, err = only(attributes, nameAttribute, true); err != nil {
		return invalidToken("RoleSessionName is required in AuthnResponse")
	}
	if !sessionName.MatchString(i.SessionName) {
		return invalidToken("RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}")
	}
	if i.SourceIdentity, err = only(attributes, sourceAttribute, false); err != nil {
		return err
	}
	for _, name := range sortedKeys(attributes) {
		if key, ok := strings.CutPrefix(name, tagPrefix); ok {
			value, err := only(attributes, name, false)
			if err != nil {
				return err
			}
			i.Tags = append(i.Tags, writ.Tag{Key: key, Value: value})
		}
	}
	i.TransitiveTagKeys = attributes[transitiveAttribute]
	return errors.Join(checkSourceIdentity(i.SourceIdentity), checkTags(i.Tags, i.TransitiveTagKeys))
}

// only returns the value of an attribute that may have but one.
func only(attributes map[string][]string, name string, required bool) (string, error) {
	values := attributes[name]
	switch {
	case len(values) == 1:
		return strings.TrimSpace(values[0]), nil
	case len(values) == 0 && !required:
		return "", nil
	}
	return "", invalidToken("The attribute " + name + " must have one value.")
}
