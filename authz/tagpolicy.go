package authz

import (
	"slices"
	"strings"

	"github.com/writ-iam/writ/store"
)

// TagPolicies is the source of the tag policies over accounts.
type TagPolicies interface {
	// TagPolicy returns an account's effective tag policy, nil if it has none.
	TagPolicy(tx *store.Tx, account string) (TagPolicy, error)
}

// TagPolicy is what the tags of an account's resources have to be like, by tag key
// in lower case. What it does not name is free.
type TagPolicy map[string]*TagRule

// TagRule is what a tag policy says of one tag key. Resource types are written
// "ec2:instance", or "ec2:*" and "ec2:ALL_SUPPORTED" for all of a service.
type TagRule struct {
	Key      string   // as it has to be spelled
	Values   []string // that it may have, with one "*" each; none means any
	Enforced []string // resource types that refuse what does not comply
	Required []string // resource types that are reported where they lack the tag
}

// Compliance is how tags fall short of a tag policy. Both lists are sorted.
type Compliance struct {
	Keys   []string // spelled otherwise, or missing
	Values []string // keys with values that may not be
}

// OK says whether nothing is wrong.
func (c Compliance) OK() bool { return len(c.Keys)+len(c.Values) == 0 }

// Check holds the tags of a resource of a type against the policy.
func (p TagPolicy) Check(resourceType string, tags map[string]string) (c Compliance) {
	for key, value := range tags {
		if rule := p[strings.ToLower(key)]; rule != nil {
			c.add(rule, key, value)
		}
	}
	for _, rule := range p {
		if _, has := tags[rule.Key]; !has && covers(rule.Required, resourceType) {
			c.Keys = append(c.Keys, rule.Key)
		}
	}
	c.sort()
	return c
}

// refused is what of tags that are about to be set the policy refuses.
func (p TagPolicy) refused(resourceType string, tags map[string]string) (c Compliance) {
	for key, value := range tags {
		if rule := p[strings.ToLower(key)]; rule != nil && rule.enforcedFor(resourceType) {
			c.add(rule, key, value)
		}
	}
	c.sort()
	return c
}

func (c *Compliance) add(rule *TagRule, key, value string) {
	if key != rule.Key {
		c.Keys = append(c.Keys, key)
	} else if !rule.allows(value) {
		c.Values = append(c.Values, key)
	}
}

func (c *Compliance) sort() {
	slices.Sort(c.Keys)
	c.Keys = slices.Compact(c.Keys)
	slices.Sort(c.Values)
}

// enforcedFor says whether the rule is enforced for a type: one that it names, or
// one of a service that it names which AWS lists.
func (r *TagRule) enforcedFor(resourceType string) bool {
	return slices.Contains(r.Enforced, resourceType) || enforceable[resourceType] && covers(r.Enforced, resourceType)
}

func (r *TagRule) allows(value string) bool {
	if len(r.Values) == 0 {
		return true
	}
	return slices.ContainsFunc(r.Values, func(pattern string) bool {
		before, after, wild := strings.Cut(pattern, "*")
		if !wild {
			return value == pattern
		}
		return len(value) >= len(before)+len(after) && strings.HasPrefix(value, before) && strings.HasSuffix(value, after)
	})
}

// covers says whether resource types include one.
func covers(types []string, resourceType string) bool {
	service, _, _ := strings.Cut(resourceType, ":")
	return slices.Contains(types, resourceType) || slices.Contains(types, service+":*") || slices.Contains(types, service+":ALL_SUPPORTED")
}

// enforceable are the resource types of services here whose tag policies can be
// enforced (Organizations User Guide, "Services and resource types that support
// enforcement").
var enforceable = map[string]bool{
	"ec2:image": true, "ec2:instance": true, "ec2:network-interface": true, "ec2:route-table": true, "ec2:security-group": true,
	"ec2:subnet": true, "ec2:volume": true, "ec2:vpc": true,
	"iam:instance-profile": true, "iam:mfa": true, "iam:oidc-provider": true, "iam:policy": true, "iam:saml-provider": true, "iam:server-certificate": true,
	"organizations:account": true, "organizations:ou": true, "organizations:policy": true, "organizations:root": true,
	"s3:bucket": true,
}
