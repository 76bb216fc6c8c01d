package organizations

import (
	"regexp"
	"slices"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/organizations"
	"github.com/writ-iam/writ/store"
)

// trustedAccess says that a service may act in all accounts of an organization.
type trustedAccess struct {
	Organization string
	Service      string // "iam.amazonaws.com"
	Since        time.Time
}

var trusted = store.NewTable("organizations/trusted-access",
	func(t *trustedAccess) store.Key { return store.K(t.Organization, t.Service) })

// EnableAWSServiceAccess has no effect on a service that has access.
func (s *Service) EnableAWSServiceAccess(c *writ.Call, in *api.EnableAWSServiceAccessInput) (*api.EnableAWSServiceAccessOutput, error) {
	err := s.change(c, func(tx *store.Tx, o *organization) error {
		if err := o.gives(in.ServicePrincipal); err != nil {
			return err
		}
		if is, err := o.trusts(tx, in.ServicePrincipal); is || err != nil {
			return err
		}
		return trusted.Insert(tx, &trustedAccess{o.ID, in.ServicePrincipal, c.Time})
	})
	return &api.EnableAWSServiceAccessOutput{}, err
}

// DisableAWSServiceAccess wants that nothing needs the access any more.
func (s *Service) DisableAWSServiceAccess(c *writ.Call, in *api.DisableAWSServiceAccessInput) (*api.DisableAWSServiceAccessOutput, error) {
	err := s.change(c, func(tx *store.Tx, o *organization) error {
		if err := o.gives(in.ServicePrincipal); err != nil {
			return err
		}
		if err := o.unneeded(tx, in.ServicePrincipal); err != nil {
			return err
		}
		if is, err := o.trusts(tx, in.ServicePrincipal); !is || err != nil {
			return err
		}
		return trusted.Delete(tx, o.ID, in.ServicePrincipal)
	})
	return &api.DisableAWSServiceAccessOutput{}, err
}

func (s *Service) ListAWSServiceAccessForOrganization(c *writ.Call, in *api.ListAWSServiceAccessForOrganizationInput) (*api.ListAWSServiceAccessForOrganizationOutput, error) {
	out := new(api.ListAWSServiceAccessForOrganizationOutput)
	err := s.read(c, func(tx *store.Tx, o *organization) error {
		if err := o.needAllFeatures(); err != nil {
			return err
		}
		rows, next, err := turn(s, c, paging{in.NextToken, in.MaxResults}, nil, func(after store.Key, limit int) ([]*trustedAccess, store.Key, error) {
			return trusted.Page(tx, store.K(o.ID), after, limit)
		})
		if err != nil {
			return err
		}
		out.NextToken = next
		out.EnabledServicePrincipals, err = each(rows, func(t *trustedAccess) (api.EnabledServicePrincipal, error) {
			return api.EnabledServicePrincipal{ServicePrincipal: &t.Service, DateEnabled: &t.Since}, nil
		})
		return err
	})
	return out, err
}

// gives refuses what services can't be given: organizations for billing give
// nothing, and nothing is given to what is no service.
func (o *organization) gives(service string) error {
	if err := o.needAllFeatures(); err != nil {
		return err
	}
	if !servicePrincipal.MatchString(service) {
		return invalid("UNRECOGNIZED_SERVICE_PRINCIPAL", "You specified an unrecognized service principal.")
	}
	return nil
}

var servicePrincipal = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com$`)

func (o *organization) needAllFeatures() error {
	if o.AllFeatures {
		return nil
	}
	return constraint("ORGANIZATION_NOT_IN_ALL_FEATURES_MODE", "This operation requires your organization to have all features enabled.")
}

func (o *organization) trusts(tx *store.Tx, service string) (bool, error) {
	_, err := trusted.Get(tx, o.ID, service)
	return err == nil, or(err, nil)
}

// unneeded refuses to take access away from a service whose administrators or
// policies are there still.
func (o *organization) unneeded(tx *store.Tx, service string) error {
	administrators, err := o.administrators(tx, service)
	switch {
	case err != nil:
		return err
	case len(administrators) > 0:
		return constraint("DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE", "You must deregister the delegated administrators of the service before you disable its access.")
	case slices.Contains(o.PolicyTypes, policyTypeOf[service]):
		return constraint("POLICY_TYPE_ENABLED_FOR_THIS_SERVICE", "You must disable the policy type of the service before you disable its access.")
	}
	return nil
}

// policyTypeOf are the types of policies that a service carries out (API
// reference, POLICY_TYPE_ENABLED_FOR_THIS_SERVICE).
var policyTypeOf = map[string]string{"securityhub.amazonaws.com": "SECURITYHUB_POLICY"}
