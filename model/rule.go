package model

import "strings"

// Rule says what an operation needs permission for. The mapping from
// operations to actions and resources exists nowhere as data; <svc>.authz.json
// is where Writ writes it down:
//
//	"AddRoleToInstanceProfile": {
//	  "access": "Write",
//	  "checks": [
//	    {"action": "iam:AddRoleToInstanceProfile", "type": "instance-profile", "id": "InstanceProfileName"},
//	    {"action": "iam:PassRole", "type": "role", "id": "RoleName", "keys": {"iam:PassedToService": "=ec2.amazonaws.com"}}
//	  ]
//	}
//
// All checks must allow, in their order. An operation that AWS lets everybody
// call has no checks but an "exempt" with the reason.
type Rule struct {
	Access string  `json:"access"` // the catalogue's access level: Read, List, Write, Tagging, Permissions management
	Checks []Check `json:"checks"`
	Exempt string  `json:"exempt"` // why no permission is needed; "" if Checks decide
	// Recorded overrides what CloudTrail's readOnly says of the operation, where
	// AWS records it against its access level.
	Recorded *bool `json:"readOnly"`
	// Issues says that the operation hands out credentials or reveals secrets:
	// its event must be durable before the answer goes out.
	Issues bool `json:"issues"`
	// Data says that the operation works on what is inside of a resource: its
	// events are data events, which are recorded only where that was asked for.
	Data bool `json:"data"`
	// Root says that the caller must be the root user, whatever policies allow.
	Root bool `json:"root"`
	// MFA says that SerialNumber and TokenCode of the input prove a second
	// factor, for the decision as well.
	MFA bool `json:"mfa"`
}

// ReadOnly says whether the operation changes nothing (CloudTrail's readOnly).
func (r *Rule) ReadOnly() bool {
	if r.Recorded != nil {
		return *r.Recorded
	}
	return r.Access == "Read" || r.Access == "List"
}

// Check is one permission that an operation needs.
//
// The resource is one of three: an existing thing of a Type, which the service
// looks up by the input member ID (with Self, a missing member means the
// caller's own user); a thing that does not exist yet or a class of things,
// whose ARN is a template; or neither, for actions without resource types: "*".
//
// Where ID is a list the check is made for each of its elements; those that are
// structures the service is asked for by their place, "0", "1" …. Where it is
// left out or absent the service is asked for "": its answer is its default of
// that type, or the class of what the call would make.
//
// Members are given by paths: UserName; IamInstanceProfile.Arn, a member of a
// structure; Tags.Key, that member of every element of a list; and
// TagSpecifications[ResourceType=instance].Tags, of those elements alone that
// have the value.
//
// Templates hold {partition}, {account}, {region} and {path} of the input;
// {path|text} gives the text where there is nothing at the path.
type Check struct {
	Action string `json:"action"` // "iam:CreateUser"
	Type   string `json:"type"`   // resource type, as the service and the catalogue call it; AnyType, or a word of the service's own such as "entity", where it may be one of several
	Of     string `json:"of"`     // service that finds the thing, where it is not the action's ("iam" for the roles of sts:AssumeRole)
	ID     string `json:"id"`     // path of what names the existing resources, or a template of a name
	Self   bool   `json:"self"`   // without that member it is the caller's own user
	ARN    string `json:"arn"`    // template
	Kind   string `json:"kind"`   // resource type of the template, where the ARN does not begin with it ("bucket")
	Label  string `json:"label"`  // template; how AccessDenied names the resource, "" for the service's way
	When   string `json:"when"`   // only if there is something at this path, or at one of several separated by "|"
	Unless string `json:"unless"` // only if there is nothing at this path
	// Lenient says that a denial does not end the call: the service asks the
	// Decision for it (S3 tells whether an object is missing only to those who
	// may list the bucket).
	Lenient bool `json:"lenient"`
	// Cached says that the service tells of the thing from what it keeps in memory,
	// its caches: it may be asked without a snapshot of the store.
	Cached bool `json:"cached"`
	// Absent says that the check is made only if a thing is not there that a
	// check before it is about, as the service tells (writ.Resource.Absent).
	Absent bool `json:"absent"`
	// Inherited is the field of the caller's session that makes the check due
	// even where the member of When is absent: role chaining hands it on.
	Inherited string `json:"inherited"`
	// Keys maps context keys to the path that they come from, with "|text" for
	// their value where there is nothing, or with a leading "=" to a template.
	// "aws:RequestTag/*" takes a list of tags and fills aws:TagKeys with it, and so
	// do "s3:RequestObjectTag/*" and s3:RequestObjectTagKeys, of a list or a text
	// in the form of a query string.
	Keys map[string]string `json:"keys"`
	// Tags is the path of the tags that the call sets, where they are not those of
	// "aws:RequestTag/*", and Tagged the type of what it sets them on, where that is
	// not the resource: Untagged if it takes them away. Tag policies ask for both.
	Tags   string `json:"tags"`
	Tagged string `json:"tagged"`
}

// Untagged is the Tagged of checks whose tags are taken away.
const Untagged = "untagged"

// AnyType is the Type of things whose names tell what they are: those that
// ec2:CreateTags tags.
const AnyType = "*"

// Service returns the action's prefix: "iam".
func (c *Check) Service() string {
	prefix, _, _ := strings.Cut(c.Action, ":")
	return prefix
}

// Owner returns the name of the service that keeps the resource.
func (c *Check) Owner() string {
	if c.Of != "" {
		return c.Of
	}
	return c.Service()
}
