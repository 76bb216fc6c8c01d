package tagging

import (
	"slices"
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/resourcegroupstaggingapi"
)

// ofTypes says whether a resource is of one of some types ("ec2:instance"), or of
// a service ("ec2"); no types are all.
func ofTypes(types []string, r *writ.Tagged) bool {
	service, _, _ := strings.Cut(r.Type, ":")
	return len(types) == 0 || slices.Contains(types, r.Type) || slices.Contains(types, service)
}

// hasTags says whether a resource has the tags that all filters name, each with
// one of the filter's values, or any if it has none.
func hasTags(filters []api.TagFilter, r *writ.Tagged) bool {
	for _, f := range filters {
		if f.Key == nil {
			continue
		}
		value, has := r.Tags[*f.Key]
		if !has || len(f.Values) > 0 && !slices.Contains(f.Values, value) {
			return false
		}
	}
	return true
}

// hasKey says whether a resource has one of some tag keys; no keys are all.
func hasKey(keys []string, r *writ.Tagged) bool {
	return len(keys) == 0 || slices.ContainsFunc(keys, func(key string) bool { _, has := r.Tags[key]; return has })
}
