package organizations

import (
	"errors"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/organizations"
	"github.com/writ-iam/writ/store"
)

// The feature sets of organizations.
const allFeatures, billing = "ALL", "CONSOLIDATED_BILLING"

// CreateOrganization makes the caller's account the management account of an
// organization. No policy type is enabled in its root yet.
func (s *Service) CreateOrganization(c *writ.Call, in *api.CreateOrganizationInput) (*api.CreateOrganizationOutput, error) {
	o := &organization{ID: newID("o-", 10), Partition: c.Scope.Partition, Management: c.Scope.Account,
		AllFeatures: value(in.FeatureSet) != billing, Root: newID("r-", 4), Created: c.Time}
	out := new(api.CreateOrganizationOutput)
	err := s.db.Update(c, func(tx *store.Tx) error {
		m := &member{Account: o.Management, Organization: o.ID, Parent: o.Root, Method: invited, Joined: c.Time}
		if err := members.Insert(tx, m); errors.Is(err, store.ErrExists) {
			return api.AlreadyInOrganizationException("The AWS account is already a member of an organization.")
		} else if err != nil {
			return err
		}
		if o.AllFeatures {
			if err := mayLink(c); err != nil {
				return err
			}
		}
		if err := errors.Join(organizations.Insert(tx, o), o.addFullAccess(tx), s.accounts.LinkRole(tx, o.Management, principal, c.Time)); err != nil {
			return err
		}
		var err error
		out.Organization, err = s.shape(tx, o)
		return err
	})
	return out, err
}

// DescribeOrganization is open to every member.
func (s *Service) DescribeOrganization(c *writ.Call, _ *api.DescribeOrganizationInput) (*api.DescribeOrganizationOutput, error) {
	out := new(api.DescribeOrganizationOutput)
	err := s.read(c, func(tx *store.Tx, o *organization) (err error) {
		out.Organization, err = s.shape(tx, o)
		return err
	})
	return out, err
}

func (s *Service) shape(tx *store.Tx, o *organization) (*api.Organization, error) {
	a, err := s.accounts.Account(tx, o.Management)
	if err != nil {
		return nil, err
	}
	return &api.Organization{Id: &o.ID, Arn: new(o.arn()), FeatureSet: new(o.featureSet()),
		MasterAccountId: &o.Management, MasterAccountArn: new(o.nodeARN(o.Management)), MasterAccountEmail: &a.Email,
		AvailablePolicyTypes: o.available()}, nil
}

func (o *organization) featureSet() string {
	if o.AllFeatures {
		return allFeatures
	}
	return billing
}

// available is what DescribeOrganization tells of policy types: it knows of one
// (API reference: "Do not use. This field is deprecated").
func (o *organization) available() []api.PolicyTypeSummary {
	if !o.AllFeatures {
		return []api.PolicyTypeSummary{}
	}
	return []api.PolicyTypeSummary{{Type: new(scp), Status: new(enabled)}}
}

const enabled = "ENABLED"

// DeleteOrganization leaves its management account alone. Everybody else must
// have left before, and nothing may be in the tree.
func (s *Service) DeleteOrganization(c *writ.Call, _ *api.DeleteOrganizationInput) (*api.DeleteOrganizationOutput, error) {
	err := s.change(c, func(tx *store.Tx, o *organization) error {
		if err := s.bury(tx, c, o, members.ScanBy(tx, "organization", store.K(o.ID))); err != nil {
			return err
		}
		accounts, err := members.CountBy(tx, "organization", store.K(o.ID))
		if err != nil {
			return err
		}
		inTree, err := units.Count(tx, store.K(o.ID))
		if err != nil {
			return err
		}
		if accounts > 1 || inTree > 0 {
			return api.OrganizationNotEmptyException("The organization isn't empty. To delete an organization, you must first remove all accounts except the management account, delete all OUs, and delete all policies.")
		}
		return o.erase(tx)
	})
	return &api.DeleteOrganizationOutput{}, err
}

// erase deletes everything that an organization is.
func (o *organization) erase(tx *store.Tx) error {
	return errors.Join(
		organizations.Delete(tx, o.ID), members.Delete(tx, o.Management),
		clear(tx, policies, o.ID, func(p *orgPolicy) []any { return []any{p.Organization, p.ID} }),
		clear(tx, attachments, o.ID, func(a *attachment) []any { return []any{a.Organization, a.Target, a.Type, a.Policy} }),
		clear(tx, creations, o.ID, func(c *creation) []any { return []any{c.Organization, c.ID} }),
		clear(tx, handshakes, o.ID, func(h *handshake) []any { return []any{h.Organization, h.ID} }),
		clear(tx, closures, o.ID, func(c *closure) []any { return []any{c.Organization, c.Account} }),
		clear(tx, trusted, o.ID, func(t *trustedAccess) []any { return []any{t.Organization, t.Service} }),
		clear(tx, delegates, o.ID, func(d *delegate) []any { return []any{d.Organization, d.Account} }),
		clear(tx, resourcePolicies, o.ID, func(p *resourcePolicy) []any { return []any{p.Organization} }),
		clear(tx, tags, o.ID, func(t *tag) []any { return []any{t.Organization, t.Resource, t.Key} }),
	)
}

// clear deletes the records of an organization.
func clear[R any](tx *store.Tx, table *store.Table[R], organization string, key func(*R) []any) error {
	for r, err := range table.Scan(tx, store.K(organization)) {
		if err == nil {
			err = table.Delete(tx, key(r)...)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
