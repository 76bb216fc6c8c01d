package policy

import (
	"maps"
	"slices"
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
}

// ExplainedPolicy is a policy that took part in a decision.
type ExplainedPolicy struct {
	Type       Type                 `json:"type"`
	Level      int                  `json:"level,omitempty"` // of an SCP or RCP, 1 is the organization's root
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
		for i, level := range p.RCPs {
			x.list(RCP, i+1, level)
		}
	}
	if x.scpsApply() {
		for i, level := range p.SCPs {
			x.list(SCP, i+1, level)
		}
	}
	x.list(Endpoint, 0, p.Endpoint)
	if p.Resource != nil {
		x.policy(Resource, 0, p.Resource)
	}
	if x.principal.hasPolicies() {
		x.list(Identity, 0, p.Identity)
		x.list(Boundary, 0, p.Boundary)
	}
	if x.principal.inAccount() {
		x.list(Session, 0, p.Session)
	}
}

func (x *explainer) list(t Type, level int, policies []*Policy) {
	for _, p := range policies {
		x.policy(t, level, p)
	}
}

func (x *explainer) policy(t Type, level int, p *Policy) {
	e := ExplainedPolicy{Type: t, Level: level, Name: p.name, Statements: []ExplainedStatement{}}
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
