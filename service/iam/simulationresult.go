package iam

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/catalogue"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// page answers one result for each action, from the marker on. It ends early,
// as AWS allows itself to, when much has been read.
func (m *simulation) page(s *Service, c *writ.Call) (*api.SimulateCustomPolicyOutput, error) {
	scope := c.Scope.Account + "\x00" + c.Operation.Name
	from, err := s.offset(scope, value(m.in.Marker))
	if err != nil {
		return nil, err
	}
	actions := m.in.ActionNames[min(from, len(m.in.ActionNames)):]
	cost := len(m.resources) * m.cost()
	if cost > maxCost {
		return nil, api.InvalidInputException("The policies with the ResourceArns and the ContextEntries are too much to be simulated at once.")
	}
	limit := min(paging{maxItems: m.in.MaxItems}.limit(), max(1, pageCost/cost))
	out := &api.SimulateCustomPolicyOutput{EvaluationResults: []api.EvaluationResult{}, IsTruncated: new(len(actions) > limit)}
	if *out.IsTruncated {
		actions, out.Marker = actions[:limit], new(s.db.SealMarker(scope, store.K(uint64(from+limit))))
	}
	for _, action := range actions {
		result, err := m.result(c, action)
		if err != nil {
			return nil, err
		}
		out.EvaluationResults = append(out.EvaluationResults, evaluationResult(result))
	}
	return out, nil
}

// What it costs, in bytes, to make a result, to show a statement in it, and to
// compare or copy a context value.
const resultCost, statementCost, valueCost = 1 << 10, 1 << 8, 1 << 6

// cost is about how many bytes are read, compared and answered to decide one
// action on one resource: a condition compares each of its values with each of
// the context's.
func (m *simulation) cost() int {
	all := slices.Concat(m.policies.Identity, m.policies.Boundary)
	if m.policies.Resource != nil {
		all = append(all, m.policies.Resource)
	}
	n := resultCost
	for _, values := range m.context.All() {
		n += len(values) * valueCost
	}
	for _, p := range all {
		doc := p.Document()
		if doc == nil {
			continue // it can't be read: it denies, whatever is asked
		}
		n += len(doc.Source()) + len(doc.Statements)*statementCost
		for _, s := range doc.Statements {
			for _, c := range s.Conditions {
				values, _ := m.context.Get(c.Key.Text)
				n += len(values) * len(c.Values) * valueCost
			}
		}
	}
	return n
}

// result decides one action on all resources.
func (m *simulation) result(c *writ.Call, action string) (*policy.Simulation, error) {
	var all []*policy.Simulation
	for _, resource := range m.resources {
		if err := c.Context.Err(); err != nil {
			return nil, err
		}
		all = append(all, m.decide(action, resource))
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return policy.JoinSimulations(m.together(action), all), nil
}

// decide decides one action on one resource.
func (m *simulation) decide(action, resource string) *policy.Simulation {
	r := &policy.Request{Principal: m.principal, Action: action, Resource: resource, ResourceAccount: m.ownerOf(resource), Context: m.context}
	p := *m.policies
	if p.Resource == nil && r.ResourceAccount == m.principal.Account {
		p.Resource = m.unsaid
	}
	m.limit(r, &p)
	return p.Simulate(r)
}

func (m *simulation) ownerOf(resource string) string {
	if a, err := arn.Parse(resource); err == nil && isAccountID(a.Account) {
		return a.Account
	}
	return m.owner
}

// delegated is the name of the policy that stands for one which was not given.
const delegated = ""

// delegating is the policy of a resource that leaves it to its account who may
// use it. The simulator asks identity policies alone if it is given none of a
// resource, also where roles and keys really decide for themselves.
func delegating(account string) *policy.Policy {
	return policy.Load(delegated, fmt.Appendf(nil, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":%q},"Action":"*","Resource":"*"}}`, account))
}

// together is the name that stands for several resources of an action: the form
// of the ARNs of a type that the first of them fits.
func (m *simulation) together(action string) string {
	service, name, _ := strings.Cut(action, ":")
	known, ok := catalogue.LookupService(service)
	if !ok {
		return "*"
	}
	a, ok := known.Action(name)
	if !ok {
		return "*"
	}
	partition, _, _ := strings.Cut(strings.TrimPrefix(m.resources[0], "arn:"), ":")
	for _, r := range a.Resources {
		if t, ok := known.ResourceType(r.Type); ok && arn.MatchARN(placeholder.ReplaceAllString(t.ARN, "*"), m.resources[0]) {
			return strings.Replace(t.ARN, "${Partition}", partition, 1)
		}
	}
	return "*"
}

// placeholder is what a form of ARNs leaves open.
var placeholder = regexp.MustCompile(`\$\{[^}]*\}`)

// evaluationResult is a simulation as the API shows it.
func evaluationResult(x *policy.Simulation) api.EvaluationResult {
	r := api.EvaluationResult{EvalActionName: x.EvalActionName, EvalResourceName: &x.EvalResourceName,
		EvalDecision: x.EvalDecision.String(), MatchedStatements: matchedStatements(x.MatchedStatements),
		MissingContextValues: x.MissingContextValues, PermissionsBoundaryDecisionDetail: boundaryDetail(x.PermissionsBoundaryDecisionDetail),
		EvalDecisionDetails: decisionDetails(x.EvalDecisionDetails)}
	if d := x.OrganizationsDecisionDetail; d != nil {
		r.OrganizationsDecisionDetail = &api.OrganizationsDecisionDetail{AllowedByOrganizations: &d.AllowedByOrganizations}
	}
	for i := range x.ResourceSpecificResults {
		r.ResourceSpecificResults = append(r.ResourceSpecificResults, specificResult(&x.ResourceSpecificResults[i]))
	}
	return r
}

func specificResult(x *policy.ResourceSpecificResult) api.ResourceSpecificResult {
	return api.ResourceSpecificResult{EvalResourceName: x.EvalResourceName, EvalResourceDecision: x.EvalResourceDecision.String(),
		MatchedStatements: matchedStatements(x.MatchedStatements), MissingContextValues: x.MissingContextValues,
		EvalDecisionDetails: decisionDetails(x.EvalDecisionDetails), PermissionsBoundaryDecisionDetail: boundaryDetail(x.PermissionsBoundaryDecisionDetail)}
}

// matchedStatements calls managed policies by their names, as AWS's simulator does.
func matchedStatements(all []policy.MatchedStatement) []api.Statement {
	shown := []api.Statement{}
	for _, m := range all {
		if m.SourcePolicyId == delegated {
			continue
		}
		if strings.HasPrefix(m.SourcePolicyId, "arn:") {
			m.SourcePolicyId = lastPart(m.SourcePolicyId)
		}
		shown = append(shown, api.Statement{SourcePolicyId: &m.SourcePolicyId, SourcePolicyType: &m.SourcePolicyType,
			StartPosition: &api.Position{Line: &m.StartPosition.Line, Column: &m.StartPosition.Column},
			EndPosition:   &api.Position{Line: &m.EndPosition.Line, Column: &m.EndPosition.Column}})
	}
	return shown
}

func decisionDetails(all map[string]policy.Decision) map[string]string {
	if all == nil {
		return nil
	}
	shown := make(map[string]string, len(all))
	for by, d := range all {
		shown[by] = d.String()
	}
	return shown
}

func boundaryDetail(d *policy.PermissionsBoundaryDecisionDetail) *api.PermissionsBoundaryDecisionDetail {
	if d == nil {
		return nil
	}
	return &api.PermissionsBoundaryDecisionDetail{AllowedByPermissionsBoundary: &d.AllowedByPermissionsBoundary}
}
