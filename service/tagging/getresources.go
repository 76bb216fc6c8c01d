package tagging

import (
	"maps"
	"slices"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/resourcegroupstaggingapi"
	"github.com/writ-iam/writ/authz"
	"github.com/writ-iam/writ/store"
)

// The numbers of the API reference for GetResources.
const (
	defaultResources           = 50
	mostResources              = 100
	leastTagsPage, mostTagPage = 100, 500
)

func (s *Service) GetResources(c *writ.Call, in *api.GetResourcesInput) (*api.GetResourcesOutput, error) {
	if err := checkGetResources(in); err != nil {
		return nil, err
	}
	out := &api.GetResourcesOutput{ResourceTagMappingList: []api.ResourceTagMapping{}}
	err := s.db.View(c.Context, func(tx *store.Tx) error {
		all, err := s.here(tx, c)
		if err != nil {
			return err
		}
		policy, err := s.organizations.TagPolicy(tx, c.Scope.Account)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(r writ.Tagged) bool { return !asked(in, &r, policy) })
		rows, next, err := page(s, c, in.PaginationToken, all, func(r writ.Tagged) string { return r.ARN }, roomFor(in))
		out.PaginationToken = next
		for _, r := range rows {
			out.ResourceTagMappingList = append(out.ResourceTagMappingList, mapping(in, &r, policy))
		}
		return err
	})
	return out, err
}

func checkGetResources(in *api.GetResourcesInput) error {
	alone := in.ResourcesPerPage == nil && in.TagsPerPage == nil && in.TagFilters == nil && in.ResourceTypeFilters == nil
	switch {
	case in.ResourceARNList != nil && !alone:
		return api.InvalidParameterException("ResourceARNList can't be combined with filters and page sizes.")
	case truth(in.ExcludeCompliantResources) && !truth(in.IncludeComplianceDetails):
		return api.InvalidParameterException("ExcludeCompliantResources can be true only if IncludeComplianceDetails is.")
	case in.ResourcesPerPage != nil && in.TagsPerPage != nil:
		return api.InvalidParameterException("ResourcesPerPage and TagsPerPage can't be combined.")
	case in.ResourcesPerPage != nil && (*in.ResourcesPerPage < 1 || *in.ResourcesPerPage > mostResources):
		return api.InvalidParameterException("ResourcesPerPage must be between 1 and %d.", mostResources)
	case in.TagsPerPage != nil && (*in.TagsPerPage < leastTagsPage || *in.TagsPerPage > mostTagPage):
		return api.InvalidParameterException("TagsPerPage must be between %d and %d.", leastTagsPage, mostTagPage)
	}
	return nil
}

func truth(b *bool) bool { return b != nil && *b }

// asked says whether a resource is one of those that a call asks for.
func asked(in *api.GetResourcesInput, r *writ.Tagged, policy authz.TagPolicy) bool {
	return (in.ResourceARNList == nil || slices.Contains(in.ResourceARNList, r.ARN)) &&
		ofTypes(in.ResourceTypeFilters, r) && hasTags(in.TagFilters, r) &&
		!(truth(in.ExcludeCompliantResources) && policy.Check(r.Type, r.Tags).OK())
}

// roomFor is how much a page holds: resources, or the tags that they have.
func roomFor(in *api.GetResourcesInput) func(writ.Tagged) bool {
	switch {
	case in.TagsPerPage != nil:
		left := *in.TagsPerPage
		return func(r writ.Tagged) bool { left -= len(r.Tags); return left >= 0 }
	case in.ResourcesPerPage != nil:
		return atMost[writ.Tagged](*in.ResourcesPerPage)
	}
	return atMost[writ.Tagged](defaultResources)
}

func mapping(in *api.GetResourcesInput, r *writ.Tagged, policy authz.TagPolicy) api.ResourceTagMapping {
	m := api.ResourceTagMapping{ResourceARN: &r.ARN, Tags: []api.Tag{}}
	for _, key := range slices.Sorted(maps.Keys(r.Tags)) {
		m.Tags = append(m.Tags, api.Tag{Key: key, Value: r.Tags[key]})
	}
	if truth(in.IncludeComplianceDetails) {
		found := policy.Check(r.Type, r.Tags)
		m.ComplianceDetails = &api.ComplianceDetails{NoncompliantKeys: found.Keys, KeysWithNoncompliantValues: found.Values, ComplianceStatus: new(found.OK())}
	}
	return m
}
