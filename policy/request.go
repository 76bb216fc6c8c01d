package policy

import "github.com/writ-iam/writ/policy/condition"

// Context holds the context keys of one request with their values.
type Context = condition.Context

// Request is the question: may this principal do this to that?
type Request struct {
	Principal       *Principal // nil is anonymous
	Action          string     // s3:GetObject; letter case is ignored
	Resource        string     // ARN, or "*" for an action without resource types
	ResourceAccount string     // owner of the resource; "" means the principal's own account
	Context         *Context   // nil is empty; nothing is ever added to it
}

// PrincipalType says what kind of caller a Principal is.
type PrincipalType uint8

const (
	Anonymous     PrincipalType = iota // an unsigned request
	User                               // IAM user
	RoleSession                        // session of an assumed role
	FederatedUser                      // session from GetFederationToken
	RootUser                           // account root user
	Service                            // AWS service acting for itself
	WebIdentity                        // unsigned AssumeRoleWithWebIdentity
	SAML                               // unsigned AssumeRoleWithSAML
)

var principalTypes = [...]string{"anonymous", "user", "role-session", "federated-user", "root", "service", "web-identity", "saml"}

// String gives the word that the policy test format uses for the type.
func (t PrincipalType) String() string { return principalTypes[t] }

// MarshalText gives the word of String.
func (t PrincipalType) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// Principal is the caller. The zero Principal is anonymous.
type Principal struct {
	Type          PrincipalType
	ARN           string // of the user, root user, role session (without the role's path) or federated user session
	Account       string // 12 digits; "" for those who belong to none
	RoleARN       string // role behind a RoleSession, with its path
	ServiceLinked bool   // that role is a service-linked one
	UserARN       string // IAM user who called GetFederationToken
	Delegated     bool   // the credentials were handed to somebody else: boundary and session policies limit whatever is granted
	Service       string // lambda.amazonaws.com
	Provider      string // ARN or name of the OIDC or SAML provider, for WebIdentity and SAML
	CanonicalID   string // S3 canonical user id of the account
}

// Policies are all the policies that may take part in a decision. No *Policy in
// a list may be nil.
type Policies struct {
	Identity          []*Policy   // of the user and its groups, or of the role; of the issuing user for a FederatedUser
	Boundary          []*Policy   // nil means none, which is no limit
	Session           []*Policy   // nil means none, which is no limit, except for a FederatedUser (R20)
	Endpoint          []*Policy   // nil means the request came through no VPC endpoint
	Resource          *Policy     // policy of the resource or trust policy of the role; nil means none
	SCPs              [][]*Policy // on the path to the caller's account, a list for each level, root first; nil means SCPs do not apply
	RCPs              [][]*Policy // on the path to the resource's account; RCPFullAWSAccess is implied
	SCPTargets        []string    // ids of what the levels of SCPs are attached to, for explanations; nil if not known
	RCPTargets        []string    // the same of RCPs
	ManagementAccount string      // exempt from SCPs as caller and from RCPs as owner
}

// Result is a decision and what made it.
type Result struct {
	Decision Decision
	By       Type    // what granted, denied, or lacked the Allow
	Policy   *Policy // nil if no statement granted or denied

	statement int32 // index in the policy's document, -1 if none
}

// Statement returns the deciding statement. It is nil if an Allow was lacking,
// if none was needed, and if the policy denies because it does not parse. It
// parses the policy's document.
func (r Result) Statement() *Statement {
	if r.Policy == nil || r.statement < 0 {
		return nil
	}
	return r.Policy.Document().Statements[r.statement]
}
