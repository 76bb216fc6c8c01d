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
	"github.com/writ-iam/writ/store"
)

const jobCompleted = "COMPLETED"

func (s *Service) GetServiceLastAccessedDetails(c *writ.Call, in *api.GetServiceLastAccessedDetailsInput) (*api.GetServiceLastAccessedDetailsOutput, error) {
	var r *accessReport
	err := s.db.View(c.Context, func(tx *store.Tx) (err error) {
		r, err = findAccessReport(tx, c, in.JobId, false)
		return err
	})
	if err != nil {
		return nil, err
	}
	page, truncated, marker, err := part(s, c, paging{in.Marker, in.MaxItems}, r.ID, r.Services)
	if err != nil {
		return nil, err
	}
	out := &api.GetServiceLastAccessedDetailsOutput{JobStatus: jobCompleted, JobType: &r.Level, JobCreationDate: r.Created,
		JobCompletionDate: r.Created, ServicesLastAccessed: []api.ServiceLastAccessed{}, IsTruncated: &truncated, Marker: marker}
	for i := range page {
		out.ServicesLastAccessed = append(out.ServicesLastAccessed, page[i].shape())
	}
	return out, nil
}

func (a *serviceAccess) shape() api.ServiceLastAccessed {
	shape := api.ServiceLastAccessed{ServiceName: a.Name, ServiceNamespace: a.Namespace, TotalAuthenticatedEntities: new(len(a.By))}
	if len(a.By) > 0 {
		last := &a.By[0]
		shape.LastAuthenticated, shape.LastAuthenticatedEntity, shape.LastAuthenticatedRegion = last.date(), &last.ARN, &last.Region
	}
	for _, action := range a.Actions {
		found := api.TrackedActionLastAccessed{ActionName: &action.Name}
		if last := action.Last; last != nil {
			found.LastAccessedTime, found.LastAccessedEntity, found.LastAccessedRegion = last.date(), &last.ARN, &last.Region
		}
		shape.TrackedActionsLastAccessed = append(shape.TrackedActionsLastAccessed, found)
	}
	return shape
}

func (e *entityAccess) date() *time.Time { return new(e.Time.Truncate(time.Second)) }

// GetServiceLastAccessedDetailsWithEntities lists those whom the report is about
// and who exist still, as they are called now, the last access first.
func (s *Service) GetServiceLastAccessedDetailsWithEntities(c *writ.Call, in *api.GetServiceLastAccessedDetailsWithEntitiesInput) (*api.GetServiceLastAccessedDetailsWithEntitiesOutput, error) {
	if _, ok := catalogue.LookupService(in.ServiceNamespace); !ok || in.ServiceNamespace != strings.ToLower(in.ServiceNamespace) {
		return nil, api.InvalidInputException("Service namepace %s is either invalid or unsupported.", in.ServiceNamespace) // as AWS spells it
	}
	var r *accessReport
	all := []api.EntityDetails{}
	err := s.db.View(c.Context, func(tx *store.Tx) (err error) {
		if r, err = findAccessReport(tx, c, in.JobId, false); err != nil {
			return err
		}
		all, err = r.entities(tx, in.ServiceNamespace)
		return err
	})
	if err != nil {
		return nil, err
	}
	page, truncated, marker, err := part(s, c, paging{in.Marker, in.MaxItems}, r.ID+"\x00"+in.ServiceNamespace, all)
	return &api.GetServiceLastAccessedDetailsWithEntitiesOutput{JobStatus: jobCompleted, JobCreationDate: r.Created,
		JobCompletionDate: r.Created, EntityDetailsList: page, IsTruncated: &truncated, Marker: marker}, err
}

// entities are those whom the report is about, with their last access to a
// service; none if their policies do not let them use it.
func (r *accessReport) entities(tx *store.Tx, namespace string) ([]api.EntityDetails, error) {
	all := []api.EntityDetails{}
	i := slices.IndexFunc(r.Services, func(a serviceAccess) bool { return a.Namespace == namespace })
	if i < 0 {
		return all, nil
	}
	last := map[string]*time.Time{}
	for _, e := range r.Services[i].By {
		last[e.ID] = e.date()
	}
	for _, id := range r.Entities {
		info, err := entityInfo(tx, id)
		if err != nil {
			return nil, err
		}
		if info != nil {
			all = append(all, api.EntityDetails{EntityInfo: *info, LastAuthenticated: last[id]})
		}
	}
	slices.SortFunc(all, lastFirst)
	return all, nil
}

func lastFirst(a, b api.EntityDetails) int {
	return cmp.Or(when(b).Compare(when(a)), cmp.Compare(a.EntityInfo.Arn, b.EntityInfo.Arn))
}

func when(d api.EntityDetails) time.Time {
	if d.LastAuthenticated == nil {
		return time.Time{}
	}
	return *d.LastAuthenticated
}

// entityInfo is the user or role with an id, nil if there is none any more.
func entityInfo(tx *store.Tx, id string) (*api.EntityInfo, error) {
	h, kind := userHolder, "USER"
	if strings.HasPrefix(id, writ.RoleID) {
		h, kind = roleHolder, "ROLE"
	}
	e, err := h.byID(tx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &api.EntityInfo{Arn: h.arn(e), Name: e.Name, Type: kind, Id: e.ID, Path: &e.Path}, nil
}
