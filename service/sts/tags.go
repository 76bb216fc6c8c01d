package sts

import (
	"maps"
	"slices"
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/sts"
)

// maxTags bounds the tags of a session, those that it inherits included.
const maxTags = 50

func invalidParameter(format string, args ...any) error {
	return writ.Errorf(400, "InvalidParameterValue", format, args...)
}

// checkTags demands keys that differ in more than case and are not AWS's own
// (IAM User Guide, "Pass session tags in AWS STS").
func checkTags(tags []api.Tag) error {
	seen := map[string]bool{}
	for _, t := range tags {
		key := strings.ToLower(t.Key)
		if seen[key] {
			return invalidParameter("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
		}
		if strings.HasPrefix(key, "aws:") {
			return invalidParameter("Tag keys beginning with 'aws:' are reserved for system use.")
		}
		seen[key] = true
	}
	return nil
}

// chainedTags are the tags of a role's session and which of them it hands on:
// those of the request, and those that the calling session hands on.
func chainedTags(c *writ.Call, tags []api.Tag, transitive []string) (map[string]string, []string, error) {
	if err := checkTags(tags); err != nil {
		return nil, nil, err
	}
	all := tagMap(tags)
	for _, key := range transitive {
		if _, ok := lookup(all, key); !ok {
			return nil, nil, invalidParameter("The specified transitive tag key must be included in the requested tags.")
		}
	}
	inherited := handedOn(c.Caller.Session)
	for key := range inherited {
		if _, ok := lookup(all, key); ok {
			return nil, nil, invalidParameter("One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.")
		}
	}
	if len(all)+len(inherited) > maxTags {
		return nil, nil, invalidParameter("The number of session tags, with those of the calling session, exceeds the limit of %d.", maxTags)
	}
	if all == nil {
		return inherited, keys(inherited), nil
	}
	handing := append(keys(inherited), asWritten(all, transitive)...)
	maps.Copy(all, inherited)
	return all, handing, nil
}

// handedOn are the tags that a session gives to those that it starts.
func handedOn(s *writ.Session) map[string]string {
	if s == nil || len(s.TransitiveTags) == 0 {
		return nil
	}
	tags := map[string]string{}
	for _, key := range s.TransitiveTags {
		if own, ok := lookup(s.Tags, key); ok {
			tags[own] = s.Tags[own]
		}
	}
	return tags
}

// asWritten are keys in the case in which the tags have them, each once.
func asWritten(tags map[string]string, keys []string) []string {
	var all []string
	for _, key := range keys {
		if own, ok := lookup(tags, key); ok && !slices.Contains(all, own) {
			all = append(all, own)
		}
	}
	return all
}

// lookup finds a key in whatever case and returns it as it is written there.
func lookup(tags map[string]string, key string) (string, bool) {
	for own := range tags {
		if strings.EqualFold(own, key) {
			return own, true
		}
	}
	return "", false
}

func keys(tags map[string]string) []string { return slices.Sorted(maps.Keys(tags)) }

func tagMap(tags []api.Tag) map[string]string {
	if len(tags) == 0 {
		return nil
	}
	all := make(map[string]string, len(tags))
	for _, t := range tags {
		all[t.Key] = t.Value
	}
	return all
}
