package authn

import (
	"crypto/rsa"
	"regexp"
	"strings"
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/api/sts"
	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/oidc"
	"github.com/writ-iam/writ/saml"
	"github.com/writ-iam/writ/store"
)

// Providers is the source of the identity providers that accounts trust.
type Providers interface {
	// OIDCProvider returns the provider of an account with that URL, without
	// https://; store.ErrNotFound if it has none.
	OIDCProvider(tx *store.Tx, account, url string) (*OIDCProvider, error)
	// SAMLProvider returns the provider of exactly that ARN, store.ErrNotFound if
	// there is none.
	SAMLProvider(tx *store.Tx, arn string) (*SAMLProvider, error)
}

// OIDCProvider is an OpenID Connect provider that an account trusts.
type OIDCProvider struct {
	ARN         string
	ID          string
	ClientIDs   []string
	Thumbprints []string
}

// SAMLProvider is a SAML provider that an account trusts.
type SAMLProvider struct {
	ARN        string
	ID         string
	Name       string
	Metadata   *saml.Metadata
	ValidUntil time.Time
	Keys       []*rsa.PrivateKey // to decrypt assertions with; nil if it may not encrypt them
	Encrypted  bool              // it must
}

// Gate lets in those who have no credentials yet, on the word of a provider.
// Signing in is a step of its own in the request path, since what proves the
// caller is a member of the input and not a signature.
type Gate struct {
	db        *store.DB
	providers Providers
	keys      *oidc.Keys
	places    []string
}

// NewGate makes a gate. places are sign-in URLs of the installation's own,
// besides AWS's, for which assertions may be made out.
func NewGate(db *store.DB, providers Providers, keys *oidc.Keys, places []string) *Gate {
	return &Gate{db, providers, keys, places}
}

// SignIn proves who makes a call that brings a token or an assertion, and sets
// the call's Caller and Scope. Other calls it leaves alone.
func (g *Gate) SignIn(c *writ.Call) error {
	switch in := c.Input.(type) {
	case *sts.AssumeRoleWithWebIdentityInput:
		return g.webIdentity(c, in)
	case *sts.AssumeRoleWithSAMLInput:
		return g.saml(c, in)
	}
	return nil
}

// accountOf returns the account of a role to assume, whose providers count.
func accountOf(role string) (string, error) {
	a, err := arn.Parse(role)
	if err != nil || a.Service != "iam" || a.Account == "" || !strings.HasPrefix(a.Resource, "role/") {
		return "", writ.ValidationError("Request ARN is invalid")
	}
	return a.Account, nil
}

func invalidToken(text string) error { return sts.InvalidIdentityTokenException("%s", text) }

// sessionName is the form of role session names and source identities.
var sessionName = regexp.MustCompile(`^[\w+=,.@-]{2,64}$`)

// checkSourceIdentity takes "" for none.
func checkSourceIdentity(name string) error {
	if name != "" && (!sessionName.MatchString(name) || strings.HasPrefix(strings.ToLower(name), "aws:")) {
		return invalidToken(`Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"`)
	}
	return nil
}

// Bounds of session tags (IAM User Guide, "Pass session tags in AWS STS").
const (
	maxTags     = 50
	maxTagKey   = 128
	maxTagValue = 256
)

var tagText = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)

// checkTags demands tags that a request could have set, and transitive keys that
// are among them. Keys that differ in case alone are the same.
func checkTags(tags []writ.Tag, transitive []string) error {
	seen := map[string]bool{}
	for _, t := range tags {
		key := strings.ToLower(t.Key)
		switch {
		case t.Key == "", len([]rune(t.Key)) > maxTagKey, len([]rune(t.Value)) > maxTagValue,
			!tagText.MatchString(t.Key), !tagText.MatchString(t.Value):
			return invalidToken("A session tag is malformed.")
		case strings.HasPrefix(key, "aws:"):
			return invalidToken("Tag keys beginning with 'aws:' are reserved for system use.")
		case seen[key]:
			return invalidToken("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
		}
		seen[key] = true
	}
	if len(tags) > maxTags {
		return invalidToken("There are too many session tags.")
	}
	for _, key := range transitive {
		if !seen[strings.ToLower(key)] {
			return invalidToken("The specified transitive tag key must be included in the requested tags.")
		}
	}
	return nil
}
