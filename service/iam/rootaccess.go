package iam

import (
	"errors"
	"slices"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// rootAccess says in which ways an organization manages the root users of its
// members (IAM User Guide, "Centrally manage root access for member accounts").
type rootAccess struct {
	Organization string
	Features     []string // sorted
}

var rootAccesses = store.NewTable("iam/root-access",
	func(a *rootAccess) store.Key { return store.K(a.Organization) })

// The features: credentials of root users may be looked at and deleted; locked
// buckets and queues may be opened.
const (
	rootCredentials = "RootCredentialsManagement"
	rootSessions    = "RootSessions"
)

func (s *Service) EnableOrganizationsRootCredentialsManagement(c *writ.Call, _ *api.EnableOrganizationsRootCredentialsManagementInput) (*api.EnableOrganizationsRootCredentialsManagementOutput, error) {
	a, err := s.enable(c, rootCredentials)
	return &api.EnableOrganizationsRootCredentialsManagementOutput{OrganizationId: &a.Organization, EnabledFeatures: a.Features}, err
}

func (s *Service) EnableOrganizationsRootSessions(c *writ.Call, _ *api.EnableOrganizationsRootSessionsInput) (*api.EnableOrganizationsRootSessionsOutput, error) {
	a, err := s.enable(c, rootSessions)
	return &api.EnableOrganizationsRootSessionsOutput{OrganizationId: &a.Organization, EnabledFeatures: a.Features}, err
}

func (s *Service) DisableOrganizationsRootCredentialsManagement(c *writ.Call, _ *api.DisableOrganizationsRootCredentialsManagementInput) (*api.DisableOrganizationsRootCredentialsManagementOutput, error) {
	a, err := s.disable(c, rootCredentials)
	return &api.DisableOrganizationsRootCredentialsManagementOutput{OrganizationId: &a.Organization, EnabledFeatures: a.Features}, err
}

func (s *Service) DisableOrganizationsRootSessions(c *writ.Call, _ *api.DisableOrganizationsRootSessionsInput) (*api.DisableOrganizationsRootSessionsOutput, error) {
	a, err := s.disable(c, rootSessions)
	return &api.DisableOrganizationsRootSessionsOutput{OrganizationId: &a.Organization, EnabledFeatures: a.Features}, err
}

func (s *Service) ListOrganizationsFeatures(c *writ.Call, _ *api.ListOrganizationsFeaturesInput) (*api.ListOrganizationsFeaturesOutput, error) {
	var a rootAccess
	err := s.db.View(c.Context, func(tx *store.Tx) error {
		o, err := s.managed(tx, c)
		if err != nil {
			return err
		}
		a, err = rootAccessOf(tx, o)
		return err
	})
	return &api.ListOrganizationsFeaturesOutput{OrganizationId: &a.Organization, EnabledFeatures: a.Features}, err
}

// enable is for the management account alone.
func (s *Service) enable(c *writ.Call, feature string) (rootAccess, error) {
	return s.changeRootAccess(c, func(o *writ.Organization, a *rootAccess) error {
		if c.Scope.Account != o.ManagementAccount {
			return api.CallerIsNotManagementAccountException("The request was rejected because the account making the request is not the management account for the organization.")
		}
		if !slices.Contains(a.Features, feature) {
			a.Features = append(a.Features, feature)
			slices.Sort(a.Features)
		}
		return nil
	})
}

func (s *Service) disable(c *writ.Call, feature string) (rootAccess, error) {
	return s.changeRootAccess(c, func(_ *writ.Organization, a *rootAccess) error {
		a.Features = slices.DeleteFunc(a.Features, func(f string) bool { return f == feature })
		return nil
	})
}

func (s *Service) changeRootAccess(c *writ.Call, change func(*writ.Organization, *rootAccess) error) (a rootAccess, err error) {
	err = s.db.Update(c, func(tx *store.Tx) error {
		o, err := s.managed(tx, c)
		if err != nil {
			return err
		}
		if a, err = rootAccessOf(tx, o); err != nil {
			return err
		}
		if err := change(o, &a); err != nil {
			return err
		}
		return rootAccesses.Put(tx, &a)
	})
	return a, err
}

// rootAccessOf is a copy of the record, or one without features.
func rootAccessOf(tx *store.Tx, o *writ.Organization) (rootAccess, error) {
	a, err := rootAccesses.Get(tx, o.ID)
	if errors.Is(err, store.ErrNotFound) {
		return rootAccess{Organization: o.ID}, nil
	}
	if err != nil {
		return rootAccess{}, err
	}
	return rootAccess{a.Organization, slices.Clone(a.Features)}, nil
}
