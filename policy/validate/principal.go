package validate

import (
	"regexp"
	"slices"
	"strings"

	"github.com/writ-iam/writ/policy"
)

// principalForms checks the principals that a statement names, one by one.
func (c *checker) principalForms(s *statement) {
	if !c.wantsPrincipal() {
		return
	}
	seen := map[string]bool{}
	for _, p := range slices.Concat(s.Principal, s.NotPrincipal) {
		c.principal(s, p)
		if seen[p.Kind+p.Text] {
			c.report("REDUNDANT_PRINCIPAL", c.value(p.Value), "the principal %q stands here twice", p.Text)
		}
		seen[p.Kind+p.Text] = true
	}
}

var (
	uniqueID    = regexp.MustCompile(`^(AIDA|AROA)[A-Z0-9]{17}$`)
	iamEntity   = regexp.MustCompile(`^arn:[a-z-]+:(iam|sts)::\d{12}:(root$|user/|role/|assumed-role/|federated-user/)`)
	serviceForm = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)+$`)
)

func (c *checker) principal(s *statement, p policy.PrincipalValue) {
	at := c.value(p.Value)
	switch {
	case c.kind == policy.ResourceControlPolicy:
		if p.Kind != "*" || p.Text != "*" {
			c.refuse("RCP_SYNTAX_ERROR_PRINCIPAL", at, `the Principal of a resource control policy must be "*"; limit it by conditions`)
		}
	case p.Kind == "*" && c.kind == policy.TrustPolicy:
		c.refuse("ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL", at, `a trust policy names principals by their type: {"AWS": %q}`, p.Text)
	case p.Kind == "*" || !slices.Contains(principalKinds, p.Kind):
	case p.Text == "*" && p.Kind == "CanonicalUser", strings.ContainsAny(p.Text, "*?") && p.Text != "*" && p.Kind == "AWS":
		c.refuse("UNSUPPORTED_WILDCARD_IN_PRINCIPAL", at, "wildcards do not match parts of a principal; limit \"*\" by a condition on aws:PrincipalArn")
	case p.Text == "":
		c.refuse("INVALID_PRINCIPAL_FORMAT", at, "the principal is empty")
	case p.Kind == "AWS":
		c.awsPrincipal(p.Text, at)
	case p.Kind == "Service" && p.Text != "*" && !serviceForm.MatchString(p.Text):
		c.report("INVALID_SERVICE_PRINCIPAL_FORMAT", at, "a service's principal is like lambda.amazonaws.com, and not %q", p.Text)
	}
}

func (c *checker) awsPrincipal(text string, at span) {
	switch {
	case text == "*" || digits(text) && len(text) == 12 || iamEntity.MatchString(text):
	case uniqueID.MatchString(text):
		code := map[string]string{"AIDA": "INVALID_USER_REFERENCE", "AROA": "INVALID_ROLE_REFERENCE"}[text[:4]]
		c.report(code, at, "%s is the id of a user or role that was deleted, or will be taken for one; write its ARN", text)
	case !strings.HasPrefix(text, "arn:"):
		c.refuse("INVALID_PRINCIPAL_FORMAT", at, "the principal %q is neither an account nor an ARN", text)
	default:
		c.report("INVALID_PRINCIPAL_FORMAT", at, "no caller is %s: principals are accounts, users, roles and their sessions", text)
	}
}

// roles checks what is particular to trust policies: each kind of principal has
// its own action to assume a role.
func (c *checker) roles(s *statement) {
	if c.kind != policy.TrustPolicy || !s.allows {
		return
	}
	for _, p := range s.Principal {
		want := assumes(p)
		if want != "" && !s.assumes(want) && s.assumesAny() {
			c.report("MISMATCHED_ACTION_FOR_PRINCIPAL", c.value(p.Value), "a principal of type %s assumes roles with sts:%s, which the statement does not have", p.Kind, want)
		}
	}
	c.federated(s)
}

// assumes gives the action with which a principal assumes roles.
func assumes(p policy.PrincipalValue) string {
	switch {
	case p.Kind == "AWS" || p.Kind == "Service":
		return "AssumeRole"
	case p.Kind != "Federated" || p.Text == "*":
		return ""
	case strings.Contains(p.Text, ":saml-provider/"):
		return "AssumeRoleWithSAML"
	}
	return "AssumeRoleWithWebIdentity"
}

func (s *statement) assumes(name string) bool {
	return slices.ContainsFunc(s.action, func(a action) bool { return a.names("sts:" + name) })
}

// assumesAny reports whether the statement is about assuming the role at all.
func (s *statement) assumesAny() bool {
	return s.assumes("AssumeRole") || s.assumes("AssumeRoleWithSAML") || s.assumes("AssumeRoleWithWebIdentity")
}

// federated wants a condition on the token of each OIDC provider: its audience is
// whoever registers with the provider, and its subjects are everybody there.
func (c *checker) federated(s *statement) {
	for _, p := range s.Principal {
		if p.Kind != "Federated" || assumes(p) != "AssumeRoleWithWebIdentity" || !s.assumes("AssumeRoleWithWebIdentity") {
			continue
		}
		issuer := p.Text
		if _, after, ok := strings.Cut(p.Text, ":oidc-provider/"); ok {
			issuer = after
		}
		switch {
		case !s.tests(issuer + ":"):
			c.report("MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL", c.value(p.Value), "whoever has a token of %s can assume the role; add conditions on %s:aud and %s:sub", issuer, issuer, issuer)
		case shared[issuer] && !s.tests(issuer+":sub") && !s.tests(issuer+":repository") && !s.tests(issuer+":job_workflow_ref"):
			c.report("MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL", c.value(p.Value), "%s gives tokens to everybody's projects; add a condition on %s:sub", issuer, issuer)
		}
	}
}

// shared are providers whose tokens for one audience everybody can get.
var shared = map[string]bool{
	"token.actions.githubusercontent.com": true,
	"gitlab.com":                          true,
	"app.terraform.io":                    true,
	"agent.buildkite.com":                 true,
}

// tests reports whether some condition is about a key that begins so.
func (s *statement) tests(prefixes ...string) bool {
	return slices.ContainsFunc(s.Conditions, func(condition policy.Condition) bool {
		key := strings.ToLower(condition.Key.Text)
		return slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(key, strings.ToLower(prefix)) })
	})
}

// everybody gives the value that makes the statement about everybody.
func (s *statement) everybody() (policy.PrincipalValue, bool) {
	i := slices.IndexFunc(s.Principal, func(p policy.PrincipalValue) bool { return p.Text == "*" && (p.Kind == "*" || p.Kind == "AWS") })
	if i < 0 {
		return policy.PrincipalValue{}, false
	}
	return s.Principal[i], true
}
