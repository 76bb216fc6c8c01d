package writ

import (
	"time"

	"github.com/writ-iam/writ/policy"
)

// Caller is who makes a call: what the credentials proved, and nothing that
// the request merely claims.
type Caller struct {
	policy.Principal // type, ARN, account and, for sessions, the role behind them

	Partition   string
	ID          string            // unique id as GetCallerIdentity shows it: AIDA…, AROA…:session, 111122223333:name
	Name        string            // friendly name of the user, role or federated user; "" for root
	AccessKeyID string            // "" for service principals and anonymous callers
	Tags        map[string]string // aws:PrincipalTag/…; for sessions the role's tags under the session's
	Session     *Session          // nil for long-term credentials
	Identity    *Identity         // of somebody who signs in through a provider; nil for all others
}

// Session is what stands behind temporary credentials. It travels sealed inside
// the session token, so it holds nothing that a deleted or changed entity would
// have to take back: whether the entity still exists is asked at each use.
type Session struct {
	Operation      string            `json:"op"`               // AssumeRole, GetSessionToken, GetFederationToken
	Name           string            `json:"name,omitempty"`   // role session name or federated user name
	Issuer         Issuer            `json:"issuer"`           // the role, user or root that the session stands for
	Issued         time.Time         `json:"iat"`              // aws:TokenIssueTime
	Expires        time.Time         `json:"exp"`              //
	Policy         string            `json:"policy,omitempty"` // inline session policy
	PolicyARNs     []string          `json:"arns,omitempty"`   // managed session policies
	Tags           map[string]string `json:"tags,omitempty"`
	TransitiveTags []string          `json:"trans,omitempty"`    // keys of Tags that role chaining hands on
	SourceIdentity string            `json:"source,omitempty"`   // aws:SourceIdentity
	MFA            time.Time         `json:"mfa,omitzero"`       // when MFA was proved; zero if it was not
	Provider       string            `json:"provider,omitempty"` // aws:FederatedProvider
	// DefaultRegions says that the token is of version 1, good only in regions
	// that no account has to enable.
	DefaultRegions bool `json:"v1,omitempty"`
	// ProviderID is the unique id of that provider: the session dies with it.
	ProviderID string              `json:"providerId,omitempty"`
	Keys       map[string][]string `json:"keys,omitempty"` // context keys that the provider vouches for
	// ParentKey is the long-term key that asked for a session which stands for
	// its own user: the session dies with it.
	ParentKey string `json:"parent,omitempty"`
	// Delegate is the account that the credentials were given to in a delegation;
	// "" if the session is its issuer's own.
	Delegate string `json:"deleg,omitempty"`
	// Instance is the instance that the credentials were delivered to; nil for
	// other sessions.
	Instance *Instance `json:"inst,omitempty"`
}

// Instance is what a role session of an instance says of it (Service
// Authorization Reference, "Condition keys for Amazon EC2"; IAM User Guide,
// "AWS global condition context keys").
type Instance struct {
	ARN       string `json:"arn"`           // ec2:SourceInstanceARN
	VPC       string `json:"vpc,omitempty"` // aws:Ec2InstanceSourceVpc
	PrivateIP string `json:"ip,omitempty"`  // aws:Ec2InstanceSourcePrivateIPv4
	// Delivery is the version of the metadata service that handed the
	// credentials out, "1.0" or "2.0"; "" if it was the container endpoint
	// (ec2:RoleDelivery).
	Delivery string `json:"del,omitempty"`
}

// Issuer is the entity that a session stands for. It is found by its ID at each
// use, so that one deleted and made again inherits no session, and one renamed
// keeps its own.
type Issuer struct {
	Type      string `json:"type"` // "Role", "IAMUser", "Root"
	Partition string `json:"part"`
	Account   string `json:"acct"`
	Name      string `json:"name,omitempty"`
	ID        string `json:"id"`
	ARN       string `json:"arn"`
}

// Types of issuers, in CloudTrail's words.
const (
	IssuerRole = "Role"
	IssuerUser = "IAMUser"
	IssuerRoot = "Root"
)
