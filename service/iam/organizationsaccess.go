package iam

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/catalogue"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// organizationLevel is the level of reports about organizations, whose services
// say which account used them last.
const organizationLevel = "ORGANIZATION"

// accountAccess is the last use of a service by any principal of an account.
type accountAccess struct {
	Path   string // of the account in the organization
	Time   time.Time
	Region string
}

// GenerateOrganizationsAccessReport is for management accounts, by a path in their
// own organization: of the services that its service control policies let the
// accounts there use, or that one such policy does. As the other reports of last
// accesses it is made at once.
func (s *Service) GenerateOrganizationsAccessReport(c *writ.Call, in *api.GenerateOrganizationsAccessReportInput) (*api.GenerateOrganizationsAccessReportOutput, error) {
	id, err := s.report(c, organizationLevel, func(tx *store.Tx, r *accessReport, noted map[actorID][]access) error {
		e, err := s.entity(tx, c.Scope.Account, in)
		if errors.Is(err, store.ErrNotFound) {
			return notYours(c, in.EntityPath)
		}
		if err != nil {
			return err
		}
		return r.fillOrganization(tx, e, noted)
	})
	return &api.GenerateOrganizationsAccessReportOutput{JobId: &id}, err
}

func (s *Service) entity(tx *store.Tx, management string, in *api.GenerateOrganizationsAccessReportInput) (*writ.OrganizationEntity, error) {
	if s.Organizations == nil {
		return nil, store.ErrNotFound
	}
	return s.Organizations.Entity(tx, management, in.EntityPath, value(in.OrganizationsPolicyId))
}

// fillOrganization finds out which services may be used, and which accounts did.
func (r *accessReport) fillOrganization(tx *store.Tx, e *writ.OrganizationEntity, noted map[actorID][]access) error {
	used := map[string]map[string]accountAccess{} // by service, by account
	for account, path := range e.Accounts {
		all, err := accountAccesses(tx, noted, account, r.Created)
		if err != nil {
			return err
		}
		for _, a := range all {
			service, _, _ := strings.Cut(a.Action, ":")
			if used[service] == nil {
				used[service] = map[string]accountAccess{}
			}
			if last, ok := used[service][account]; !ok || a.Time.After(last.Time) {
				used[service][account] = accountAccess{path, a.Time, a.Region}
			}
		}
	}
	for _, service := range accessible(e.SCPs) {
		found := serviceAccess{Namespace: service.Prefix, Name: service.Name}
		for _, a := range used[service.Prefix] {
			found.Accounts = append(found.Accounts, a)
		}
		slices.SortFunc(found.Accounts, func(a, b accountAccess) int { return cmp.Or(b.Time.Compare(a.Time), cmp.Compare(a.Path, b.Path)) })
		r.Services = append(r.Services, found)
	}
	return nil
}

// accessible are the services of which every level of policies lets at least one
// action through.
func accessible(levels [][]*policy.Policy) (all []*catalogue.Service) {
	filters := make([]grants, len(levels))
	for i, level := range levels {
		for _, p := range level {
			filters[i].add(p)
		}
	}
	for _, prefix := range catalogue.Services() {
		service, _ := catalogue.LookupService(prefix)
		if slices.ContainsFunc(service.Actions, func(a catalogue.Action) bool { return passes(filters, service, &a) }) {
			all = append(all, service)
		}
	}
	return all
}

func passes(filters []grants, service *catalogue.Service, a *catalogue.Action) bool {
	for i := range filters {
		if !filters[i].allows(service, a) {
			return false
		}
	}
	return true
}

// GetOrganizationsAccessReport counts all services, whichever are on the page.
func (s *Service) GetOrganizationsAccessReport(c *writ.Call, in *api.GetOrganizationsAccessReportInput) (*api.GetOrganizationsAccessReportOutput, error) {
	var r *accessReport
	err := s.db.View(c.Context, func(tx *store.Tx) (err error) {
		r, err = findAccessReport(tx, c, in.JobId, true)
		return err
	})
	if err != nil {
		return nil, err
	}
	order := value(in.SortKey)
	page, truncated, marker, err := part(s, c, paging{in.Marker, in.MaxItems}, r.ID+"\x00"+order, sorted(r.Services, order))
	if err != nil {
		return nil, err
	}
	out := &api.GetOrganizationsAccessReportOutput{JobStatus: jobCompleted, JobCreationDate: r.Created, JobCompletionDate: &r.Created,
		NumberOfServicesAccessible: new(len(r.Services)), NumberOfServicesNotAccessed: new(0),
		AccessDetails: []api.AccessDetail{}, IsTruncated: &truncated, Marker: marker}
	for i := range r.Services {
		if len(r.Services[i].Accounts) == 0 {
			*out.NumberOfServicesNotAccessed++
		}
	}
	for i := range page {
		out.AccessDetails = append(out.AccessDetails, page[i].detail())
	}
	return out, nil
}

// sorted are services in the order of a SortKey; those that nobody used are the
// earliest.
func sorted(services []serviceAccess, order string) []serviceAccess {
	all := slices.Clone(services)
	slices.SortStableFunc(all, func(a, b serviceAccess) int {
		by := cmp.Compare(a.Namespace, b.Namespace)
		if strings.HasPrefix(order, "LAST_AUTHENTICATED_TIME") {
			by = a.last().Compare(b.last())
		}
		if strings.HasSuffix(order, "_DESCENDING") {
			return -by
		}
		return by
	})
	return all
}

func (a *serviceAccess) last() time.Time {
	if len(a.Accounts) == 0 {
		return time.Time{}
	}
	return a.Accounts[0].Time
}

func (a *serviceAccess) detail() api.AccessDetail {
	d := api.AccessDetail{ServiceName: a.Name, ServiceNamespace: a.Namespace, TotalAuthenticatedEntities: new(len(a.Accounts))}
	if len(a.Accounts) > 0 {
		last := &a.Accounts[0]
		d.EntityPath, d.Region, d.LastAuthenticatedTime = &last.Path, &last.Region, new(last.Time.Truncate(time.Second))
	}
	return d
}
