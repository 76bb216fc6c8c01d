package validate

import (
	"strings"

	"github.com/writ-iam/writ/policy"
)

// grammar checks what a statement of this kind of document must and must not
// have, in the order in which AWS does.
func (c *checker) grammar(s *statement) {
	c.effect(s)
	c.exclusive(s)
	c.principalElement(s)
	c.principalForms(s)
	c.actionElement(s)
	c.resourceElement(s)
	c.conditionKeys(s)
}

func (c *checker) effect(s *statement) {
	if _, ok := s.members["Effect"]; !ok {
		c.refuse("MISSING_EFFECT", s.brace(), "the statement has no Effect")
	}
	if c.kind == policy.ResourceControlPolicy && s.allows {
		c.refuse("RCP_SYNTAX_ERROR_ALLOW", s.members["Effect"].value, "a resource control policy can only deny; RCPFullAWSAccess allows")
	}
	plain := c.kind == policy.IdentityPolicy || c.kind == policy.ManagedPolicy
	if plain && strings.ContainsFunc(s.Sid, func(r rune) bool { return !isAlphanumeric(r) }) {
		f := c.refuse("UNSUPPORTED_SID", s.members["Sid"].value, "the Sid %q has other characters than A-Z, a-z and 0-9", s.Sid)
		c.repaired(f, strings.Map(keepAlphanumeric, s.Sid))
	}
}

func isAlphanumeric(r rune) bool {
	return '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z'
}

func keepAlphanumeric(r rune) rune {
	if isAlphanumeric(r) {
		return r
	}
	return -1
}

// exclusive refuses an element beside its opposite.
func (c *checker) exclusive(s *statement) {
	for _, element := range []string{"Action", "Resource", "Principal"} {
		_, has := s.members[element]
		if opposite, ok := s.members["Not"+element]; ok && has {
			c.refuse("UNSUPPORTED_ELEMENT_COMBINATION", opposite.name, "a statement cannot have both %s and Not%s", element, element)
		}
	}
}

func (c *checker) principalElement(s *statement) {
	_, has := s.members["Principal"]
	_, not := s.members["NotPrincipal"]
	switch {
	case !c.wantsPrincipal():
		for _, element := range []string{"Principal", "NotPrincipal"} {
			if m, ok := s.members[element]; ok {
				c.refuse("UNSUPPORTED_PRINCIPAL", m.name, "%s does not have a %s: it is about whoever it is attached to", kindNames[c.kind], element)
			}
		}
	case not && s.allows:
		c.refuse("ALLOW_WITH_NOT_PRINCIPAL", s.name("NotPrincipal"), "Allow with NotPrincipal would allow everybody else, anonymous callers too")
	case not && c.kind != policy.ResourcePolicy && c.kind != policy.EndpointPolicy:
		c.refuse("UNSUPPORTED_PRINCIPAL", s.name("NotPrincipal"), "%s does not have a NotPrincipal", kindNames[c.kind])
	case !has && !not:
		c.refuse("MISSING_PRINCIPAL", s.brace(), "the statement has no Principal")
	case len(s.Principal)+len(s.NotPrincipal) == 0:
		c.refuse("MISSING_PRINCIPAL", s.members[present(has, "Principal", "NotPrincipal")].value, "the statement names no principal")
	}
}

// present gives the one of two names that is there.
func present(first bool, name, otherwise string) string {
	if first {
		return name
	}
	return otherwise
}

// wantsPrincipal tells whether statements say whom they are about.
func (c *checker) wantsPrincipal() bool {
	switch c.kind {
	case policy.TrustPolicy, policy.ResourcePolicy, policy.EndpointPolicy, policy.ResourceControlPolicy:
		return true
	}
	return false
}

var kindNames = map[policy.Kind]string{
	policy.IdentityPolicy:        "an identity-based policy",
	policy.ManagedPolicy:         "a managed policy",
	policy.SessionPolicy:         "a session policy",
	policy.TrustPolicy:           "a trust policy",
	policy.ResourcePolicy:        "a resource-based policy",
	policy.EndpointPolicy:        "a VPC endpoint policy",
	policy.ServiceControlPolicy:  "a service control policy",
	policy.ResourceControlPolicy: "a resource control policy",
}

func (c *checker) actionElement(s *statement) {
	if len(s.action) == 0 {
		at := s.brace()
		for _, element := range []string{"Action", "NotAction"} {
			if m, ok := s.members[element]; ok {
				at = m.value
			}
		}
		c.refuse("MISSING_ACTION", at, "the statement names no action")
	}
	if s.notAction && c.kind == policy.ResourceControlPolicy {
		c.refuse("RCP_SYNTAX_ERROR_NOTACTION", s.name("NotAction"), "a resource control policy names the actions that it denies")
	}
	for i := range s.action {
		c.actionForm(&s.action[i])
	}
}

func (c *checker) resourceElement(s *statement) {
	has, not := s.members["Resource"], s.members["NotResource"]
	element := max(has.value.to, not.value.to) > 0
	switch {
	case element && c.kind == policy.TrustPolicy:
		c.refuse("ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE", s.name(present(has.value.to > 0, "Resource", "NotResource")), "a trust policy has no Resource: it is about the role it belongs to")
	case element && len(s.Resource)+len(s.NotResource) == 0, has.value.to > 0 && len(s.Resource) == 0, not.value.to > 0 && len(s.NotResource) == 0:
		c.refuse("MISSING_RESOURCE", s.members[present(has.value.to > 0 && len(s.Resource) == 0, "Resource", "NotResource")].value, "the statement names no resource")
	case !element && c.kind != policy.TrustPolicy && c.kind != policy.ResourcePolicy:
		c.refuse("MISSING_RESOURCE", s.brace(), "the statement has no Resource")
	}
	for i := range s.resource {
		c.resourceForm(&s.resource[i])
	}
}

// conditionKeys wants a prefix on every key.
func (c *checker) conditionKeys(s *statement) {
	for _, condition := range s.Conditions {
		if !strings.Contains(condition.Key.Text, ":") {
			name, ok := c.nearKey("aws:" + condition.Key.Text)
			f := c.refuse("INVALID_CONDITION_KEY_FORMAT", c.value(condition.Key), "the condition key %q is not of the form service:key%s", condition.Key.Text, meant(name, ok))
			c.repaired(f, name)
		}
	}
}
