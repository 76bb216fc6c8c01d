package policy

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Kind says what a document is written for, and so what its grammar demands.
type Kind uint8

const (
	IdentityPolicy        Kind = iota // inline policy of a user, group or role
	ManagedPolicy                     // the same, in the current version of the language
	SessionPolicy                     // of AssumeRole and GetFederationToken
	TrustPolicy                       // of a role
	ResourcePolicy                    // of any other resource
	EndpointPolicy                    // of a VPC endpoint
	ServiceControlPolicy              // of an organization
	ResourceControlPolicy             // of an organization
)

// GrammarError is the first thing that keeps a document from being stored.
type GrammarError struct {
	Pos Position // zero if the document as a whole is meant
	Msg string   // AWS's text
}

// Error gives AWS's text alone: it is the message of MalformedPolicyDocument.
func (e *GrammarError) Error() string { return e.Msg }

// ParseAs parses and checks a document that is about to be stored. The error
// is a *GrammarError, also for a text that is not JSON.
func ParseAs(kind Kind, src []byte) (*Document, error) {
	d, err := Parse(src)
	var syntax *SyntaxError
	if errors.As(err, &syntax) {
		return nil, &GrammarError{Position{syntax.Offset, syntax.Line, syntax.Column}, grammars[kind].texts.json}
	}
	if err := d.Check(kind); err != nil {
		return nil, err
	}
	return d, nil
}

// Check is the strict test of a document that is about to be stored. The
// error is a *GrammarError, whose text is the message that AWS gives.
func (d *Document) Check(kind Kind) error {
	c := checker{Document: d, grammar: &grammars[kind]}
	if e := c.check(); e != nil {
		return e
	}
	return nil
}

// checker compares a document with a grammar.
type checker struct {
	*Document
	*grammar
}

func (c *checker) check() *GrammarError {
	if e := c.structure(); e != nil {
		return e
	}
	if len(c.Statements) == 0 {
		return &GrammarError{Msg: c.texts.noStatement}
	}
	if c.current && c.Version != version2012 {
		return &GrammarError{Msg: c.texts.outdated}
	}
	for _, s := range c.Statements {
		if e := c.statement(s); e != nil {
			return e
		}
	}
	return c.sids()
}

// structure tells the first thing that the parser or compiler did not understand.
func (c *checker) structure() *GrammarError {
	for _, p := range c.Problems() {
		if p.fault != badValue {
			return &GrammarError{p.Pos, c.texts.of(p)}
		}
		if strings.HasPrefix(p.Element, "Date") || strings.HasSuffix(p.Element, "IpAddress") {
			return &GrammarError{p.Pos, "The policy failed legacy parsing"}
		}
	}
	return nil
}

func (c *checker) sids() *GrammarError {
	seen := map[string]bool{}
	for _, s := range c.Statements {
		if s.Sid != "" && seen[s.Sid] {
			return &GrammarError{s.Start, c.texts.sameSid}
		}
		seen[s.Sid] = true
	}
	return nil
}

// statement checks one statement against each rule of the grammar.
func (c *checker) statement(s *Statement) *GrammarError {
	checks := []func(*Statement) string{c.effect, c.exclusive, c.principals, c.actions, c.resources, c.keys}
	for _, check := range checks {
		if msg := check(s); msg != "" {
			return &GrammarError{s.Start, msg}
		}
	}
	return nil
}

func (c *checker) effect(s *Statement) string {
	if s.Effect == "" {
		return c.texts.missing("Effect")
	}
	if c.denyOnly && s.Effect != effectDeny {
		return c.texts.syntax
	}
	return c.sid(s)
}

// sid allows letters and digits only, where IAM does.
func (c *checker) sid(s *Statement) string {
	if c.plainSid && strings.ContainsFunc(s.Sid, func(r rune) bool { return !isAlphanumeric(r) }) {
		return "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"
	}
	return ""
}

// exclusive refuses an element beside its opposite.
func (c *checker) exclusive(s *Statement) string {
	if s.Action != nil && s.NotAction != nil || s.Resource != nil && s.NotResource != nil || s.Principal != nil && s.NotPrincipal != nil {
		return c.texts.syntax
	}
	return ""
}

func (c *checker) principals(s *Statement) string {
	switch {
	case c.principal == forbidden && s.Principal != nil:
		return c.texts.prohibited("Principal")
	case c.principal == forbidden && s.NotPrincipal != nil:
		return c.texts.prohibited("NotPrincipal")
	case c.principal == forbidden:
		return ""
	case s.NotPrincipal != nil && s.Effect == effectAllow:
		return "Allow with NotPrincipal is not allowed."
	case s.NotPrincipal != nil && c.principal != required:
		return c.texts.prohibited("NotPrincipal")
	case s.Principal == nil && s.NotPrincipal == nil:
		return c.texts.missing("Principal")
	case len(s.Principal)+len(s.NotPrincipal) == 0:
		return "Missing required field Principal cannot be empty!"
	}
	return c.names(s)
}

// names checks the principals one by one.
func (c *checker) names(s *Statement) string {
	for _, p := range s.Principal {
		switch {
		case c.principal == everyone && (p.Kind != star || p.Text != star):
			return c.texts.syntax
		case c.principal == object && p.Kind == star:
			return `AssumeRolepolicy contained an invalid principal: "STAR":"*".`
		}
	}
	for _, p := range slices.Concat(s.Principal, s.NotPrincipal) {
		if _, problem := parsePrincipal(p); problem != "" && !isUniqueID(p) {
			return fmt.Sprintf("Invalid principal in policy: %q:%q", strings.ToUpper(p.Kind), p.Text)
		}
	}
	return ""
}

// isUniqueID lets through what IAM puts in the place of ARNs.
func isUniqueID(p PrincipalValue) bool {
	return p.Kind == "AWS" && len(p.Text) == 21 && (strings.HasPrefix(p.Text, "AIDA") || strings.HasPrefix(p.Text, "AROA"))
}

func (c *checker) actions(s *Statement) string {
	actions := slices.Concat(s.Action, s.NotAction)
	if len(actions) == 0 {
		return c.texts.missing("Action")
	}
	if s.NotAction != nil && c.denyOnly {
		return c.texts.syntax
	}
	for _, a := range actions {
		if msg := c.action(a.Text); msg != "" {
			return msg
		}
	}
	return ""
}

func (c *checker) action(action string) string {
	vendor, name, ok := strings.Cut(action, ":")
	switch {
	case c.principal == object && !strings.EqualFold(vendor, "sts"):
		return "AssumeRole policy may only specify STS AssumeRole actions."
	case c.denyOnly && vendor == star:
		return c.texts.syntax
	case action == star:
		return ""
	case !ok:
		return "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
	case strings.Contains(name, ":"):
		return "Actions/Condition can contain only one colon."
	case !isVendor(vendor):
		return fmt.Sprintf("Vendor %s is not valid", vendor)
	}
	return ""
}

func isVendor(s string) bool {
	return s == star || s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !isAlphanumeric(r) && r != '-' && r != '.' })
}

func isAlphanumeric(r rune) bool {
	return '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z'
}

func (c *checker) resources(s *Statement) string {
	switch {
	case c.resource == forbidden && s.Resource != nil:
		return c.texts.prohibited("Resource")
	case c.resource == forbidden && s.NotResource != nil:
		return c.texts.prohibited("NotResource")
	case c.resource == required && len(s.Resource)+len(s.NotResource) == 0:
		return c.texts.missing("Resource")
	case s.Resource != nil && len(s.Resource) == 0 || s.NotResource != nil && len(s.NotResource) == 0:
		return c.texts.missing("Resource")
	}
	for _, r := range slices.Concat(s.Resource, s.NotResource) {
		if msg := checkResource(r.Text); msg != "" {
			return msg
		}
	}
	return ""
}

func checkResource(resource string) string {
	if resource == star {
		return ""
	}
	f := strings.SplitN(resource, ":", 6)
	switch {
	case len(f) == 1:
		return fmt.Sprintf(`Resource %s must be in ARN format or "*".`, resource)
	case f[0] != "arn" || f[1] != star && !slices.Contains(partitions, f[1]):
		rest := append(f[2:], "*", "*", "*", "*")[:4]
		return fmt.Sprintf(`Partition "%s" is not valid for resource "arn:%s:%s".`, f[1], f[1], strings.Join(rest, ":"))
	case len(f) == 2 || len(f) == 3 && f[2] != "":
		return "Resource vendor must be fully qualified and cannot contain regexes."
	case f[2] == "" || len(f) < 6 && strings.Contains(resource, "::"):
		return "The policy failed legacy parsing"
	}
	return ""
}

// partitions are all that AWS has.
var partitions = []string{"aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"}

func (c *checker) keys(s *Statement) string {
	for _, condition := range s.Conditions {
		if !strings.Contains(condition.Key.Text, ":") {
			return "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
		}
	}
	return ""
}
