package organizations

import (
	"errors"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/organizations"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// resourcePolicy is the one policy that an organization delegates by.
type resourcePolicy struct {
	Organization string
	ID           string // rp-…
	Content      string // with users and roles by their unique ids
}

var resourcePolicies = store.NewTable("organizations/resource-policy",
	func(p *resourcePolicy) store.Key { return store.K(p.Organization) })

// PutResourcePolicy makes the policy or puts other content into it.
func (s *Service) PutResourcePolicy(c *writ.Call, in *api.PutResourcePolicyInput) (*api.PutResourcePolicyOutput, error) {
	id := newID("rp-", 8)
	out := new(api.PutResourcePolicyOutput)
	err := s.change(c, func(tx *store.Tx, o *organization) error {
		if err := o.needAllFeatures(); err != nil {
			return err
		}
		doc, err := s.delegationDocument(tx, c, o, in.Content)
		if err != nil {
			return err
		}
		p, err := resourcePolicies.Get(tx, o.ID)
		switch {
		case errors.Is(err, store.ErrNotFound):
			p = &resourcePolicy{Organization: o.ID, ID: id}
		case err != nil:
			return err
		case len(in.Tags) > 0:
			return invalid("TARGET_NOT_SUPPORTED", "You can only specify tags when you create the resource policy. To tag one that exists, use TagResource.")
		}
		p.Content = doc.Source()
		if err := errors.Join(resourcePolicies.Put(tx, p), s.setTags(tx, o, p.ID, in.Tags)); err != nil {
			return err
		}
		out.ResourcePolicy, err = s.resourcePolicyShape(tx, o, p)
		return err
	})
	return out, err
}

func (s *Service) DescribeResourcePolicy(c *writ.Call, _ *api.DescribeResourcePolicyInput) (*api.DescribeResourcePolicyOutput, error) {
	out := new(api.DescribeResourcePolicyOutput)
	err := s.read(c, func(tx *store.Tx, o *organization) error {
		p, err := resourcePolicies.Get(tx, o.ID)
		if err != nil {
			return or(err, noResourcePolicy())
		}
		out.ResourcePolicy, err = s.resourcePolicyShape(tx, o, p)
		return err
	})
	return out, err
}

func (s *Service) DeleteResourcePolicy(c *writ.Call, _ *api.DeleteResourcePolicyInput) (*api.DeleteResourcePolicyOutput, error) {
	err := s.change(c, func(tx *store.Tx, o *organization) error {
		p, err := resourcePolicies.Get(tx, o.ID)
		if err != nil {
			return or(err, noResourcePolicy())
		}
		return errors.Join(resourcePolicies.Delete(tx, o.ID), untagAll(tx, o, p.ID))
	})
	return &api.DeleteResourcePolicyOutput{}, err
}

func noResourcePolicy() error {
	return api.ResourcePolicyNotFoundException("We can't find a resource policy for your organization.")
}

func (s *Service) resourcePolicyShape(tx *store.Tx, o *organization, p *resourcePolicy) (*api.ResourcePolicy, error) {
	doc, err := s.shown(tx, p)
	if err != nil {
		return nil, err
	}
	return &api.ResourcePolicy{Content: new(doc.Source()),
		ResourcePolicySummary: &api.ResourcePolicySummary{Id: &p.ID, Arn: new(o.arnOf("resourcepolicy", p.ID))}}, nil
}

// shown is the policy as people read it.
func (s *Service) shown(tx *store.Tx, p *resourcePolicy) (*policy.Document, error) {
	doc, err := policy.Parse([]byte(p.Content))
	if err != nil {
		return nil, err
	}
	return doc.MapPrincipals(func(stored string) (string, error) { return s.accounts.ShownPrincipal(tx, stored) })
}
