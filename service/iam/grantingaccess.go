package iam

import (
	"slices"
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/catalogue"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// ListPoliciesGrantingServiceAccess lists for each service which policies of a
// user (and its groups), group or role let it do anything there. As in AWS only
// these policies count: no boundary, no session, no resource policy.
func (s *Service) ListPoliciesGrantingServiceAccess(c *writ.Call, in *api.ListPoliciesGrantingServiceAccessInput) (*api.ListPoliciesGrantingServiceAccessOutput, error) {
	var all []owned
	err := s.db.View(c.Context, func(tx *store.Tx) error {
		h, e, err := findSource(tx, c, in.Arn)
		if err == nil {
			all, err = s.ownedBy(tx, h, e)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &api.ListPoliciesGrantingServiceAccessOutput{PoliciesGrantingServiceAccess: []api.ListPoliciesGrantingServiceAccessEntry{}}
	names, truncated, marker, err := part(s, c, paging{marker: in.Marker}, in.Arn, in.ServiceNamespaces)
	for _, name := range names {
		out.PoliciesGrantingServiceAccess = append(out.PoliciesGrantingServiceAccess,
			api.ListPoliciesGrantingServiceAccessEntry{ServiceNamespace: &name, Policies: grantingAccess(all, name)})
	}
	out.IsTruncated, out.Marker = &truncated, marker
	return out, err
}

// grantingAccess are the policies that allow an action of the service which none
// of them denies on everything.
func grantingAccess(all []owned, namespace string) []api.PolicyGrantingServiceAccess {
	granting := []api.PolicyGrantingServiceAccess{}
	actions := openActions(all, namespace)
	for _, o := range all {
		if len(actions) > 0 && allowsAny(o.Policy, actions) {
			granting = append(granting, o.granting())
		}
	}
	return granting
}

// openActions are the actions of a service, but for those that are denied
// whatever the resource and the request. A policy that can't be read denies all.
func openActions(all []owned, namespace string) (open []string) {
	service, ok := catalogue.LookupService(namespace)
	if !ok {
		return nil
	}
	var denying []*policy.Statement
	for _, o := range all {
		doc := o.Document()
		if doc == nil {
			return nil
		}
		for _, s := range doc.Statements {
			if s.Effect == "Deny" && len(s.Conditions) == 0 && slices.ContainsFunc(s.Resource, func(v policy.Value) bool { return v.Text == "*" }) {
				denying = append(denying, s)
			}
		}
	}
	for i := range service.Actions {
		action := service.Prefix + ":" + service.Actions[i].Name
		if !slices.ContainsFunc(denying, func(s *policy.Statement) bool { return speaksOf(s, action) }) {
			open = append(open, action)
		}
	}
	return open
}

func allowsAny(p *policy.Policy, actions []string) bool {
	return slices.ContainsFunc(p.Document().Statements, func(s *policy.Statement) bool {
		return s.Effect == "Allow" && slices.ContainsFunc(actions, func(action string) bool { return speaksOf(s, action) })
	})
}

// granting is a policy as the API shows it: a managed one by its ARN, an embedded
// one by what it is embedded in.
func (o *owned) granting() api.PolicyGrantingServiceAccess {
	if o.arn != "" {
		return api.PolicyGrantingServiceAccess{PolicyName: lastPart(o.arn), PolicyType: "MANAGED", PolicyArn: &o.arn}
	}
	return api.PolicyGrantingServiceAccess{PolicyName: o.Policy.Name(), PolicyType: "INLINE",
		EntityType: new(strings.ToUpper(o.kind.resource)), EntityName: &o.entity.Name}
}
