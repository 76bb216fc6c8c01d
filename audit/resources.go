package audit

import (
	"cmp"
	"slices"
	"strings"

	"github.com/writ-iam/writ"
)

// Resource is one thing that the call acted on.
type Resource struct {
	ARN       string `json:"ARN"`
	AccountID string `json:"accountId,omitempty"`
	Type      string `json:"type,omitempty"` // "AWS::IAM::User"
}

// resources lists each thing that was decided on, once. Classes of things
// ("user/", "*") are none.
func resources(c *writ.Call) []Resource {
	if c.Decision == nil {
		return nil
	}
	var all []Resource
	for i := range c.Decision.Checks {
		check := &c.Decision.Checks[i]
		arn, kind := check.Resource.ARN, typeOf(&check.Resource)
		if kind == "" || slices.ContainsFunc(all, func(r Resource) bool { return r.ARN == arn }) {
			continue
		}
		if strings.HasPrefix(check.Action, "s3:") && kind == s3Object {
			all = inBucket(all, arn, check.Resource.Account)
			continue
		}
		all = append(all, Resource{arn, check.Resource.Account, ResourceType(check.Action, kind)})
	}
	return all
}

// s3Object is the type of objects. Their keys may look like anything.
const s3Object = "object"

// inBucket adds an object of S3, which has no account of its own, and the bucket
// that it is in (Amazon S3 User Guide, "CloudTrail log file entries").
func inBucket(all []Resource, arn, account string) []Resource {
	bucket, _, _ := strings.Cut(arn, "/")
	all = append(all, Resource{ARN: arn, Type: "AWS::S3::Object"})
	if !slices.ContainsFunc(all, func(r Resource) bool { return r.ARN == bucket }) {
		all = append(all, Resource{bucket, account, "AWS::S3::Bucket"})
	}
	return all
}

// typeOf is the type of a resource; that of a thing which does not exist yet is
// the word that its ARN begins with. "" is no single thing.
func typeOf(r *writ.Resource) string {
	if strings.HasSuffix(r.ARN, "*") && r.Type != s3Object {
		return ""
	}
	if r.Type != "" || strings.HasSuffix(r.ARN, "/") {
		return r.Type
	}
	kind, _, found := strings.Cut(r.ARN[strings.LastIndexByte(r.ARN, ':')+1:], "/")
	if !found {
		return ""
	}
	return kind
}

// recipients are the accounts whose logs get the event: the caller's and, once
// the call was allowed, those of the things that it acted on elsewhere. Whom a
// refused call named only has had nothing done to.
func recipients(c *writ.Call) []string {
	first := account(c)
	if c.Decision == nil || !c.Decision.Allowed {
		return []string{first}
	}
	var all []string
	add := func(account string) {
		if account != "" && account != "aws" && !slices.Contains(all, account) {
			all = append(all, account)
		}
	}
	add(first)
	for _, r := range resources(c) {
		add(r.AccountID)
	}
	for i := range c.Decision.Checks {
		if r := &c.Decision.Checks[i].Resource; typeOf(r) == "" {
			add(r.Account) // whose things of a class, or whose organization
		}
	}
	if len(all) == 0 { // nobody's call on nobody's thing
		return []string{""}
	}
	return all
}

// ResourceType names a resource as CloudTrail does: iam and "instance-profile"
// give "AWS::IAM::InstanceProfile".
func ResourceType(action, resourceType string) string {
	service, _, _ := strings.Cut(action, ":")
	if resourceType == "role" {
		service = "iam" // also where STS acts on it
	}
	prefix := "AWS::" + cmp.Or(services[service], strings.ToUpper(service)) + "::"
	if name, ok := resourceTypes[resourceType]; ok {
		return prefix + name
	}
	var b strings.Builder
	b.WriteString(prefix)
	for word := range strings.SplitSeq(resourceType, "-") {
		b.WriteString(capitalized(word))
	}
	return b.String()
}

// services are those whose names are no initials.
var services = map[string]string{"account": "Account", "organizations": "Organizations"}

// resourceTypes are the types whose names CloudTrail spells in its own way.
var resourceTypes = map[string]string{"mfa": "VirtualMFADevice", "oidc-provider": "OIDCProvider", "saml-provider": "SAMLProvider",
	"accountInOrganization": "Account", "awspolicy": "Policy", "organizationalunit": "OrganizationalUnit", "resourcepolicy": "ResourcePolicy"}

func capitalized(word string) string {
	if word == "" {
		return ""
	}
	return strings.ToUpper(word[:1]) + word[1:]
}
