package ec2

import (
	"errors"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/ec2"
	"github.com/writ-iam/writ/store"
)

// States of associations. Like those of instances they are reached at once; the
// answer alone tells of the way.
const (
	associating    = "associating"
	associated     = "associated"
	disassociating = "disassociating"
)

func (i *instance) associationShape(state string) *api.IamInstanceProfileAssociation {
	return &api.IamInstanceProfileAssociation{AssociationId: &i.Profile.ID, InstanceId: &i.ID, IamInstanceProfile: i.Profile.shape(), State: &state}
}

// AssociateIamInstanceProfile gives an instance that has none a profile, and so
// a role, while it runs.
func (s *Service) AssociateIamInstanceProfile(c *writ.Call, in *api.AssociateIamInstanceProfileInput) (*api.AssociateIamInstanceProfileOutput, error) {
	var shape *api.IamInstanceProfileAssociation
	id := newID(associationKind.prefix)
	err := s.db.Update(c, func(tx *store.Tx) error {
		i, err := liveInstance(tx, c, in.InstanceId)
		if err != nil {
			return err
		}
		if i.Profile != nil {
			return fault("IncorrectState", "There is an existing association for instance %s", i.ID)
		}
		shape, err = s.give(tx, c, i, in.IamInstanceProfile, id)
		return err
	})
	return &api.AssociateIamInstanceProfileOutput{IamInstanceProfileAssociation: shape}, err
}

// give associates an instance with the profile that a request must name.
func (s *Service) give(tx *store.Tx, c *writ.Call, i *instance, spec api.IamInstanceProfileSpecification, id string) (shape *api.IamInstanceProfileAssociation, err error) {
	if i.Profile, err = s.associate(tx, c, &spec, id); err != nil {
		return nil, err
	}
	if i.Profile == nil {
		return nil, missing("IamInstanceProfile")
	}
	return i.associationShape(associating), instances.Put(tx, i)
}

// ReplaceIamInstanceProfileAssociation gives a running instance another profile.
// The association is another one then.
func (s *Service) ReplaceIamInstanceProfileAssociation(c *writ.Call, in *api.ReplaceIamInstanceProfileAssociationInput) (*api.ReplaceIamInstanceProfileAssociationOutput, error) {
	var shape *api.IamInstanceProfileAssociation
	id := newID(associationKind.prefix)
	err := s.db.Update(c, func(tx *store.Tx) error {
		i, err := findAssociation(tx, c, in.AssociationId)
		if err != nil {
			return err
		}
		if i.State != StateRunning {
			return fault("IncorrectState", "The association %s is not the active association", in.AssociationId)
		}
		shape, err = s.give(tx, c, i, in.IamInstanceProfile, id)
		return err
	})
	return &api.ReplaceIamInstanceProfileAssociationOutput{IamInstanceProfileAssociation: shape}, err
}

func (s *Service) DisassociateIamInstanceProfile(c *writ.Call, in *api.DisassociateIamInstanceProfileInput) (*api.DisassociateIamInstanceProfileOutput, error) {
	var shape *api.IamInstanceProfileAssociation
	err := s.db.Update(c, func(tx *store.Tx) error {
		i, err := findAssociation(tx, c, in.AssociationId)
		if err != nil {
			return err
		}
		shape = i.associationShape(disassociating)
		i.Profile = nil
		return instances.Put(tx, i)
	})
	return &api.DisassociateIamInstanceProfileOutput{IamInstanceProfileAssociation: shape}, err
}

// findAssociation finds the instance that an association is of.
func findAssociation(tx *store.Tx, c *writ.Call, id string) (*instance, error) {
	if err := associationKind.check(id); err != nil {
		return nil, err
	}
	i, err := instances.By(tx, "association", c.Scope.Account, c.Scope.Region, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, associationKind.absent(id)
	}
	return i, err
}

func (s *Service) DescribeIamInstanceProfileAssociations(c *writ.Call, in *api.DescribeIamInstanceProfileAssociationsInput) (*api.DescribeIamInstanceProfileAssociationsOutput, error) {
	all, err := view(s, c, func(tx *store.Tx) (all []api.IamInstanceProfileAssociation, err error) {
		rows, err := shown(tx, c)
		for _, i := range rows {
			if i.Profile != nil {
				all = append(all, *i.associationShape(associated))
			}
		}
		byID(all, associationListing.id)
		return all, err
	})
	if err != nil {
		return nil, err
	}
	all, next, err := associationListing.answer(s, c, all, in.AssociationIds, in.Filters, paging{max: in.MaxResults, token: in.NextToken})
	return &api.DescribeIamInstanceProfileAssociationsOutput{IamInstanceProfileAssociations: all, NextToken: next}, err
}

var associationListing = listing[api.IamInstanceProfileAssociation]{associationKind, func(a *api.IamInstanceProfileAssociation) string { return *a.AssociationId },
	fields[api.IamInstanceProfileAssociation]{
		"instance-id": func(a *api.IamInstanceProfileAssociation) []string { return one(a.InstanceId) },
		"state":       func(a *api.IamInstanceProfileAssociation) []string { return one(a.State) },
	}, nil}
