package organizations

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/organizations"
	"github.com/writ-iam/writ/store"
)

// delegate is a member that is the delegated administrator of services.
type delegate struct {
	Organization string
	Account      string
	Services     []delegatedService // by name, never empty
}

type delegatedService struct {
	Principal string // "iam.amazonaws.com"
	Since     time.Time
}

var delegates = store.NewTable("organizations/delegate",
	func(d *delegate) store.Key { return store.K(d.Organization, d.Account) })

// RegisterDelegatedAdministrator lets a member administer a service for all, and
// read the organization (delegation.go).
func (s *Service) RegisterDelegatedAdministrator(c *writ.Call, in *api.RegisterDelegatedAdministratorInput) (*api.RegisterDelegatedAdministratorOutput, error) {
	err := s.change(c, func(tx *store.Tx, o *organization) error {
		if err := s.registrable(tx, c, o, in); err != nil {
			return err
		}
		d, err := o.delegate(tx, in.AccountId)
		if err != nil {
			return err
		}
		if d.serves(in.ServicePrincipal) >= 0 {
			return api.AccountAlreadyRegisteredException("The specified account is already a delegated administrator for this AWS service.")
		}
		if err := s.roomForDelegate(tx, o, in.ServicePrincipal); err != nil {
			return err
		}
		d.Services = append(d.Services, delegatedService{in.ServicePrincipal, c.Time})
		slices.SortFunc(d.Services, func(a, b delegatedService) int { return strings.Compare(a.Principal, b.Principal) })
		return delegates.Put(tx, d)
	})
	return &api.RegisterDelegatedAdministratorOutput{}, err
}

// registrable refuses accounts that can't be administrators, and services that
// have no access to the organization.
func (s *Service) registrable(tx *store.Tx, c *writ.Call, o *organization, in *api.RegisterDelegatedAdministratorInput) error {
	if err := o.gives(in.ServicePrincipal); err != nil {
		return err
	}
	if _, err := o.member(tx, in.AccountId); err != nil {
		return err
	}
	a, err := s.accounts.Account(tx, in.AccountId)
	if err != nil {
		return err
	}
	is, err := o.trusts(tx, in.ServicePrincipal)
	switch {
	case err != nil:
		return err
	case a.ID == o.Management:
		return constraint("CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR", "You cannot register the management account as a delegated administrator for an AWS service.")
	case a.State(c.Time) != writ.AccountActive:
		return constraint("CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR", "You cannot register a suspended account as a delegated administrator.")
	case !is:
		return constraint("SERVICE_ACCESS_NOT_ENABLED", "You must enable service access before you register a delegated administrator for the service.")
	}
	return nil
}

// roomForDelegate refuses an administrator too many.
func (s *Service) roomForDelegate(tx *store.Tx, o *organization, service string) error {
	all, err := o.administrators(tx, service)
	if err == nil && len(all) >= s.quotaOf("DelegatedAdministratorsOfService", service) {
		err = constraint("MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED", "You have exceeded the number of delegated administrators allowed for the service principal.")
	}
	return err
}

func (s *Service) DeregisterDelegatedAdministrator(c *writ.Call, in *api.DeregisterDelegatedAdministratorInput) (*api.DeregisterDelegatedAdministratorOutput, error) {
	err := s.change(c, func(tx *store.Tx, o *organization) error {
		if err := o.gives(in.ServicePrincipal); err != nil {
			return err
		}
		if _, err := o.member(tx, in.AccountId); err != nil {
			return err
		}
		d, err := o.delegate(tx, in.AccountId)
		if err != nil {
			return err
		}
		i := d.serves(in.ServicePrincipal)
		if i < 0 {
			return notRegistered()
		}
		if d.Services = slices.Delete(d.Services, i, i+1); len(d.Services) == 0 {
			return delegates.Delete(tx, o.ID, d.Account)
		}
		return delegates.Put(tx, d)
	})
	return &api.DeregisterDelegatedAdministratorOutput{}, err
}

func notRegistered() error {
	return api.AccountNotRegisteredException("The specified account is not a delegated administrator for this AWS service.")
}

// delegate finds what an account administers, which may be nothing.
func (o *organization) delegate(tx *store.Tx, account string) (*delegate, error) {
	d, err := delegates.Get(tx, o.ID, account)
	if errors.Is(err, store.ErrNotFound) {
		return &delegate{Organization: o.ID, Account: account}, nil
	}
	return d, err
}

// serves is the place of a service among those that an account administers, -1
// if it does not.
func (d *delegate) serves(service string) int {
	return slices.IndexFunc(d.Services, func(s delegatedService) bool { return s.Principal == service })
}

// administrators are the accounts that administer a service.
func (o *organization) administrators(tx *store.Tx, service string) (all []string, err error) {
	for d, err := range delegates.Scan(tx, store.K(o.ID)) {
		if err != nil {
			return nil, err
		}
		if d.serves(service) >= 0 {
			all = append(all, d.Account)
		}
	}
	return all, nil
}

// ListDelegatedAdministrators may answer pages that have none of the service's.
func (s *Service) ListDelegatedAdministrators(c *writ.Call, in *api.ListDelegatedAdministratorsInput) (*api.ListDelegatedAdministratorsOutput, error) {
	out := new(api.ListDelegatedAdministratorsOutput)
	err := s.read(c, func(tx *store.Tx, o *organization) error {
		if err := o.listable(in.ServicePrincipal); err != nil {
			return err
		}
		rows, next, err := turn(s, c, paging{in.NextToken, in.MaxResults}, []string{value(in.ServicePrincipal)}, func(after store.Key, limit int) ([]*delegate, store.Key, error) {
			return delegates.Page(tx, store.K(o.ID), after, limit)
		})
		if err != nil {
			return err
		}
		if in.ServicePrincipal != nil {
			rows = slices.DeleteFunc(rows, func(d *delegate) bool { return d.serves(*in.ServicePrincipal) < 0 })
		}
		out.NextToken = next
		out.DelegatedAdministrators, err = each(rows, func(d *delegate) (api.DelegatedAdministrator, error) { return s.delegateShape(tx, c, o, d) })
		return err
	})
	return out, err
}

func (o *organization) listable(service *string) error {
	if service == nil {
		return o.needAllFeatures()
	}
	return o.gives(*service)
}

func (s *Service) delegateShape(tx *store.Tx, c *writ.Call, o *organization, d *delegate) (api.DelegatedAdministrator, error) {
	m, err := o.member(tx, d.Account)
	if err != nil {
		return api.DelegatedAdministrator{}, err
	}
	a, err := s.memberShape(tx, c, o, m)
	first := slices.MinFunc(d.Services, func(a, b delegatedService) int { return a.Since.Compare(b.Since) })
	return api.DelegatedAdministrator{Id: a.Id, Arn: a.Arn, Email: a.Email, Name: a.Name, Status: a.Status, State: a.State,
		JoinedMethod: a.JoinedMethod, JoinedTimestamp: a.JoinedTimestamp, DelegationEnabledDate: &first.Since}, err
}

func (s *Service) ListDelegatedServicesForAccount(c *writ.Call, in *api.ListDelegatedServicesForAccountInput) (*api.ListDelegatedServicesForAccountOutput, error) {
	out := new(api.ListDelegatedServicesForAccountOutput)
	err := s.read(c, func(tx *store.Tx, o *organization) error {
		if err := o.needAllFeatures(); err != nil {
			return err
		}
		if _, err := o.member(tx, in.AccountId); err != nil {
			return err
		}
		d, err := delegates.Get(tx, o.ID, in.AccountId)
		if err != nil {
			return or(err, notRegistered())
		}
		rows, next, err := turn(s, c, paging{in.NextToken, in.MaxResults}, []string{in.AccountId}, d.page)
		if err != nil {
			return err
		}
		out.NextToken = next
		out.DelegatedServices, err = each(rows, func(of *delegatedService) (api.DelegatedService, error) {
			return api.DelegatedService{ServicePrincipal: &of.Principal, DelegationEnabledDate: &of.Since}, nil
		})
		return err
	})
	return out, err
}

// page reads on behind a service, by its name, so that what comes and goes
// between pages moves none of the others.
func (d *delegate) page(after store.Key, limit int) (rows []*delegatedService, position store.Key, err error) {
	for i := range d.Services {
		at := store.K(d.Services[i].Principal)
		if slices.Compare(at, after) <= 0 {
			continue
		}
		if len(rows) == limit {
			return rows, store.K(rows[limit-1].Principal), nil
		}
		rows = append(rows, &d.Services[i])
	}
	return rows, nil, nil
}
