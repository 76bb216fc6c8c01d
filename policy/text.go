package policy

import (
	"fmt"
	"strings"
)

// Reason gives the clause with which AWS ends an AccessDenied message,
// "because no identity-based policy allows the iam:GetUser action" or "with an
// explicit deny in a permissions boundary" (IAM User Guide, "Troubleshoot
// access denied error messages"). It is "" if the Result allows.
func (r Result) Reason(q *Request) string {
	if r.Decision == Allow {
		return ""
	}
	kind := kinds[r.By]
	if r.By == Resource && isTrust(q) {
		kind = policyKind{"the", "role trust policy"}
	}
	if r.Decision == ExplicitDeny {
		return "with an explicit deny in " + kind.article + " " + kind.name
	}
	return "because no " + kind.name + " allows the " + q.Action + " action"
}

// isTrust reports whether the resource's policy is a trust policy.
func isTrust(q *Request) bool {
	s := serviceOf(q.Action)
	return s.name == "sts" && s.own.MatchARN(q.Resource)
}

type policyKind struct{ article, name string }

// kinds are the words for the types that can deny.
var kinds = [...]policyKind{
	Identity: {"an", "identity-based policy"},
	Resource: {"a", "resource-based policy"},
	Boundary: {"a", "permissions boundary"},
	Session:  {"a", "session policy"},
	SCP:      {"a", "service control policy"},
	RCP:      {"a", "resource control policy"},
	Endpoint: {"a", "VPC endpoint policy"},
}

// Text tells the explanation to a person: the decision, then policy by policy
// what became of each statement.
func (x *Explanation) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s by %s: %s on %s\n", x.Decision, x.By, x.Action, x.Resource)
	if a := x.Across; a != nil {
		fmt.Fprintf(&b, "from account %s to account %s: both have to allow it\n", a.From, a.To)
		if !a.Open {
			b.WriteString("the resource has no policy that could let other accounts in\n")
		}
	}
	if x.Lacking != "" {
		fmt.Fprintf(&b, "no service control policy at %s allows it\n", x.Lacking)
	}
	if len(x.Policies) == 0 {
		b.WriteString("no policy says anything about this principal or this resource\n")
	}
	for _, p := range x.Policies {
		p.write(&b)
	}
	if len(x.MissingKeys) > 0 {
		fmt.Fprintf(&b, "keys that the request does not have: %s\n", strings.Join(x.MissingKeys, ", "))
	}
	return b.String()
}

func (p *ExplainedPolicy) write(b *strings.Builder) {
	fmt.Fprintf(b, "%s policy %s", p.Type, p.Name)
	if p.Level > 0 {
		fmt.Fprintf(b, " (%s)", levelName(p.Level, p.Target))
	}
	b.WriteString("\n")
	if p.Error != "" {
		fmt.Fprintf(b, "  denies, as it does not parse: %s\n", p.Error)
	}
	for _, problem := range p.Problems {
		fmt.Fprintf(b, "  problem at %s\n", problem)
	}
	for i := range p.Statements {
		p.Statements[i].write(b)
	}
}

func (s *ExplainedStatement) write(b *strings.Builder) {
	fmt.Fprintf(b, "  %s statement %d", s.Start, s.Index+1)
	if s.Sid != "" {
		fmt.Fprintf(b, " %q", s.Sid)
	}
	fmt.Fprintf(b, " (%s): ", s.Effect)
	switch {
	case s.Decided:
		b.WriteString("matches and decides\n")
	case s.Matched:
		b.WriteString("matches\n")
	default:
		b.WriteString("does not match\n")
	}
	for _, m := range s.Mismatches {
		fmt.Fprintf(b, "    %s\n", m)
	}
}

// String tells the mismatch on one line.
func (m Mismatch) String() string {
	name := m.Element
	if m.Operator != "" {
		name = fmt.Sprintf("%s %s %s", m.Element, m.Operator, m.Key)
	}
	if m.Reason != "" {
		return name + ": " + m.Reason
	}
	request := quoted(m.Request)
	if m.Request == nil {
		request = "nothing"
	}
	return fmt.Sprintf("%s: the statement has %s, the request %s", name, quoted(m.Policy), request)
}

// shown is how many values of a list are told; AWS's own policies list hundreds
// of actions in a statement.
const shown = 12

func quoted(values []string) string {
	if len(values) <= shown {
		return fmt.Sprintf("%q", values)
	}
	text := fmt.Sprintf("%q", values[:shown])
	return fmt.Sprintf("%s and %d more]", strings.TrimSuffix(text, "]"), len(values)-shown)
}
