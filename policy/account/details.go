// Package account reads what an AWS account has of IAM from the output of
// `aws iam get-account-authorization-details`, and completes requests with it,
// so that they can be decided without a server.
//
// The one central idea: a request says what it says, and the account adds only
// what the request leaves open: the caller's policies and boundary, a role's
// trust policy, the organization's policies and the context keys that follow
// from them. Whatever the dump refers to and does not hold is an error, never a
// policy less.
package account

// Details is the output of GetAccountAuthorizationDetails, of one account or of
// several together. Of AWS's members it has those that decisions depend on,
// under AWS's names. Organizations is a member of our own.
type Details struct {
	UserDetailList  []User          `json:",omitzero"`
	GroupDetailList []Group         `json:",omitzero"`
	RoleDetailList  []Role          `json:",omitzero"`
	Policies        []ManagedPolicy `json:",omitzero"`
	Organizations   *Organizations  `json:",omitempty"`
	IsTruncated     bool            `json:",omitempty"` // a page of it was, and more are missing
}

// User is an IAM user.
type User struct {
	UserName                string
	UserId                  string
	Arn                     string
	UserPolicyList          []InlinePolicy   `json:",omitempty"`
	GroupList               []string         `json:",omitempty"` // names, in the user's account
	AttachedManagedPolicies []AttachedPolicy `json:",omitempty"`
	PermissionsBoundary     *Boundary        `json:",omitempty"`
	Tags                    []Tag            `json:",omitempty"`
}

// Group is an IAM group.
type Group struct {
	GroupName               string
	Arn                     string
	GroupPolicyList         []InlinePolicy   `json:",omitempty"`
	AttachedManagedPolicies []AttachedPolicy `json:",omitempty"`
}

// Role is an IAM role.
type Role struct {
	RoleName                 string
	RoleId                   string
	Arn                      string
	AssumeRolePolicyDocument Document
	RolePolicyList           []InlinePolicy   `json:",omitempty"`
	AttachedManagedPolicies  []AttachedPolicy `json:",omitempty"`
	PermissionsBoundary      *Boundary        `json:",omitempty"`
	Tags                     []Tag            `json:",omitempty"`
}

// InlinePolicy is a policy of one user, group or role alone.
type InlinePolicy struct {
	PolicyName     string
	PolicyDocument Document
}

// AttachedPolicy refers to a managed policy.
type AttachedPolicy struct{ PolicyArn string }

// Boundary refers to the managed policy that is a permissions boundary.
type Boundary struct{ PermissionsBoundaryArn string }

// Tag is a tag of a user or role.
type Tag struct{ Key, Value string }

// ManagedPolicy is a managed policy, customer's or AWS's.
type ManagedPolicy struct {
	Arn               string
	PolicyVersionList []PolicyVersion
}

// PolicyVersion is one version of a managed policy. Only the default one counts.
type PolicyVersion struct {
	VersionId        string
	IsDefaultVersion bool
	Document         Document
}

// Organizations is what AWS Organizations says of the accounts: the answer of
// describe-organization, the tree with the ids of the policies that are attached
// at each place, and the policies as describe-policy shows them:
//
//	{"Organizations": {
//	  "Organization": {"Id": "o-abcdefghij", "MasterAccountId": "111111111111"},
//	  "Root": {
//	    "Id": "r-ab12", "Policies": ["p-FullAWSAccess"],
//	    "OrganizationalUnits": [{
//	      "Id": "ou-ab12-11111111", "Policies": ["p-FullAWSAccess", "p-12345678"],
//	      "Accounts": [{"Id": "222222222222", "Policies": ["p-FullAWSAccess"]}]
//	    }]
//	  },
//	  "Policies": [{"Policy": {"PolicySummary": {"Id": "p-12345678", "Type": "SERVICE_CONTROL_POLICY"}, "Content": "{…}"}}]
//	}}
//
// FullAWSAccess and RCPFullAWSAccess need not be among the policies.
type Organizations struct {
	Organization struct{ Id, MasterAccountId string }
	Root         *Unit
	Policies     []OrganizationPolicy `json:",omitempty"`
}

// Unit is the root of an organization or one of its units.
type Unit struct {
	Id                  string
	Policies            []string `json:",omitempty"`
	Accounts            []Member `json:",omitempty"`
	OrganizationalUnits []Unit   `json:",omitempty"`
}

// Member is an account in an organization.
type Member struct {
	Id       string
	Policies []string `json:",omitempty"`
}

// OrganizationPolicy is an SCP or RCP, with or without the envelope that
// describe-policy has around it.
type OrganizationPolicy struct {
	PolicySummary struct{ Id, Type string }
	Content       Document
	Policy        *OrganizationPolicy `json:",omitempty"`
}
