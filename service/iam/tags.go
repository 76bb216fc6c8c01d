package iam

import (
	"slices"
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
)

// checkTags says whether an entity with the tags old may get the tags set.
// Keys are compared without regard to case, as IAM does
// (IAM User Guide, "Rules for tagging in IAM and AWS STS").
func (s *Service) checkTags(k kind, old []tag, set []api.Tag) error {
	seen := map[string]bool{}
	for _, t := range set {
		key := strings.ToLower(t.Key)
		if seen[key] {
			return api.InvalidInputException("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
		}
		if strings.HasPrefix(key, "aws:") {
			return api.InvalidInputException("Tag keys beginning with 'aws:' are reserved for system use.")
		}
		seen[key] = true
	}
	return s.within(k.tagQuota(), len(withTags(old, set)))
}

func (k kind) tagQuota() string {
	return "TagsPer" + strings.TrimSuffix(k.quota, "sPerAccount")
}

// withTags returns old with the tags set added or replaced.
func withTags(old []tag, set []api.Tag) []tag {
	all := slices.Clone(old)
	for _, t := range set {
		if i := indexTag(all, t.Key); i >= 0 {
			all[i] = tag(t)
		} else {
			all = append(all, tag(t))
		}
	}
	return all
}

// withoutTags returns old without the keys; those that are not there are ignored.
func withoutTags(old []tag, keys []string) []tag {
	return slices.DeleteFunc(slices.Clone(old), func(t tag) bool {
		return slices.ContainsFunc(keys, func(key string) bool { return strings.EqualFold(key, t.Key) })
	})
}

func indexTag(all []tag, key string) int {
	return slices.IndexFunc(all, func(t tag) bool { return strings.EqualFold(t.Key, key) })
}

func fromTags(set []api.Tag) []tag { return withTags(nil, set) }

// toTags is nil if there are none: AWS leaves the element out.
func toTags(tags []tag) []api.Tag {
	var all []api.Tag
	for _, t := range tags {
		all = append(all, api.Tag(t))
	}
	return all
}

// tagMap is what conditions compare.
func tagMap(tags []tag) map[string]string {
	if len(tags) == 0 {
		return nil
	}
	all := make(map[string]string, len(tags))
	for _, t := range tags {
		all[t.Key] = t.Value
	}
	return all
}

// pageTags is one page of an entity's tags: they stand in one record, so the
// marker is the position of the next.
func (s *Service) pageTags(c *writ.Call, p paging, id string, tags []tag) ([]api.Tag, bool, *string, error) {
	from, err := s.offset(c, p, id)
	if err != nil {
		return nil, false, nil, err
	}
	all := make([]api.Tag, 0, len(tags))
	all = append(all, toTags(tags)...)
	rest := all[min(from, len(all)):]
	if len(rest) <= p.limit() {
		return rest, false, nil, nil
	}
	return rest[:p.limit()], true, s.offsetMarker(c, id, from+p.limit()), nil
}
