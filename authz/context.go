package authz

import (
	"strconv"
	"strings"
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/model"
	"github.com/writ-iam/writ/policy"
)

// contextKeys fills the request context: what is true of the principal, the
// session, the network, the request and the resource
// (IAM User Guide, "AWS global condition context keys").
func contextKeys(c *writ.Call, check *model.Check, r *writ.Resource, over *organizations) *policy.Context {
	k := new(policy.Context)
	principalKeys(k, c.Caller)
	sessionKeys(k, c)
	networkKeys(k, c)
	chainKeys(k, &c.Chain)
	resourceKeys(k, r)
	over.keys(k, r)
	requestKeys(k, c, check)
	return k
}

func principalKeys(k *policy.Context, c *writ.Caller) {
	if i := c.Identity; i != nil {
		k.Set("aws:PrincipalIsAWSService", "false")
		setAll(k, i.Keys)
		return
	}
	if c.Type == policy.Anonymous {
		return
	}
	service := c.Type == policy.Service
	k.Set("aws:PrincipalIsAWSService", strconv.FormatBool(service))
	if service {
		k.Set("aws:PrincipalServiceName", c.Service)
		k.SetList("aws:PrincipalServiceNamesList", []string{c.Service})
		return
	}
	k.Set("aws:PrincipalArn", principalARN(c))
	k.Set("aws:PrincipalAccount", c.Account)
	k.Set("aws:PrincipalType", principalType(c.Type))
	k.Set("aws:userid", c.ID)
	if c.Type == policy.User {
		k.Set("aws:username", c.Name)
	}
	for key, value := range c.Tags {
		k.Set("aws:PrincipalTag/"+key, value)
	}
}

// principalARN is the role's for its sessions (R67).
func principalARN(c *writ.Caller) string {
	if c.Type == policy.RoleSession {
		return c.RoleARN
	}
	return c.ARN
}

func principalType(t policy.PrincipalType) string {
	switch t {
	case policy.RootUser:
		return "Account"
	case policy.RoleSession:
		return "AssumedRole"
	case policy.FederatedUser:
		return "FederatedUser"
	}
	return "User"
}

// sessionKeys are absent for long-term credentials (R111, R121).
func sessionKeys(k *policy.Context, c *writ.Call) {
	s := c.Caller.Session
	mfaKeys(k, c)
	if s == nil {
		return
	}
	k.Set("aws:TokenIssueTime", timestamp(s.Issued))
	if s.SourceIdentity != "" {
		k.Set("aws:SourceIdentity", s.SourceIdentity)
	}
	if s.Provider != "" {
		k.Set("aws:FederatedProvider", s.Provider)
	}
	setAll(k, s.Keys)
	if s.Instance != nil {
		instanceKeys(k, s.Instance)
	}
}

// instanceKeys are those of credentials that were delivered to an instance.
func instanceKeys(k *policy.Context, i *writ.Instance) {
	k.Set("ec2:SourceInstanceARN", i.ARN)
	if i.VPC != "" {
		k.Set("aws:Ec2InstanceSourceVpc", i.VPC)
	}
	if i.PrivateIP != "" {
		k.Set("aws:Ec2InstanceSourcePrivateIPv4", i.PrivateIP)
	}
	if i.Delivery != "" {
		k.Set("ec2:RoleDelivery", i.Delivery)
	}
}

// setAll sets keys that a provider vouches for.
func setAll(k *policy.Context, all map[string][]string) {
	for key, values := range all {
		k.Set(key, values...)
	}
}

// mfaKeys tell of the second factor of the session, or of the call itself. A
// call with long-term credentials that has none has no such keys.
func mfaKeys(k *policy.Context, c *writ.Call) {
	proved := c.MFA
	if s := c.Caller.Session; s != nil && proved.IsZero() {
		proved = s.MFA
	} else if proved.IsZero() {
		return
	}
	k.Set("aws:MultiFactorAuthPresent", strconv.FormatBool(!proved.IsZero()))
	if !proved.IsZero() {
		k.Set("aws:MultiFactorAuthAge", strconv.FormatInt(int64(c.Time.Sub(proved)/time.Second), 10))
	}
}

func networkKeys(k *policy.Context, c *writ.Call) {
	k.Set("aws:CurrentTime", timestamp(c.Time))
	k.Set("aws:EpochTime", strconv.FormatInt(c.Time.Unix(), 10))
	k.Set("aws:RequestedRegion", c.Scope.Region)
	// What a service calls from within crosses no network.
	k.Set("aws:SecureTransport", strconv.FormatBool(c.Source.TLS != "" || c.Invoker() != ""))
	if c.Source.IP.IsValid() {
		k.Set("aws:SourceIp", c.Source.IP.String())
	}
	if c.Source.UserAgent != "" {
		k.Set("aws:UserAgent", c.Source.UserAgent)
	}
	if c.Source.VPCE != "" {
		k.Set("aws:SourceVpce", c.Source.VPCE)
	}
}

func chainKeys(k *policy.Context, chain *writ.Chain) {
	k.Set("aws:ViaAWSService", strconv.FormatBool(chain.ViaAWSService))
	if n := len(chain.CalledVia); n > 0 {
		k.SetList("aws:CalledVia", chain.CalledVia)
		k.Set("aws:CalledViaFirst", chain.CalledVia[0])
		k.Set("aws:CalledViaLast", chain.CalledVia[n-1])
	}
	if chain.SourceArn != "" {
		k.Set("aws:SourceArn", chain.SourceArn)
	}
	if chain.SourceAccount != "" {
		k.Set("aws:SourceAccount", chain.SourceAccount)
	}
}

// resourceKeys are facts about the thing acted on. Services have tag keys of
// their own beside the global one (iam:ResourceTag), with the same values.
func resourceKeys(k *policy.Context, r *writ.Resource) {
	if r.ARN != "*" {
		k.Set("aws:ResourceAccount", r.Account)
	}
	for key, value := range r.Tags {
		k.Set("aws:ResourceTag/"+key, value)
		k.Set(serviceOf(r.ARN)+":ResourceTag/"+key, value)
	}
	for key, value := range r.Keys {
		k.Set(key, value)
	}
}

// serviceOf is the service in an ARN.
func serviceOf(arn string) string {
	_, rest, _ := strings.Cut(arn, ":")
	_, rest, _ = strings.Cut(rest, ":")
	service, _, _ := strings.Cut(rest, ":")
	return service
}

// requestKeys come from the input, as the rule says, or from what a provider
// says of who signs in.
func requestKeys(k *policy.Context, c *writ.Call, check *model.Check) {
	for key, from := range check.Keys {
		constant, isConstant := strings.CutPrefix(from, "=")
		input := asked(c, from)
		switch {
		case isConstant:
			k.Set(key, expand(constant, c))
		case tagKeys[key] != "":
			requestTags(k, input, key, from)
		default:
			requestKey(k, c, check, key, from)
		}
	}
}

func requestKey(k *policy.Context, c *writ.Call, check *model.Check, key, from string) {
	path, fallback, _ := strings.Cut(from, "|")
	all, several := texts(asked(c, path), path)
	switch {
	case len(all) > 0 && several:
		k.SetList(key, all)
	case len(all) > 0:
		k.Set(key, all[0])
	case c.Caller.Session != nil && present(c.Caller.Session, check.Inherited) && check.Inherited == from:
		k.Set(key, text(c.Caller.Session, from)) // the session hands its own on
	case fallback != "":
		k.Set(key, fallback)
	}
}

// tagKeys are the keys for the tags that a request brings, and those which list
// the tags' keys.
var tagKeys = map[string]string{"aws:RequestTag/*": "aws:TagKeys", "s3:RequestObjectTag/*": "s3:RequestObjectTagKeys"}

func requestTags(k *policy.Context, input any, key, from string) {
	var keys []string
	prefix := strings.TrimSuffix(key, "*")
	tags(input, from, func(tag, value string) {
		k.Set(prefix+tag, value)
		keys = append(keys, tag)
	})
	if keys != nil {
		k.SetList(tagKeys[key], keys)
	}
}

func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
