package s3

import (
	"net/netip"
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/policy"
)

// This file says which bucket policies are public (S3 User Guide, "The meaning
// of public"): all that are not known to let in a fixed set only. A statement's
// set is fixed if it names its principals one by one, or if one of its
// conditions demands one of a few keys to have values without wildcards and
// variables.

func (s *Service) GetBucketPolicyStatus(c *writ.Call, in *api.GetBucketPolicyStatusInput) (*api.GetBucketPolicyStatusOutput, error) {
	a, _, err := s.access.Get(c.Context, in.Bucket)
	if err != nil {
		return nil, bucketError(in.Bucket, err)
	}
	if a.doc == nil {
		return nil, noSuchBucketPolicy(in.Bucket)
	}
	return &api.GetBucketPolicyStatusOutput{PolicyStatus: &api.PolicyStatus{IsPublic: &a.public}}, nil
}

// isPublic says whether any statement of a policy lets in everybody. What it
// denies elsewhere does not count, as with S3.
func isPublic(doc *policy.Document) bool {
	for _, s := range doc.Statements {
		if s.Effect == "Allow" && !namesPrincipals(s) && !isFixed(s) {
			return true
		}
	}
	return false
}

func namesPrincipals(s *policy.Statement) bool {
	for _, p := range s.Principal {
		if strings.Contains(p.Text, "*") || strings.Contains(p.Text, "${") {
			return false
		}
	}
	return len(s.Principal) > 0
}

// isFixed looks for a condition that lets in a fixed set.
func isFixed(s *policy.Statement) bool {
	for _, c := range s.Conditions {
		if fixed := fixing[strings.ToLower(c.Key.Text)]; fixed != nil && demands(c.Operator.Text) && all(c.Values, fixed) {
			return true
		}
	}
	return false
}

// all wants every value to be fixed; a condition without values is never true.
func all(values []policy.Value, fixed func(string) bool) bool {
	for _, v := range values {
		if !fixed(v.Text) {
			return false
		}
	}
	return true
}

// demands says whether an operator wants a key to be there and to have a value:
// those that negate, pass over a missing key or are content with an empty list
// do not.
func demands(operator string) bool {
	operator = strings.ToLower(operator)
	if quantifier, rest, found := strings.Cut(operator, ":"); found {
		if quantifier != "foranyvalue" {
			return false
		}
		operator = rest
	}
	switch operator {
	case "stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "ipaddress":
		return true
	}
	return false
}

// fixing are the keys that can fix who is let in, and what their values must be.
var fixing = map[string]func(string) bool{
	"aws:sourceip":              narrowRange,
	"aws:sourcearn":             literal,
	"aws:sourcevpc":             literal,
	"aws:sourcevpce":            literal,
	"aws:sourceowner":           literal,
	"aws:sourceaccount":         literal,
	"aws:userid":                literal,
	"aws:principalorgid":        literal,
	"s3:dataaccesspointaccount": literal,
	"s3:dataaccesspointarn":     ofOneAccount,
	"s3:x-amz-server-side-encryption-aws-kms-key-id": literal,
}

func literal(v string) bool {
	return v != "" && !strings.ContainsAny(v, "*?") && !strings.Contains(v, "${")
}

// ofOneAccount lets the name of an access point be anything, if the account is fixed.
func ofOneAccount(v string) bool {
	a, err := arn.Parse(v)
	return err == nil && literal(a.Partition) && literal(a.Account) && !strings.Contains(v, "${")
}

// narrowRange refuses ranges that are wider than /8 (IPv4) or /32 (IPv6).
func narrowRange(v string) bool {
	if _, err := netip.ParseAddr(v); err == nil {
		return true
	}
	p, err := netip.ParsePrefix(v)
	if err != nil {
		return false
	}
	if p.Addr().Is4() {
		return p.Bits() >= 8
	}
	return p.Bits() >= 32
}

// isPublicACL says whether grants reach the groups that are the public.
func isPublicACL(grants []grant) bool {
	for i := range grants {
		if grants[i].public() {
			return true
		}
	}
	return false
}

// mayGrant refuses public grants where the block does.
func (b *bucket) mayGrant(c *writ.Call, grants []grant) error {
	if b.block().BlockACLs && isPublicACL(grants) {
		return blocked(c, "access control lists (ACLs)", "BlockPublicAcls")
	}
	return nil
}
