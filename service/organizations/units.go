package organizations

import (
	"errors"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/organizations"
	"github.com/writ-iam/writ/store"
)

func (s *Service) CreateOrganizationalUnit(c *writ.Call, in *api.CreateOrganizationalUnitInput) (*api.CreateOrganizationalUnitOutput, error) {
	out := new(api.CreateOrganizationalUnitOutput)
	suffix := newID("-", 8)
	err := s.change(c, func(tx *store.Tx, o *organization) error {
		above, err := o.within(tx, in.ParentId)
		if err != nil {
			return or(err, noParent())
		}
		u := &unit{Organization: o.ID, ID: "ou-" + o.Root[len("r-"):] + suffix, Parent: in.ParentId, Name: in.Name, Above: above}
		if err := s.room(tx, o, u); err != nil {
			return err
		}
		if err := sameName(units.Insert(tx, u)); err != nil {
			return err
		}
		out.OrganizationalUnit = o.unitShape(u)
		return errors.Join(o.welcome(tx, u.ID), s.setTags(tx, o, u.ID, in.Tags))
	})
	return out, err
}

// room refuses a unit too many or too deep.
func (s *Service) room(tx *store.Tx, o *organization, u *unit) error {
	if len(u.path()) > s.quotas["UnitDepth"] {
		return constraint("OU_DEPTH_LIMIT_EXCEEDED", "You have exceeded the number of levels of organizational units allowed in your organization.")
	}
	n, err := units.Count(tx, store.K(o.ID))
	if err == nil && n >= s.quotas["UnitsPerOrganization"] {
		err = constraint("OU_NUMBER_LIMIT_EXCEEDED", "You have exceeded the number of organizational units allowed in your organization.")
	}
	return err
}

func sameName(err error) error {
	if errors.Is(err, store.ErrExists) {
		return api.DuplicateOrganizationalUnitException("An OU with the same name already exists.")
	}
	return err
}

func noParent() error {
	return api.ParentNotFoundException("You specified a parent that doesn't exist.")
}

func (s *Service) DescribeOrganizationalUnit(c *writ.Call, in *api.DescribeOrganizationalUnitInput) (*api.DescribeOrganizationalUnitOutput, error) {
	out := new(api.DescribeOrganizationalUnitOutput)
	err := s.read(c, func(tx *store.Tx, o *organization) error {
		u, err := o.unit(tx, in.OrganizationalUnitId)
		if err == nil {
			out.OrganizationalUnit = o.unitShape(u)
		}
		return err
	})
	return out, err
}

func (s *Service) UpdateOrganizationalUnit(c *writ.Call, in *api.UpdateOrganizationalUnitInput) (*api.UpdateOrganizationalUnitOutput, error) {
	out := new(api.UpdateOrganizationalUnitOutput)
	err := s.change(c, func(tx *store.Tx, o *organization) error {
		u, err := o.unit(tx, in.OrganizationalUnitId)
		if err != nil {
			return err
		}
		if in.Name != nil {
			u.Name = *in.Name
		}
		out.OrganizationalUnit = o.unitShape(u)
		return sameName(units.Put(tx, u))
	})
	return out, err
}

func (s *Service) DeleteOrganizationalUnit(c *writ.Call, in *api.DeleteOrganizationalUnitInput) (*api.DeleteOrganizationalUnitOutput, error) {
	err := s.change(c, func(tx *store.Tx, o *organization) error {
		u, err := o.unit(tx, in.OrganizationalUnitId)
		if err != nil {
			return err
		}
		if err := s.bury(tx, c, o, members.ScanBy(tx, "parent", store.K(o.ID, u.ID))); err != nil {
			return err
		}
		if err := o.empty(tx, u.ID); err != nil {
			return err
		}
		return errors.Join(units.Delete(tx, o.ID, u.ID), o.forget(tx, u.ID))
	})
	return &api.DeleteOrganizationalUnitOutput{}, err
}

// empty refuses to take a unit away from what is in it.
func (o *organization) empty(tx *store.Tx, id string) error {
	in := store.K(o.ID, id)
	accounts, _, err := members.PageBy(tx, "parent", in, nil, 1)
	if err != nil {
		return err
	}
	below, _, err := units.PageBy(tx, "parent", in, nil, 1)
	if err == nil && len(accounts)+len(below) > 0 {
		err = api.OrganizationalUnitNotEmptyException("The specified organizational unit (OU) is not empty. Move all accounts to another root or to other OUs, remove all child OUs, and try the operation again.")
	}
	return err
}

// forget deletes what is kept about something that has left the tree.
func (o *organization) forget(tx *store.Tx, id string) error {
	for a, err := range attachments.Scan(tx, store.K(o.ID, id)) {
		if err == nil {
			err = attachments.Delete(tx, a.Organization, a.Target, a.Type, a.Policy)
		}
		if err != nil {
			return err
		}
	}
	return errors.Join(or(delegates.Delete(tx, o.ID, id), nil), untagAll(tx, o, id))
}

func (s *Service) ListOrganizationalUnitsForParent(c *writ.Call, in *api.ListOrganizationalUnitsForParentInput) (*api.ListOrganizationalUnitsForParentOutput, error) {
	out := new(api.ListOrganizationalUnitsForParentOutput)
	err := s.read(c, func(tx *store.Tx, o *organization) error {
		rows, next, err := s.unitsBelow(tx, c, o, in.ParentId, paging{in.NextToken, in.MaxResults})
		if err != nil {
			return err
		}
		out.NextToken = next
		out.OrganizationalUnits, err = each(rows, func(u *unit) (api.OrganizationalUnit, error) { return *o.unitShape(u), nil })
		return err
	})
	return out, err
}

func (s *Service) unitsBelow(tx *store.Tx, c *writ.Call, o *organization, parent string, p paging) ([]*unit, *string, error) {
	if _, err := o.within(tx, parent); err != nil {
		return nil, nil, or(err, noParent())
	}
	return turn(s, c, p, []string{parent, unitType}, func(after store.Key, limit int) ([]*unit, store.Key, error) {
		return units.PageBy(tx, "parent", store.K(o.ID, parent), after, limit)
	})
}

func (o *organization) unitShape(u *unit) *api.OrganizationalUnit {
	return &api.OrganizationalUnit{Id: &u.ID, Arn: new(o.nodeARN(u.ID)), Name: &u.Name, Path: new(o.pathOf(u.path()))}
}

// pathOf is the path of something in the tree as aws:PrincipalOrgPaths has it:
// "o-…/r-…/ou-…/".
func (o *organization) pathOf(units []string) string {
	path := o.ID + "/" + o.Root + "/"
	for _, id := range units {
		path += id + "/"
	}
	return path
}
