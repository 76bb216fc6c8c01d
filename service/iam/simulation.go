package iam

import (
	"slices"
	"strconv"
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/authz"
	"github.com/writ-iam/writ/policy"
)

// simulation is what a simulator's input asks, read and checked.
type simulation struct {
	in        *api.SimulateCustomPolicyInput
	account   string // of who asks
	principal *policy.Principal
	policies  *policy.Policies
	context   *policy.Context
	owner     string // account of resources whose ARNs name none
	resources []string
	over      *authz.Membership // of the source's account; nil if it is in no organization
	unsaid    *policy.Policy    // stands for the policies of resources that none was given of
}

// Bounds of our own on what one call may cost (see simulation.cost): AWS's are not known.
const (
	maxSimulatedResources = 1000
	pageCost              = 16 << 20  // of a page of results, if that is more than one
	maxCost               = 128 << 20 // of the result of one action
)

// simulate reads the input, to whose policies own is added, and answers one page.
func (s *Service) simulate(c *writ.Call, in *api.SimulateCustomPolicyInput, source *policy.Principal, own *policy.Policies, over *authz.Membership) (*api.SimulateCustomPolicyOutput, error) {
	m := &simulation{in: in, account: c.Scope.Account, principal: source, policies: own, over: over, context: new(policy.Context)}
	for _, read := range []func() error{m.readActions, m.readResources, m.readPolicies, m.readCaller, m.readOrganization, m.readContext, m.readOwner, m.readHandling} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	m.unsaid = delegating(m.principal.Account)
	return m.page(s, c)
}

// readActions wants "service:Name". The simulator decides single actions, no patterns.
func (m *simulation) readActions() error {
	for _, action := range m.in.ActionNames {
		service, name, ok := strings.Cut(action, ":")
		if !ok || service == "" || name == "" || strings.ContainsAny(action, "*? ") {
			return api.InvalidInputException("Invalid Input Actions: %q", action)
		}
	}
	return nil
}

func (m *simulation) readResources() error {
	m.resources = m.in.ResourceArns
	if len(m.resources) == 0 {
		m.resources = []string{"*"}
	}
	if len(m.resources) > maxSimulatedResources {
		return api.InvalidInputException("More than %d ResourceArns.", maxSimulatedResources)
	}
	for _, r := range m.resources {
		if _, err := arn.Parse(r); err != nil && r != "*" {
			return api.InvalidInputException("ResourceNames are not in a valid ARN format: %s.", r)
		}
	}
	return nil
}

// readPolicies adds the policies of the input to those that the source has.
func (m *simulation) readPolicies() error {
	given, err := compiled("PolicyInputList", m.in.PolicyInputList, policy.IdentityPolicy)
	if err != nil {
		return err
	}
	m.policies.Identity = append(m.policies.Identity, given...)
	if n := len(m.in.PermissionsBoundaryPolicyInputList); n > 1 {
		return api.InvalidInputException("Only one permissions boundary can be simulated, not %d.", n)
	} else if n == 1 {
		m.policies.Boundary, err = compiled("PermissionsBoundaryPolicyInputList", m.in.PermissionsBoundaryPolicyInputList, policy.IdentityPolicy)
		if err != nil {
			return err
		}
	}
	if m.in.ResourcePolicy == nil {
		return nil
	}
	if m.policies.Resource, err = resourcePolicy(*m.in.ResourcePolicy); err != nil {
		return err
	}
	return m.applicable()
}

func compiled(list string, texts []string, kind policy.Kind) ([]*policy.Policy, error) {
	var all []*policy.Policy
	for i, text := range texts {
		doc, err := policy.ParseAs(kind, []byte(text))
		if err != nil {
			return nil, api.InvalidInputException("%s", err)
		}
		all = append(all, policy.Compile(list+"."+strconv.Itoa(i+1), doc))
	}
	return all, nil
}

// resourcePolicy reads a resource's policy, which may be a role's trust policy.
func resourcePolicy(text string) (*policy.Policy, error) {
	doc, err := policy.ParseAs(policy.ResourcePolicy, []byte(text))
	if err != nil {
		if trust, asTrust := policy.ParseAs(policy.TrustPolicy, []byte(text)); asTrust == nil {
			doc, err = trust, nil
		}
	}
	if err != nil {
		return nil, api.InvalidInputException("%s", err)
	}
	return policy.Compile("ResourcePolicy", doc), nil
}

// applicable demands that the resource's policy speaks of each of the resources
// (API reference, SimulateCustomPolicy, ResourceArns). A trust policy names none.
func (m *simulation) applicable() error {
	var patterns []string
	for _, s := range m.policies.Resource.Document().Statements {
		if s.Resource == nil && s.NotResource == nil {
			return nil
		}
		patterns = append(patterns, resourcesOf(s)...)
	}
	for _, r := range m.resources {
		if r != "*" && !slices.ContainsFunc(patterns, func(pattern string) bool { return arn.Match(pattern, r) }) {
			return api.InvalidInputException("The ResourcePolicy is not applicable to the resource %s.", r)
		}
	}
	return nil
}

// readCaller puts another in the source's place: what is simulated is that the
// caller has the source's policies. A resource's policy needs somebody to name.
func (m *simulation) readCaller() error {
	m.context.Set("aws:PrincipalAccount", m.principal.Account)
	if m.in.CallerArn == nil {
		if m.policies.Resource != nil {
			return api.InvalidInputException("Invalid caller - Caller cannot be null or empty.")
		}
		return nil
	}
	h, a, err := holderOf(*m.in.CallerArn)
	if err != nil || h.kind == groupKind || !isAccountID(a.Account) {
		return api.InvalidInputException("Invalid caller - Caller must be an IAM user or role in this context.")
	}
	p := &policy.Principal{Type: policy.User, ARN: *m.in.CallerArn, Account: a.Account}
	if h.kind == roleKind {
		p.Type, p.RoleARN, p.ARN = policy.RoleSession, p.ARN, ""
	} else {
		m.context.Set("aws:username", lastPart(a.Resource))
	}
	m.principal = p
	m.context.Set("aws:PrincipalArn", *m.in.CallerArn)
	m.context.Set("aws:PrincipalAccount", a.Account)
	return nil
}

// readOwner wants the ARN of an account's root user.
func (m *simulation) readOwner() error {
	m.owner = m.principal.Account
	if m.in.ResourceOwner == nil {
		return nil
	}
	a, err := arn.Parse(*m.in.ResourceOwner)
	if err != nil || !isRoot(a) {
		return api.InvalidInputException("'%s' is not a valid as a Resource Owner.", *m.in.ResourceOwner)
	}
	m.owner = a.Account
	return nil
}

// launches are the kinds of EC2 resources that each way to run an instance needs
// (IAM API Reference, SimulatePrincipalPolicy, ResourceHandlingOption).
var launches = map[string][]string{
	"EC2-VPC-InstanceStore":        {"instance", "image", "security-group", "network-interface"},
	"EC2-VPC-InstanceStore-Subnet": {"instance", "image", "security-group", "network-interface", "subnet"},
	"EC2-VPC-EBS":                  {"instance", "image", "security-group", "network-interface", "volume"},
	"EC2-VPC-EBS-Subnet":           {"instance", "image", "security-group", "network-interface", "subnet", "volume"},
}

// readHandling demands all resources of the scenario that the input names.
func (m *simulation) readHandling() error {
	option := m.in.ResourceHandlingOption
	if option == nil {
		return nil
	}
	needed, known := launches[*option]
	if !known {
		return api.InvalidInputException("Invalid Resource Handling Option: %s", *option)
	}
	for _, kind := range needed {
		if !slices.ContainsFunc(m.resources, func(r string) bool { return arn.Match("arn:*:ec2:*:*:"+kind+"/*", r) }) {
			return api.InvalidInputException("%s needs a resource of type %s.", *option, kind)
		}
	}
	return nil
}
