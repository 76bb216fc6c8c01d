package policy

import (
	"slices"
	"strings"
)

// This file says a decision as SimulatePrincipalPolicy and SimulateCustomPolicy
// do (IAM API Reference, EvaluationResult). Where the reference is silent, it
// follows answers that AWS is known to have given.

// Simulation is the EvaluationResult of one action. Its fields, and those of
// what it holds, are named as AWS's members.
type Simulation struct {
	EvalActionName                    string
	EvalResourceName                  string
	EvalDecision                      Decision
	MatchedStatements                 []MatchedStatement
	MissingContextValues              []string                           // here if the resource is "*", else with the resource
	OrganizationsDecisionDetail       *OrganizationsDecisionDetail       `json:",omitempty"` // nil without SCPs
	PermissionsBoundaryDecisionDetail *PermissionsBoundaryDecisionDetail `json:",omitempty"` // nil without a boundary
	EvalDecisionDetails               map[string]Decision                `json:",omitzero"`  // by kind of policy, if accounts are crossed; nil if the resource is "*" or an SCP refuses
	ResourceSpecificResults           []ResourceSpecificResult           `json:",omitempty"` // nil if the resource is "*"
}

// ResourceSpecificResult is the part of a Simulation about one resource.
type ResourceSpecificResult struct {
	EvalResourceName                  string
	EvalResourceDecision              Decision
	MatchedStatements                 []MatchedStatement
	MissingContextValues              []string
	EvalDecisionDetails               map[string]Decision                `json:",omitzero"`
	PermissionsBoundaryDecisionDetail *PermissionsBoundaryDecisionDetail `json:",omitempty"`
}

// MatchedStatement is a statement that made the decision (Statement in the IAM
// API). It starts where what stands before it ends: at the bracket, or at the
// statement before it.
type MatchedStatement struct {
	SourcePolicyId   string // the name of the Policy
	SourcePolicyType string // IAM Policy, Resource Policy, Permissions Boundary Policy
	StartPosition    LineColumn
	EndPosition      LineColumn
}

// LineColumn is a Position in the IAM API, both counted from 1.
type LineColumn struct{ Line, Column int }

// OrganizationsDecisionDetail tells of service control policies.
type OrganizationsDecisionDetail struct{ AllowedByOrganizations bool }

// PermissionsBoundaryDecisionDetail tells of the permissions boundary.
type PermissionsBoundaryDecisionDetail struct{ AllowedByPermissionsBoundary bool }

// sources are the words for the policies that a simulation shows.
var sources = map[Type]string{Identity: "IAM Policy", Resource: "Resource Policy", Boundary: "Permissions Boundary Policy"}

// Simulate decides the request and says it as the policy simulator does.
func (p *Policies) Simulate(r *Request) *Simulation {
	x := simulator{p, r, newEvaluation(p, r), p.Explain(r)}
	s := &Simulation{
		EvalActionName:                    r.Action,
		EvalResourceName:                  r.Resource,
		EvalDecision:                      x.Decision,
		MatchedStatements:                 x.matched(),
		MissingContextValues:              []string{},
		OrganizationsDecisionDetail:       x.organizations(),
		PermissionsBoundaryDecisionDetail: x.boundary(),
	}
	if r.Resource == star {
		s.MissingContextValues = append(s.MissingContextValues, x.MissingKeys...)
		return s
	}
	if s.OrganizationsDecisionDetail == nil || s.OrganizationsDecisionDetail.AllowedByOrganizations {
		s.EvalDecisionDetails = x.details()
	}
	s.ResourceSpecificResults = []ResourceSpecificResult{{
		EvalResourceName:                  r.Resource,
		EvalResourceDecision:              x.Decision,
		MatchedStatements:                 s.MatchedStatements,
		MissingContextValues:              append([]string{}, x.MissingKeys...),
		EvalDecisionDetails:               s.EvalDecisionDetails,
		PermissionsBoundaryDecisionDetail: s.PermissionsBoundaryDecisionDetail,
	}}
	return s
}

// JoinSimulations makes one result of those of one action on several resources,
// under the name that stands for all of them. It is allowed if all are. The list
// must not be empty.
func JoinSimulations(name string, list []*Simulation) *Simulation {
	joined := *list[0]
	joined.EvalResourceName = name
	joined.MatchedStatements, joined.ResourceSpecificResults = nil, nil
	for _, s := range list {
		joined.EvalDecision = stricter(joined.EvalDecision, s.EvalDecision)
		joined.ResourceSpecificResults = append(joined.ResourceSpecificResults, s.ResourceSpecificResults...)
	}
	joined.MatchedStatements = []MatchedStatement{}
	for _, s := range list {
		for _, m := range s.MatchedStatements {
			if s.EvalDecision == joined.EvalDecision && !slices.Contains(joined.MatchedStatements, m) {
				joined.MatchedStatements = append(joined.MatchedStatements, m)
			}
		}
	}
	return &joined
}

// stricter orders ExplicitDeny before ImplicitDeny before Allow.
func stricter(a, b Decision) Decision {
	if a == ExplicitDeny || b == Allow {
		return a
	}
	return b
}

// simulator gathers a Simulation.
type simulator struct {
	policies *Policies
	request  *Request
	evaluation
	*Explanation
}

// matched lists the statements that determine the result: those that deny, or
// else those that allow. None do if an Allow was lacking.
func (x *simulator) matched() []MatchedStatement {
	list := []MatchedStatement{}
	effect, ok := map[Decision]effect{Allow: allow, ExplicitDeny: deny}[x.Decision]
	if !ok || x.By == Always || x.By == Root {
		return list
	}
	p := x.policies
	if p.Resource != nil {
		list = x.matchedIn(list, Resource, effect, []*Policy{p.Resource})
	}
	if x.principal.hasPolicies() {
		list = x.matchedIn(list, Identity, effect, p.Identity)
		list = x.matchedIn(list, Boundary, effect, p.Boundary)
	}
	return list
}

func (x *simulator) matchedIn(list []MatchedStatement, t Type, effect effect, policies []*Policy) []MatchedStatement {
	for _, p := range policies {
		doc := p.Document()
		if doc == nil {
			continue
		}
		for _, s := range doc.Statements {
			c := compileStatement(doc, s, func(Problem) {})
			if !c.never && c.effect == effect && c.mismatch(&x.evaluation, t) == none {
				list = append(list, MatchedStatement{p.name, sources[t], lineColumn(doc.before(s)), lineColumn(s.End)})
			}
		}
	}
	return list
}

// before returns where what stands before the statement ends. A statement that
// is not in a list starts after its own brace.
func (d *Document) before(s *Statement) Position {
	text := strings.TrimRight(d.src[:s.Start.Offset], " \t\r\n,")
	end := len(text)
	if strings.HasSuffix(text, ":") {
		end = s.Start.Offset + 1
	}
	l := lexer{src: d.src}
	return l.position(end)
}

func lineColumn(p Position) LineColumn { return LineColumn{p.Line, p.Column} }

// organizations tells whether each level of SCPs allows and none denies.
func (x *simulator) organizations() *OrganizationsDecisionDetail {
	levels := x.policies.SCPs
	if levels == nil {
		return nil
	}
	allowed := true
	for _, level := range levels {
		allowed = allowed && x.allows(SCP, level)
	}
	return &OrganizationsDecisionDetail{allowed || !x.scpsApply()}
}

func (x *simulator) boundary() *PermissionsBoundaryDecisionDetail {
	if x.policies.Boundary == nil || !x.principal.hasPolicies() {
		return nil
	}
	return &PermissionsBoundaryDecisionDetail{x.allows(Boundary, x.policies.Boundary)}
}

// details tells what each side says if the caller and the resource are of
// different accounts. Within one account there are no details.
func (x *simulator) details() map[string]Decision {
	details := map[string]Decision{}
	if x.crossAccount() {
		details[sources[Identity]] = Allow
		if !x.principal.isRoot() {
			details[sources[Identity]] = x.says(Identity, x.policies.Identity)
		}
		details[sources[Resource]] = ImplicitDeny
		if x.policies.Resource != nil {
			details[sources[Resource]] = x.says(Resource, []*Policy{x.policies.Resource})
		}
	}
	return details
}

// says decides by some policies alone.
func (x *simulator) says(t Type, policies []*Policy) Decision {
	if x.find(t, deny, policies).Policy != nil {
		return ExplicitDeny
	}
	if x.find(t, allow, policies).Policy != nil {
		return Allow
	}
	return ImplicitDeny
}

func (x *simulator) allows(t Type, policies []*Policy) bool { return x.says(t, policies) == Allow }
