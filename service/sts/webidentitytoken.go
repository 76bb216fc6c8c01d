package sts

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/uuid"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/sts"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// maxPayload bounds the claims of a web identity token, which travels in headers.
// AWS's number is not published.
const maxPayload = 8 << 10

// awsClaims is the claim that holds what only AWS knows.
const awsClaims = "https://sts.amazonaws.com/"

// GetWebIdentityToken issues a token with which the caller proves to services
// elsewhere who it is. They verify it with the keys of the account's issuer.
func (s *Service) GetWebIdentityToken(c *writ.Call, in *api.GetWebIdentityTokenInput) (*api.GetWebIdentityTokenOutput, error) {
	if err := checkTags(in.Tags); err != nil {
		return nil, err
	}
	issued := c.Time.Truncate(time.Second)
	expires := issued.Add(asked(in.DurationSeconds, 5*time.Minute))
	if own := c.Caller.Session; own != nil && expires.After(own.Expires) {
		return nil, api.SessionDurationEscalationException("The requested token duration would extend the session beyond its original expiration time. You cannot use this operation to extend the lifetime of a session beyond what was granted when the session was originally created.")
	}
	issuer, key, err := s.signingKey(c, in.SigningAlgorithm)
	if err != nil {
		return nil, err
	}
	payload, err := json.Marshal(map[string]any{
		"iss": issuer, "sub": subject(c.Caller), "aud": audience(in.Audience), "jti": uuid.NewString(),
		"iat": issued.Unix(), "exp": expires.Unix(), awsClaims: claims(c, in.Tags)})
	if err != nil {
		return nil, err
	}
	if len(payload) > maxPayload {
		return nil, api.JWTPayloadSizeExceededException("The requested token payload size exceeds the maximum allowed size. Reduce the number of request tags included in the GetWebIdentityToken API call to reduce the token payload size.")
	}
	token, err := sign(key, payload)
	return &api.GetWebIdentityTokenOutput{WebIdentityToken: &token, Expiration: &expires}, err
}

func (s *Service) signingKey(c *writ.Call, algorithm string) (issuer string, key jose.JSONWebKey, err error) {
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		issuer, key, err = s.identities.SigningKey(tx, c.Scope.Account, algorithm)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return "", key, api.OutboundWebIdentityFederationDisabledException("The outbound web identity federation feature is not enabled for this account. To use this feature, you must first enable it through the AWS Management Console or API.")
	}
	return issuer, key, err
}

func sign(key jose.JSONWebKey, payload []byte) (string, error) {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(key.Algorithm), Key: key},
		(&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}

// subject is the user, or the role and not its session.
func subject(c *writ.Caller) string {
	if c.Type == policy.RoleSession {
		return c.RoleARN
	}
	return c.ARN
}

// audience is one text or a list (RFC 7519, section 4.1.3).
func audience(all []string) any {
	if len(all) == 1 {
		return all[0]
	}
	return all
}

// contextClaims are claims that say what context keys do.
var contextClaims = map[string]string{
	"org_id":                           "aws:PrincipalOrgID",
	"ec2_source_instance_arn":          "ec2:SourceInstanceARN",
	"ec2_instance_source_vpc":          "aws:Ec2InstanceSourceVpc",
	"ec2_instance_source_private_ipv4": "aws:Ec2InstanceSourcePrivateIPv4",
	"ec2_role_delivery":                "ec2:RoleDelivery",
}

// claims are those of AWS's own (IAM User Guide, "Understanding token claims").
func claims(c *writ.Call, tags []api.Tag) map[string]any {
	all := map[string]any{"aws_account": c.Caller.Account, "source_region": c.Scope.Region, "principal_id": subject(c.Caller)}
	if len(c.Caller.Tags) > 0 {
		all["principal_tags"] = c.Caller.Tags
	}
	if len(tags) > 0 {
		all["request_tags"] = tagMap(tags)
	}
	decided := c.Decision.Checks[0].Request.Context
	for claim, key := range contextClaims {
		if values, ok := decided.Get(key); ok {
			all[claim] = values[0]
		}
	}
	if paths, ok := decided.Get("aws:PrincipalOrgPaths"); ok {
		all["ou_path"] = paths
	}
	s := c.Caller.Session
	if s == nil {
		return all
	}
	all["original_session_exp"] = s.Expires.UTC().Format(time.RFC3339)
	if s.SourceIdentity != "" {
		all["source_identity"] = s.SourceIdentity
	}
	if s.Provider != "" {
		all["federated_provider"] = s.Provider
	}
	return all
}
