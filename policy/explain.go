package policy

import (
	"maps"
	"slices"
	"strconv"
)

// Explanation is a decision with everything that led to it. It can be
// marshaled to JSON.
type Explanation struct {
	Decision    Decision          `json:"decision"`
	By          Type              `json:"by"`
	Action      string            `json:"action"`
	Resource    string            `json:"resource"`
	Policies    []ExplainedPolicy `json:"policies"`              // those that took part, in the order in which they were asked
	MissingKeys []string          `json:"missingKeys,omitempty"` // that conditions and variables asked for, sorted
	Lacking     string            `json:"lacking,omitempty"`     // the level of SCPs, the first from the root, that has no Allow: "level 2, ou-ab12-11111111"
	Across      *Across           `json:"across,omitempty"`      // nil within an account
}

// Across tells of a request from account to account, which both have to allow.
type Across struct {
	From string `json:"from"` // the caller's account
	To   string `json:"to"`   // the resource's
	Open bool   `json:"open"` // the resource has a policy, without which it is its account's alone
}

// ExplainedPolicy is a policy that took part in a decision.
type ExplainedPolicy struct {
	Type       Type                 `json:"type"`
	Level      int                  `json:"level,omitempty"`  // of an SCP or RCP, 1 is the organization's root
	Target     string               `json:"target,omitempty"` // what it is attached to, if that is known
	Name       string               `json:"name"`
	Error      string               `json:"error,omitempty"` // why it does not parse, and so denies
	Problems   []Problem            `json:"problems,omitempty"`
	Statements []ExplainedStatement `json:"statements"`
}

// ExplainedStatement is how a statement fared.
type ExplainedStatement struct {
	Index      int        `json:"index"` // in the document, from 0
	Sid        string     `json:"sid,omitempty"`
	Effect     string     `json:"effect"`
	Start      Position   `json:"start"`
	End        Position   `json:"end"`
	Matched    bool       `json:"matched"`
	Decided    bool       `json:"decided,omitempty"`    // this is the statement of the Result
	Mismatches []Mismatch `json:"mismatches,omitempty"` // the first element that did not fit; of a Condition each part that did not
}

// Mismatch is why a statement did not match.
type Mismatch struct {
	Element  string   `json:"element"`            // Action, NotResource, Condition
	Operator string   `json:"operator,omitempty"` // of a Condition
	Key      string   `json:"key,omitempty"`      // of a Condition
	Policy   []string `json:"policy"`             // what the statement says, variables replaced
	Request  []string `json:"request"`            // what the request has; null if the key is missing
	Reason   string   `json:"reason,omitempty"`   // if the values do not tell
}

// Explain decides the request as Evaluate does and tells how each statement
// fared of every policy that takes part.
func (p *Policies) Explain(r *Request) *Explanation {
	e := newEvaluation(p, r)
	x := explainer{evaluation: &e, result: e.decide(), missing: map[string]bool{}}
	x.policies()
	return &Explanation{
		Decision:    x.result.Decision,
		By:          x.result.By,
		Action:      r.Action,
		Resource:    r.Resource,
		Policies:    x.explained,
		MissingKeys: slices.Sorted(maps.Keys(x.missing)),
		Lacking:     x.lacking(),
		Across:      x.across(),
	}
}

// explainer gathers an Explanation.
type explainer struct {
	*evaluation
	result    Result
	explained []ExplainedPolicy
	missing   map[string]bool
}

// policies explains those that take part, in the order in which decide asks them.
func (x *explainer) policies() {
	p := x.evaluation.policies
	if x.rcpsApply() {
		x.levels(RCP, p.RCPs, p.RCPTargets)
	}
	if x.scpsApply() {
		x.levels(SCP, p.SCPs, p.SCPTargets)
	}
	x.list(Endpoint, p.Endpoint)
	if p.Resource != nil {
		x.policy(ExplainedPolicy{Type: Resource}, p.Resource)
	}
	if x.principal.hasPolicies() {
		x.list(Identity, p.Identity)
		x.list(Boundary, p.Boundary)
	}
	if x.principal.inAccount() {
		x.list(Session, p.Session)
	}
}

func (x *explainer) levels(t Type, levels [][]*Policy, targets []string) {
	for i, level := range levels {
		e := ExplainedPolicy{Type: t, Level: i + 1, Target: targetOf(targets, i)}
		for _, p := range level {
			x.policy(e, p)
		}
	}
}

func targetOf(targets []string, level int) string {
	if level < len(targets) {
		return targets[level]
	}
	return ""
}

func (x *explainer) list(t Type, policies []*Policy) {
	for _, p := range policies {
		x.policy(ExplainedPolicy{Type: t}, p)
	}
}

// policy explains what a policy says, of which e tells where it stands.
func (x *explainer) policy(e ExplainedPolicy, p *Policy) {
	t := e.Type
	e.Name, e.Statements = p.name, []ExplainedStatement{}
	if p.err != nil {
		e.Error = p.err.Error()
		x.explained = append(x.explained, e)
		return
	}
	doc := p.Document()
	e.Problems = doc.Problems()
	for _, s := range doc.Statements {
		explained := explainStatement(x, doc, s, t)
		explained.Decided = x.result.Policy == p && x.result.By.includes(t) && int(x.result.statement) == s.Index
		e.Statements = append(e.Statements, explained)
	}
	x.explained = append(x.explained, e)
}

// includes reports whether a policy of type t may be behind a Result by b.
func (b Type) includes(t Type) bool {
	return b == t || b == IdentityAndResource && (t == Identity || t == Resource)
}

// lacking names the level of SCPs that lacked the Allow, "" if that was not it.
func (x *explainer) lacking() string {
	p := x.evaluation.policies
	if x.result.By != SCP || x.result.Decision != ImplicitDeny {
		return ""
	}
	i := slices.IndexFunc(p.SCPs, func(level []*Policy) bool { return !x.find(SCP, allow, level) })
	return levelName(i+1, targetOf(p.SCPTargets, i))
}

func levelName(level int, target string) string {
	name := "level " + strconv.Itoa(level)
	if target != "" {
		name += ", " + target
	}
	return name
}

func (x *explainer) across() *Across {
	if !x.principal.inAccount() || !x.crossAccount() {
		return nil
	}
	return &Across{x.principal.Account, x.owner(), x.evaluation.policies.Resource != nil}
}
