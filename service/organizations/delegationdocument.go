package organizations

import (
	"slices"
	"strings"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/catalogue"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// delegationDocument reads a policy that is to delegate (Organizations User Guide,
// "Delegated administrator for AWS Organizations"), with users and roles by their
// unique ids: members of the organization may read it all and manage policies.
func (s *Service) delegationDocument(tx *store.Tx, c *writ.Call, o *organization, content string) (*policy.Document, error) {
	doc, err := policy.ParseAs(policy.ResourcePolicy, []byte(content))
	if err != nil {
		return nil, invalid("INVALID_RESOURCE_POLICY_JSON", "%s", err)
	}
	for _, st := range doc.Statements {
		if err := o.delegable(c, st); err != nil {
			return nil, err
		}
	}
	return doc.MapPrincipals(func(principal string) (string, error) { return s.delegatee(tx, o, principal) })
}

// delegable refuses a statement about more than can be delegated. What it leaves
// open could become more than its writer knew.
func (o *organization) delegable(c *writ.Call, st *policy.Statement) error {
	switch {
	case st.NotAction != nil || st.NotResource != nil || st.Resource == nil:
		return invalid("INVALID_RESOURCE_POLICY_JSON", "A resource policy must name its actions and resources, by Action and Resource.")
	case slices.ContainsFunc(st.Principal, func(p policy.PrincipalValue) bool { return p.Kind != "AWS" }) || st.NotPrincipal != nil:
		return invalidPrincipal()
	case slices.ContainsFunc(st.Action, func(v policy.Value) bool { return !isDelegable(v.Text) }):
		return invalid("UNSUPPORTED_ACTION_IN_RESOURCE_POLICY", "You specified an action that is not supported in a resource policy.")
	case slices.ContainsFunc(st.Resource, func(v policy.Value) bool { return !o.has(v.Text) }):
		return invalid("UNSUPPORTED_RESOURCE_IN_RESOURCE_POLICY", "You specified a resource that is not supported in a resource policy.")
	case slices.ContainsFunc(st.Conditions, func(on policy.Condition) bool { return !aboutTypes(c, on) }):
		return invalid("UNSUPPORTED_POLICY_TYPE_IN_RESOURCE_POLICY", "You specified a policy type that is not supported in a resource policy.")
	}
	return nil
}

func invalidPrincipal() error {
	return invalid("INVALID_PRINCIPAL", "You specified an invalid principal element in the policy.")
}

// isDelegable says whether all that a pattern of actions stands for may be
// delegated.
func isDelegable(pattern string) bool {
	all, _ := catalogue.LookupService("organizations")
	some := false
	for _, a := range all.Actions {
		if !arn.MatchFold(pattern, "organizations:"+a.Name) {
			continue
		}
		if a.Access != "Read" && a.Access != "List" && !slices.Contains(delegableWrites, a.Name) {
			return false
		}
		some = true
	}
	return some
}

// delegableWrites are what members may be let change.
var delegableWrites = []string{"AttachPolicy", "CreatePolicy", "DeletePolicy", "DetachPolicy", "DisablePolicyType",
	"EnablePolicyType", "TagResource", "UntagResource", "UpdatePolicy"}

// has says whether a pattern of ARNs is about the organization.
func (o *organization) has(pattern string) bool {
	if pattern == "*" {
		return true
	}
	a, err := arn.Parse(pattern)
	if err != nil || a.Partition != o.Partition || a.Service != "organizations" || a.Region != "" {
		return false
	}
	return a.Account == o.Management || a.Account == "aws" && strings.HasPrefix(a.Resource, "policy/")
}

// aboutTypes says whether a condition, where it names types of policies, names
// some that there are.
func aboutTypes(c *writ.Call, on policy.Condition) bool {
	if !strings.EqualFold(on.Key.Text, policyTypeKey) {
		return true
	}
	types := c.Operation.Service.Shapes["PolicyType"].Enum
	for _, v := range on.Values {
		if v.Text != "true" && v.Text != "false" && !slices.ContainsFunc(types, func(t string) bool { return arn.Match(v.Text, t) }) {
			return false
		}
	}
	return true
}

// delegatee is how a principal is kept: one of a member account.
func (s *Service) delegatee(tx *store.Tx, o *organization, principal string) (string, error) {
	account := principal
	if a, err := arn.Parse(principal); err == nil {
		account = a.Account
	}
	_, err := o.holds(tx, account)
	switch {
	case err != nil:
		return "", or(err, invalidPrincipal())
	case account == o.Management:
		return "", invalidPrincipal()
	}
	id, err := s.accounts.StoredPrincipal(tx, o.Partition, principal)
	return id, or(err, invalidPrincipal())
}
