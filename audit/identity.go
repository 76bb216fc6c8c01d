package audit

import (
	"strconv"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/policy"
)

// UserIdentity says who called (CloudTrail User Guide, "CloudTrail userIdentity element").
type UserIdentity struct {
	Type        string `json:"type,omitempty"`
	PrincipalID string `json:"principalId,omitempty"`
	ARN         string `json:"arn,omitempty"`
	AccountID   string `json:"accountId,omitempty"`
	AccessKeyID string `json:"accessKeyId,omitempty"`
	UserName    string `json:"userName,omitempty"`
	// IdentityProvider is of those who sign in: the ARN of an OpenID Connect
	// provider, the name qualifier of a SAML provider.
	IdentityProvider string          `json:"identityProvider,omitempty"`
	SessionContext   *SessionContext `json:"sessionContext,omitempty"`
	InvokedBy        string          `json:"invokedBy,omitempty"`
	// InvokedByDelegate is who has the credentials, if they were given away (IAM
	// User Guide, "CloudTrail", of temporary delegation).
	InvokedByDelegate *Delegate `json:"invokedByDelegate,omitempty"`
}

// Delegate is an account that acts with somebody's rights.
type Delegate struct {
	AccountID string `json:"accountId"`
}

// SessionContext tells of the session behind temporary credentials.
type SessionContext struct {
	SessionIssuer       *SessionIssuer       `json:"sessionIssuer,omitempty"`
	WebIDFederationData *WebIDFederationData `json:"webIdFederationData,omitempty"`
	Attributes          SessionAttributes    `json:"attributes"`
	SourceIdentity      string               `json:"sourceIdentity,omitempty"`
	RoleDelivery        string               `json:"ec2RoleDelivery,omitempty"` // "1.0" or "2.0", of an instance's credentials
	AssumedRoot         string               `json:"assumedRoot,omitempty"`     // "true" of AssumeRoot, and of the sessions that it starts
}

// SessionIssuer is the entity that the session stands for.
type SessionIssuer struct {
	Type        string `json:"type"`
	PrincipalID string `json:"principalId"`
	ARN         string `json:"arn"`
	AccountID   string `json:"accountId"`
	UserName    string `json:"userName,omitempty"`
}

// WebIDFederationData tells of a session that began with an ID token. CloudTrail
// has no attributes of providers that an account registered.
type WebIDFederationData struct {
	FederatedProvider string   `json:"federatedProvider"`
	Attributes        struct{} `json:"attributes"`
}

// SessionAttributes are text, as CloudTrail has them.
type SessionAttributes struct {
	CreationDate     string `json:"creationDate"`
	MFAAuthenticated string `json:"mfaAuthenticated"`
}

// identity describes the caller to a recipient. To another account than the
// caller's it tells no more than whose caller it was.
func identity(c *writ.Call, recipient string) UserIdentity {
	caller := c.Caller
	switch {
	case caller == nil:
		return UserIdentity{Type: "Unknown"}
	case caller.Type == policy.Service:
		return UserIdentity{Type: "AWSService", InvokedBy: caller.Service}
	case caller.Identity != nil:
		return signingIn(caller)
	case caller.Account != recipient:
		return UserIdentity{Type: "AWSAccount", PrincipalID: caller.ID, AccountID: caller.Account}
	}
	u := UserIdentity{Type: identityType(caller), PrincipalID: caller.ID, ARN: caller.ARN, AccountID: caller.Account,
		AccessKeyID: caller.AccessKeyID, SessionContext: sessionContext(c)}
	if caller.Type == policy.User {
		u.UserName = caller.Name
	}
	if s := caller.Session; s != nil && s.Delegate != "" {
		u.InvokedByDelegate = &Delegate{s.Delegate}
	}
	if n := len(c.Chain.CalledVia); n > 0 {
		u.InvokedBy = c.Chain.CalledVia[n-1]
	}
	return u
}

// signingIn describes somebody who signs in through a provider (CloudTrail User
// Guide, "Values for AWS STS APIs with SAML and web identity federation").
func signingIn(c *writ.Caller) UserIdentity {
	u := UserIdentity{Type: identityType(c), PrincipalID: c.ID, UserName: c.Name, IdentityProvider: c.Identity.Provider}
	if c.Type == policy.SAML {
		u.IdentityProvider = c.Identity.NameQualifier
	}
	return u
}

func identityType(c *writ.Caller) string {
	switch c.Type {
	case policy.User:
		return "IAMUser"
	case policy.RoleSession:
		return "AssumedRole"
	case policy.FederatedUser:
		return "FederatedUser"
	case policy.RootUser:
		return "Root"
	case policy.WebIdentity:
		return "WebIdentityUser"
	case policy.SAML:
		return "SAMLUser"
	}
	return "Unknown"
}

func sessionContext(call *writ.Call) *SessionContext {
	c, s := call.Caller, call.Caller.Session
	if s == nil {
		return nil
	}
	sc := &SessionContext{SourceIdentity: s.SourceIdentity, Attributes: SessionAttributes{
		CreationDate:     s.Issued.UTC().Format(timeFormat),
		MFAAuthenticated: strconv.FormatBool(!s.MFA.IsZero()),
	}}
	if s.Operation == "AssumeRoleWithWebIdentity" {
		sc.WebIDFederationData = &WebIDFederationData{FederatedProvider: s.Provider}
	}
	if c.Type == policy.RoleSession || c.Type == policy.FederatedUser {
		sc.SessionIssuer = &SessionIssuer{s.Issuer.Type, s.Issuer.ID, s.Issuer.ARN, s.Issuer.Account, s.Issuer.Name}
	}
	if s.Instance != nil {
		sc.RoleDelivery = s.Instance.Delivery
	}
	if s.Operation == assumeRoot || call.Operation != nil && call.Operation.Name == assumeRoot && call.Err == nil {
		sc.AssumedRoot = "true"
	}
	return sc
}

// assumeRoot is the operation of STS (IAM User Guide, "Track privileged tasks in
// AWS CloudTrail").
const assumeRoot = "AssumeRoot"
