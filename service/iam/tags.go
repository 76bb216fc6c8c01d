package iam

import (
	"slices"
	"strings"

	api "github.com/writ-iam/writ/api/iam"
)

// checkTags says whether an entity with the tags old may get the tags set.
func (s *Service) checkTags(k kind, old []tag, set []api.Tag) error {
	for i, t := range set {
		if k.indexTag(fromTags(set[:i]), t.Key) >= 0 {
			return k.duplicateTags()
		}
		if reserved(t.Key) {
			return api.InvalidInputException("Tag keys beginning with 'aws:' are reserved for system use.")
		}
		if reserved(t.Value) {
			return api.InvalidInputException("Tag values beginning with 'aws:' are reserved for system use.")
		}
	}
	return s.within(k.tagQuota, len(k.withTags(old, set)))
}

// reserved says whether a key or a value is one that AWS alone gives (IAM User
// Guide, "Rules for tagging in IAM and AWS STS").
func reserved(text string) bool { return strings.HasPrefix(strings.ToLower(text), "aws:") }

func (k kind) duplicateTags() error {
	if k.foldsTags() {
		return api.InvalidInputException("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
	}
	return api.InvalidInputException("Duplicate tag keys found.")
}

// withTags returns old with the tags set added or replaced.
func (k kind) withTags(old []tag, set []api.Tag) []tag {
	all := slices.Clone(old)
	for _, t := range set {
		if i := k.indexTag(all, t.Key); i >= 0 {
			all[i] = tag(t)
		} else {
			all = append(all, tag(t))
		}
	}
	return all
}

// withoutTags returns old without the keys; those that are not there are ignored.
func (k kind) withoutTags(old []tag, keys []string) []tag {
	return slices.DeleteFunc(slices.Clone(old), func(t tag) bool {
		return slices.ContainsFunc(keys, func(key string) bool { return k.sameTag(key, t.Key) })
	})
}

func (k kind) indexTag(all []tag, key string) int {
	return slices.IndexFunc(all, func(t tag) bool { return k.sameTag(t.Key, key) })
}

func (k kind) sameTag(a, b string) bool {
	return a == b || k.foldsTags() && strings.EqualFold(a, b)
}

// foldsTags says whether keys that differ in case alone are the same: they are
// on users and roles, and on nothing else (IAM User Guide, "Rules for tagging
// in IAM and AWS STS").
func (k kind) foldsTags() bool { return k == userKind || k == roleKind }

func fromTags(set []api.Tag) []tag {
	var all []tag
	for _, t := range set {
		all = append(all, tag(t))
	}
	return all
}

// toTags is nil if there are none: AWS leaves the element out.
func toTags(tags []tag) []api.Tag {
	var all []api.Tag
	for _, t := range tags {
		all = append(all, api.Tag(t))
	}
	return all
}

// presentTags is a list that is there even if it is empty.
func presentTags(tags []tag) []api.Tag { return append([]api.Tag{}, toTags(tags)...) }

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
