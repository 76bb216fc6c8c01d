package validate

import (
	"slices"
	"strings"

	"github.com/writ-iam/writ/policy"
)

// dangers looks for statements that mean more, or less, than their writers think.
func (c *checker) dangers(s *statement) {
	c.multiFactor(s)
	c.sourceIP(s)
	if s.NotPrincipal != nil && !s.allows {
		c.report("DENY_WITH_NOT_PRINCIPAL", s.name("NotPrincipal"), "Deny with NotPrincipal denies whoever has a permissions boundary, and sessions whose role and account are not named; take Principal \"*\" with a condition on aws:PrincipalArn")
	}
	if !s.allows {
		return
	}
	switch c.kind {
	case policy.IdentityPolicy, policy.ManagedPolicy:
		c.broad(s)
		c.passRole(s)
		c.escalation(s)
	case policy.ResourcePolicy, policy.TrustPolicy:
		c.broad(s)
		c.public(s)
	}
}

// multiFactor looks at conditions on the keys of MFA, which requests signed with
// long-term keys do not have (R111).
func (c *checker) multiFactor(s *statement) {
	for _, condition := range s.Conditions {
		o, ok := parseOperator(condition.Operator.Text)
		if !ok || !strings.HasPrefix(strings.ToLower(condition.Key.Text), "aws:multifactorauth") || o.base == "Null" {
			continue
		}
		at := c.value(condition.Operator)
		wanted := slices.ContainsFunc(condition.Values, func(v policy.Value) bool { return strings.EqualFold(v.Text, "true") })
		switch {
		case !s.allows && o.ifExists == "" && !wanted && !s.tests("aws:TokenIssueTime") && !s.null(condition.Key.Text):
			o.ifExists = "IfExists"
			c.repaired(c.report("MFA_DENY_WITHOUT_IF_EXISTS", at, "requests signed with long-term access keys do not have %s, so that this does not deny them; take %s", condition.Key.Text, o), o.String())
		case s.allows && o.ifExists != "" && (wanted || o.base != "Bool"):
			o.ifExists = ""
			c.repaired(c.report("MFA_ALLOW_WITH_IF_EXISTS", at, "requests signed with long-term access keys do not have %s, so that this allows them without MFA; take %s", condition.Key.Text, o), o.String())
		}
	}
}

// null reports whether some condition asks for the absence of the key.
func (s *statement) null(key string) bool {
	return slices.ContainsFunc(s.Conditions, func(other policy.Condition) bool {
		return strings.EqualFold(other.Operator.Text, "Null") && strings.EqualFold(other.Key.Text, key)
	})
}

// sourceIP looks at conditions on the address. Requests that a service makes on
// the caller's behalf come from the service's own (R112).
func (c *checker) sourceIP(s *statement) {
	for _, condition := range s.Conditions {
		o, ok := parseOperator(condition.Operator.Text)
		if ok && !s.allows && o.base == "NotIpAddress" && strings.EqualFold(condition.Key.Text, "aws:SourceIp") &&
			!s.tests("aws:ViaAWSService", "aws:CalledVia", "aws:PrincipalIsAWSService") {
			c.report("DENY_BY_SOURCE_IP_WITHOUT_VIA_AWS_SERVICE", c.value(condition.Key), `this also denies what services do for the caller, from addresses of their own; add "Bool": {"aws:ViaAWSService": "false"}`)
		}
	}
}

// broad reports statements that allow all but a few things.
func (c *checker) broad(s *statement) {
	if s.notAction {
		c.report("ALLOW_WITH_NOT_ACTION", s.name("NotAction"), "Allow with NotAction allows all other actions of all services, those to come too; name what is allowed, or deny in a statement of its own")
	}
	if s.NotResource != nil {
		c.report("ALLOW_WITH_NOT_RESOURCE", s.name("NotResource"), "Allow with NotResource allows all other resources, those to come too; name what is allowed, or deny in a statement of its own")
	}
	if c.kind != policy.TrustPolicy && s.everyAction() && s.everything() && len(s.Conditions) == 0 {
		c.report("FULL_ACCESS", s.name("Action"), `all actions on all resources are allowed; name the services, their actions and resources, as in "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::example-bucket/*"`)
	}
}

// sources are the keys that tell a request of one customer from that of another.
var sources = []string{"aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths", "aws:SourceOwner"}

// callers are the keys that limit who "*" is.
var callers = append([]string{"aws:Principal", "aws:SourceVpc", "aws:VpcSourceIp", "aws:userid", "aws:username", "aws:CalledVia", "aws:FederatedProvider",
	"aws:SourceIdentity", "sts:ExternalId", "kms:CallerAccount", "kms:ViaService", "s3:DataAccessPoint", "aws:Vpce", "lambda:FunctionUrlAuthType", "elasticfilesystem:AccessPointArn"}, sources...)

// public reports statements that let in everybody, or services on behalf of everybody.
func (c *checker) public(s *statement) {
	if p, ok := s.everybody(); ok && !s.tests(callers...) {
		switch {
		case s.tests("aws:SourceIp"):
			c.report("PUBLIC_BY_SOURCE_IP", c.value(p.Value), "an address is all that is asked of the caller; name principals, or add a condition on aws:PrincipalOrgID")
		default:
			c.report("PUBLIC_ACCESS", c.value(p.Value), "this is allowed to everybody; name principals, or add a condition on aws:PrincipalOrgID")
		}
	}
	if c.kind != policy.ResourcePolicy || s.tests(sources...) {
		return
	}
	for _, p := range s.Principal {
		if p.Kind == "Service" {
			c.report("RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", c.value(p.Value), "the service may act for any customer; add a condition on aws:SourceArn or aws:SourceAccount")
		}
	}
}
