package organizations

import (
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/organizations"
	"github.com/writ-iam/writ/store"
)

func (s *Service) TagResource(c *writ.Call, in *api.TagResourceInput) (*api.TagResourceOutput, error) {
	err := s.change(c, func(tx *store.Tx, o *organization) error {
		if err := s.taggable(tx, o, in.ResourceId); err != nil {
			return err
		}
		return s.setTags(tx, o, in.ResourceId, in.Tags)
	})
	return &api.TagResourceOutput{}, err
}

// UntagResource passes over keys that are not there.
func (s *Service) UntagResource(c *writ.Call, in *api.UntagResourceInput) (*api.UntagResourceOutput, error) {
	err := s.change(c, func(tx *store.Tx, o *organization) error {
		if err := s.taggable(tx, o, in.ResourceId); err != nil {
			return err
		}
		for _, key := range in.TagKeys {
			if strings.HasPrefix(strings.ToLower(key), "aws:") {
				return systemTag()
			}
			if err := tags.Delete(tx, o.ID, in.ResourceId, key); or(err, nil) != nil {
				return err
			}
		}
		return nil
	})
	return &api.UntagResourceOutput{}, err
}

func (s *Service) ListTagsForResource(c *writ.Call, in *api.ListTagsForResourceInput) (*api.ListTagsForResourceOutput, error) {
	out := new(api.ListTagsForResourceOutput)
	err := s.read(c, func(tx *store.Tx, o *organization) error {
		if err := s.taggable(tx, o, in.ResourceId); err != nil {
			return err
		}
		rows, next, err := turn(s, c, paging{token: in.NextToken}, []string{in.ResourceId}, func(after store.Key, limit int) ([]*tag, store.Key, error) {
			return tags.Page(tx, store.K(o.ID, in.ResourceId), after, limit)
		})
		if err != nil {
			return err
		}
		out.NextToken = next
		out.Tags, err = each(rows, func(t *tag) (api.Tag, error) { return api.Tag{Key: t.Key, Value: t.Value}, nil })
		return err
	})
	return out, err
}

// taggable refuses what is not there, and what is AWS's.
func (s *Service) taggable(tx *store.Tx, o *organization, id string) error {
	switch kindOf(id) {
	case policyKind:
		p, err := policies.Get(tx, o.ID, id)
		if err == nil && p.AWS {
			return invalid("TARGET_NOT_SUPPORTED", "You can't tag a policy that is managed by AWS.")
		}
		return or(err, noTarget())
	case resourcePolicyKind:
		p, err := resourcePolicies.Get(tx, o.ID)
		if err == nil && p.ID != id {
			return noTarget()
		}
		return or(err, noTarget())
	}
	_, err := s.node(tx, o, id)
	return or(err, noTarget())
}
