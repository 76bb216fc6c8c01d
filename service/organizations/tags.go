package organizations

import (
	"strings"

	api "github.com/writ-iam/writ/api/organizations"
	"github.com/writ-iam/writ/store"
)

// setTags adds tags to a thing, or changes their values.
func (s *Service) setTags(tx *store.Tx, o *organization, id string, all []api.Tag) error {
	if err := checkTags(all); err != nil {
		return err
	}
	for _, t := range all {
		if err := tags.Put(tx, &tag{o.ID, id, t.Key, t.Value}); err != nil {
			return err
		}
	}
	n, err := tags.Count(tx, store.K(o.ID, id))
	if err == nil && n > s.quotas["TagsPerOrganizationsEntity"] {
		err = constraint("MAX_TAG_LIMIT_EXCEEDED", "You have exceeded the number of tags allowed on this resource.")
	}
	return err
}

// checkNewTags refuses the tags of something that has none yet, if they could not
// be set.
func (s *Service) checkNewTags(all []api.Tag) error {
	if len(all) > s.quotas["TagsPerOrganizationsEntity"] {
		return constraint("MAX_TAG_LIMIT_EXCEEDED", "You have exceeded the number of tags allowed on this resource.")
	}
	return checkTags(all)
}

func checkTags(all []api.Tag) error {
	seen := map[string]bool{}
	for _, t := range all {
		switch {
		case strings.HasPrefix(strings.ToLower(t.Key), "aws:"):
			return systemTag()
		case seen[t.Key]:
			return invalid("DUPLICATE_TAG_KEY", "Tag keys must be unique among the tags attached to the same entity.")
		}
		seen[t.Key] = true
	}
	return nil
}

func systemTag() error {
	return invalid("INVALID_SYSTEM_TAGS_PARAMETER", "You specified a tag key that is a system tag. You can't add, edit, or delete system tag keys because they're reserved for AWS use.")
}

func untagAll(tx *store.Tx, o *organization, id string) error {
	for t, err := range tags.Scan(tx, store.K(o.ID, id)) {
		if err == nil {
			err = tags.Delete(tx, o.ID, id, t.Key)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// tagsOf are the tags of a thing; nil if it has none.
func tagsOf(tx *store.Tx, o *organization, id string) (map[string]string, error) {
	var all map[string]string
	for t, err := range tags.Scan(tx, store.K(o.ID, id)) {
		if err != nil {
			return nil, err
		}
		if all == nil {
			all = map[string]string{}
		}
		all[t.Key] = t.Value
	}
	return all, nil
}
