package iam

import (
	"errors"
	"slices"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/authz"
	"github.com/writ-iam/writ/store"
)

// Organizations is the source of organizations.
type Organizations interface {
	// Organization returns the one that an account is in, with what it lets a
	// service do, store.ErrNotFound if it is in none.
	Organization(tx *store.Tx, account, service string) (*writ.Organization, error)
	// Membership returns what stands over an account, nil if it is in none.
	Membership(tx *store.Tx, account string) (*authz.Membership, error)
	// Entity finds by its path what is in the organization of a management account;
	// with the id of a service control policy, this stands in place of those over
	// it. What is not there is store.ErrNotFound.
	Entity(tx *store.Tx, management, path, scp string) (*writ.OrganizationEntity, error)
}

// organization finds the one that an account is in.
func (s *Service) organization(tx *store.Tx, account string) (*writ.Organization, error) {
	if s.Organizations == nil {
		return nil, store.ErrNotFound
	}
	return s.Organizations.Organization(tx, account, "iam.amazonaws.com")
}

// manages says whether an account may manage the root access of the members.
func manages(o *writ.Organization, account string) bool {
	return account == o.ManagementAccount || slices.Contains(o.Administrators, account)
}

// managed finds the organization whose root access the caller may manage.
func (s *Service) managed(tx *store.Tx, c *writ.Call) (*writ.Organization, error) {
	o, err := s.organization(tx, c.Scope.Account)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, api.OrganizationNotFoundException("The request was rejected because no organization is associated with your account.")
	case err != nil:
		return nil, err
	case !o.AllFeatures:
		return nil, api.OrganizationNotInAllFeaturesModeException("The request was rejected because your organization does not have All features enabled.")
	case !manages(o, c.Scope.Account):
		return nil, api.AccountNotManagementOrDelegatedAdministratorException("The request was rejected because the account making the request is not the management account or delegated administrator account for centralized root access.")
	case !o.Trusted:
		return nil, api.ServiceAccessNotEnabledException("The request was rejected because trusted access is not enabled for IAM in Organizations.")
	}
	return o, nil
}

// ManagedRoot is for STS, which asks before every AssumeRoot. The management
// account is no member: its root is reached by nobody but itself.
func (s *Service) ManagedRoot(tx *store.Tx, manager, member, feature string) (writ.Issuer, error) {
	o, err := s.organization(tx, manager)
	if err != nil {
		return writ.Issuer{}, err
	}
	of, err := s.organization(tx, member)
	if err != nil {
		return writ.Issuer{}, err
	}
	if of.ID != o.ID || member == manager || member == o.ManagementAccount || !manages(o, manager) || !o.Trusted || !o.AllFeatures {
		return writ.Issuer{}, store.ErrNotFound
	}
	access, err := rootAccessOf(tx, o)
	if err != nil || !slices.Contains(access.Features, feature) {
		return writ.Issuer{}, errors.Join(err, store.ErrNotFound)
	}
	a, err := openAccount(tx, member)
	if err != nil {
		return writ.Issuer{}, err
	}
	return writ.Issuer{Type: writ.IssuerRoot, Partition: a.Partition, Account: a.ID, ID: a.ID, ARN: a.rootARN()}, nil
}
