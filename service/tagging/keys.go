package tagging

import (
	"maps"
	"slices"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/resourcegroupstaggingapi"
	"github.com/writ-iam/writ/store"
)

func (s *Service) GetTagKeys(c *writ.Call, in *api.GetTagKeysInput) (*api.GetTagKeysOutput, error) {
	keys, next, err := s.texts(c, in.PaginationToken, func(r *writ.Tagged, add func(string)) {
		for key := range r.Tags {
			add(key)
		}
	})
	return &api.GetTagKeysOutput{TagKeys: keys, PaginationToken: next}, err
}

func (s *Service) GetTagValues(c *writ.Call, in *api.GetTagValuesInput) (*api.GetTagValuesOutput, error) {
	values, next, err := s.texts(c, in.PaginationToken, func(r *writ.Tagged, add func(string)) {
		if value, has := r.Tags[in.Key]; has {
			add(value)
		}
	})
	return &api.GetTagValuesOutput{TagValues: values, PaginationToken: next}, err
}

// texts is a page of what the tags of the resources here have, each once.
func (s *Service) texts(c *writ.Call, token *string, of func(r *writ.Tagged, add func(string))) (texts []string, next *string, err error) {
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		all, err := s.here(tx, c)
		if err != nil {
			return err
		}
		found := map[string]bool{}
		for _, r := range all {
			of(&r, func(text string) { found[text] = true })
		}
		sorted := slices.AppendSeq([]string{}, maps.Keys(found))
		slices.Sort(sorted)
		texts, next, err = page(s, c, token, sorted, func(text string) string { return text }, atMost[string](most))
		return err
	})
	return texts, next, err
}

// ListRequiredTags lists the tags that the tag policy wants reported where they
// are missing, by resource type.
func (s *Service) ListRequiredTags(c *writ.Call, in *api.ListRequiredTagsInput) (*api.ListRequiredTagsOutput, error) {
	n := most
	if in.MaxResults != nil {
		n = *in.MaxResults
	}
	out := &api.ListRequiredTagsOutput{RequiredTags: []api.RequiredTag{}}
	err := s.db.View(c.Context, func(tx *store.Tx) error {
		policy, err := s.organizations.TagPolicy(tx, c.Scope.Account)
		if err != nil {
			return err
		}
		required := map[string][]string{}
		for _, rule := range policy {
			for _, resourceType := range rule.Required {
				required[resourceType] = append(required[resourceType], rule.Key)
			}
		}
		types, next, err := page(s, c, in.NextToken, slices.Sorted(maps.Keys(required)), func(text string) string { return text }, atMost[string](n))
		for _, t := range types {
			out.RequiredTags = append(out.RequiredTags, api.RequiredTag{ResourceType: &t, ReportingTagKeys: slices.Sorted(slices.Values(required[t]))})
		}
		if next != nil && *next != "" {
			out.NextToken = next
		}
		return err
	})
	return out, err
}
