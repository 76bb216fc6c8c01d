package validate

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/writ-iam/writ/policy"
)

const currentVersion = "2012-10-17"

// whole is the place of what concerns the document as a whole: its opening brace.
func (c *checker) whole() span {
	from := c.src.next(0, "")
	return span{from, min(from+1, len(c.src))}
}

// version wants the current version of the language. Managed policies and those
// of organizations can be written in no other.
func (c *checker) version() {
	members := c.src.members(c.whole().from)
	if m, ok := members["Statement"]; !ok {
		c.refuse("MISSING_STATEMENT", c.whole(), "the document has no Statement")
	} else if len(c.doc.Statements) == 0 && c.src[m.value.from] == '[' && c.faults[m.value.from] == nil {
		c.refuse("MISSING_STATEMENT", members["Statement"].value, "the document has no statement")
	}
	report := c.report
	switch c.kind {
	case policy.ManagedPolicy, policy.ServiceControlPolicy, policy.ResourceControlPolicy:
		report = c.refuse
	}
	v, ok := members["Version"]
	switch {
	case !ok:
		report("MISSING_VERSION", c.whole(), "without a Version the document is of version 2008-10-17, which has no variables; add \"Version\": %q", currentVersion)
	case c.doc.Version == "2008-10-17":
		c.repaired(report("DEPRECATED_VERSION", v.value, "version 2008-10-17 of the policy language is out of date: it has no variables"), currentVersion)
	}
}

// sids wants every statement to have a name of its own, or none.
func (c *checker) sids() {
	seen := map[string]bool{}
	for _, s := range c.doc.Statements {
		c.at = s.Index
		at, ok := c.src.members(s.Start.Offset)["Sid"]
		switch {
		case !ok:
			continue
		case s.Sid == "" && c.src[at.value.from] == '"':
			c.report("EMPTY_SID_VALUE", at.value, "the Sid is empty: give it a value or leave it out")
		case seen[s.Sid]:
			c.refuse("UNIQUE_SIDS_REQUIRED", at.value, "another statement has the Sid %q", s.Sid)
		}
		seen[s.Sid] = true
	}
	c.at = -1
}

// quota is how long the documents of a kind may be (IAM User Guide, "IAM and AWS
// STS quotas"; AWS Organizations User Guide, "Quotas").
type quota struct {
	code       string
	characters int
	spaces     bool // count too
}

var quotas = map[policy.Kind]quota{
	policy.IdentityPolicy:        {"POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA", 10240, false}, // of a role, which may have most
	policy.ManagedPolicy:         {"POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA", 6144, false},
	policy.SessionPolicy:         {"POLICY_SIZE_EXCEEDS_SESSION_POLICY_QUOTA", 2048, true},
	policy.TrustPolicy:           {"POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA", 2048, false},
	policy.ResourcePolicy:        {"POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA", 20480, true}, // of a bucket
	policy.EndpointPolicy:        {"POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA", 20480, false},
	policy.ServiceControlPolicy:  {"POLICY_SIZE_EXCEEDS_SCP_QUOTA", 10240, true},
	policy.ResourceControlPolicy: {"POLICY_SIZE_EXCEEDS_RCP_QUOTA", 5120, true},
}

// size counts the characters of the document, without white space where AWS
// leaves it out.
func (c *checker) size() {
	q := quotas[c.kind]
	n := utf8.RuneCountInString(string(c.src))
	if !q.spaces {
		n = utf8.RuneCountInString(strings.Join(strings.FieldsFunc(string(c.src), unicode.IsSpace), ""))
	}
	if n > q.characters {
		c.report(q.code, c.whole(), "the document has %d characters, and its quota is %d", n, q.characters)
	}
}
