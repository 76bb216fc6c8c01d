package policy

import (
	"cmp"
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
// under the name that stands for all of them. It is that of the resource which
// fares worst, with the results of each. The list must not be empty.
func JoinSimulations(name string, list []*Simulation) *Simulation {
	joined := *slices.MinFunc(list, func(a, b *Simulation) int { return cmp.Compare(favour[a.EvalDecision], favour[b.EvalDecision]) })
	joined.EvalResourceName = name
	joined.MatchedStatements, joined.ResourceSpecificResults = []MatchedStatement{}, nil
	seen := map[MatchedStatement]bool{}
	for _, s := range list {
		joined.ResourceSpecificResults = append(joined.ResourceSpecificResults, s.ResourceSpecificResults...)
		for _, m := range s.MatchedStatements {
			if s.EvalDecision == joined.EvalDecision && !seen[m] {
				seen[m] = true
				joined.MatchedStatements = append(joined.MatchedStatements, m)
			}
		}
	}
	return &joined
}

// favour orders decisions, the worst first.
var favour = [...]int{ExplicitDeny: 0, ImplicitDeny: 1, Allow: 2}

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
	effect := map[Decision]string{Allow: effectAllow, ExplicitDeny: effectDeny}[x.Decision]
	if x.By == Always || x.By == Root {
		return list
	}
	list = x.matchedIn(list, Resource, effect, []*Policy{x.policies.Resource})
	list = x.matchedIn(list, Identity, effect, x.policies.Identity)
	return x.matchedIn(list, Boundary, effect, x.policies.Boundary)
}

// matchedIn adds those of one type, whose policies are explained in their order
// if they took part.
func (x *simulator) matchedIn(list []MatchedStatement, t Type, effect string, policies []*Policy) []MatchedStatement {
	for _, e := range x.Explanation.Policies {
		if e.Type != t {
			continue
		}
		doc := policies[0].Document()
		policies = policies[1:]
		for _, s := range e.Statements {
			if s.Matched && s.Effect == effect {
				list = append(list, MatchedStatement{e.Name, sources[t], lineColumn(doc.before(s.Start)), lineColumn(s.End)})
			}
		}
	}
	return list
}

// before returns where what stands before a statement ends. A statement that is
// not in a list starts after its own brace.
func (d *Document) before(start Position) Position {
	text := strings.TrimRight(d.src[:start.Offset], " \t\r\n,")
	end := len(text)
	if strings.HasSuffix(text, ":") {
		end = start.Offset + 1
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
	for i := range levels {
		allowed = allowed && x.says(SCP, i+1) == Allow
	}
	return &OrganizationsDecisionDetail{allowed || !x.scpsApply()}
}

func (x *simulator) boundary() *PermissionsBoundaryDecisionDetail {
	if x.policies.Boundary == nil || !x.principal.hasPolicies() {
		return nil
	}
	return &PermissionsBoundaryDecisionDetail{x.says(Boundary, 0) == Allow}
}

// details tells what each side says if the caller and the resource are of
// different accounts. Within one account there are no details.
func (x *simulator) details() map[string]Decision {
	details := map[string]Decision{}
	if x.crossAccount() {
		details[sources[Identity]] = Allow
		if !x.principal.isRoot() {
			details[sources[Identity]] = x.says(Identity, 0)
		}
		details[sources[Resource]] = x.says(Resource, 0)
	}
	return details
}

// says decides by the policies of one type, or of one level of it, alone.
func (x *simulator) says(t Type, level int) Decision {
	d := ImplicitDeny
	for _, p := range x.Explanation.Policies {
		if p.Type != t || p.Level != level {
			continue
		}
		if p.Error != "" {
			return ExplicitDeny
		}
		for _, s := range p.Statements {
			switch {
			case s.Matched && s.Effect == effectDeny:
				return ExplicitDeny
			case s.Matched:
				d = Allow
			}
		}
	}
	return d
}
