package iam

import (
	"cmp"
	"slices"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// The operations on tags are the same for every kind of entity that has them.

func (s *Service) TagRole(c *writ.Call, in *api.TagRoleInput) (*api.TagRoleOutput, error) {
	return &api.TagRoleOutput{}, setTags(s, c, roles, roleKind, findRole, in.RoleName, in.Tags)
}

func (s *Service) UntagRole(c *writ.Call, in *api.UntagRoleInput) (*api.UntagRoleOutput, error) {
	return &api.UntagRoleOutput{}, removeTags(s, c, roles, roleKind, findRole, in.RoleName, in.TagKeys)
}

func (s *Service) ListRoleTags(c *writ.Call, in *api.ListRoleTagsInput) (*api.ListRoleTagsOutput, error) {
	all, err := listTags(s, c, findRole, in.RoleName, paging{in.Marker, in.MaxItems})
	return (*api.ListRoleTagsOutput)(all), err
}

func (s *Service) TagPolicy(c *writ.Call, in *api.TagPolicyInput) (*api.TagPolicyOutput, error) {
	return &api.TagPolicyOutput{}, setTags(s, c, policies, policyKind, findPolicy, in.PolicyArn, in.Tags)
}

func (s *Service) UntagPolicy(c *writ.Call, in *api.UntagPolicyInput) (*api.UntagPolicyOutput, error) {
	return &api.UntagPolicyOutput{}, removeTags(s, c, policies, policyKind, findPolicy, in.PolicyArn, in.TagKeys)
}

func (s *Service) ListPolicyTags(c *writ.Call, in *api.ListPolicyTagsInput) (*api.ListPolicyTagsOutput, error) {
	all, err := listTags(s, c, readPolicy, in.PolicyArn, paging{in.Marker, in.MaxItems})
	return (*api.ListPolicyTagsOutput)(all), err
}

func (s *Service) TagInstanceProfile(c *writ.Call, in *api.TagInstanceProfileInput) (*api.TagInstanceProfileOutput, error) {
	err := setTags(s, c, instanceProfiles, instanceProfileKind, findInstanceProfile, in.InstanceProfileName, in.Tags)
	return &api.TagInstanceProfileOutput{}, err
}

func (s *Service) UntagInstanceProfile(c *writ.Call, in *api.UntagInstanceProfileInput) (*api.UntagInstanceProfileOutput, error) {
	err := removeTags(s, c, instanceProfiles, instanceProfileKind, findInstanceProfile, in.InstanceProfileName, in.TagKeys)
	return &api.UntagInstanceProfileOutput{}, err
}

func (s *Service) ListInstanceProfileTags(c *writ.Call, in *api.ListInstanceProfileTagsInput) (*api.ListInstanceProfileTagsOutput, error) {
	all, err := listTags(s, c, findInstanceProfile, in.InstanceProfileName, paging{in.Marker, in.MaxItems})
	return (*api.ListInstanceProfileTagsOutput)(all), err
}

// tagged is a record with an entity in it.
type tagged[R any] interface {
	*R
	base() *entity
}

// finder finds an entity by what the API calls it by: a name or an ARN.
type finder[R any] func(tx *store.Tx, c *writ.Call, name string) (*R, error)

// setTags adds tags to an entity or replaces their values.
func setTags[R any, P tagged[R]](s *Service, c *writ.Call, table *store.Table[R], k kind, find finder[R], name string, set []api.Tag) error {
	return s.db.Update(c, func(tx *store.Tx) error {
		r, err := find(tx, c, name)
		if err != nil {
			return err
		}
		e := P(r).base()
		if err := s.checkTags(k, e.Tags, set); err != nil {
			return err
		}
		e.Tags = k.withTags(e.Tags, set)
		return table.Put(tx, r)
	})
}

// removeTags takes tags from an entity; keys that it does not have are ignored.
func removeTags[R any, P tagged[R]](s *Service, c *writ.Call, table *store.Table[R], k kind, find finder[R], name string, keys []string) error {
	return s.db.Update(c, func(tx *store.Tx) error {
		r, err := find(tx, c, name)
		if err != nil {
			return err
		}
		e := P(r).base()
		e.Tags = k.withoutTags(e.Tags, keys)
		return table.Put(tx, r)
	})
}

// tagList has the fields of the outputs of all List…Tags operations.
type tagList struct {
	Tags        []api.Tag
	IsTruncated *bool
	Marker      *string
}

// listTags is one page of an entity's tags, sorted by key as AWS documents it.
func listTags[R any, P tagged[R]](s *Service, c *writ.Call, find finder[R], name string, p paging) (*tagList, error) {
	all := []api.Tag{}
	err := s.db.View(c.Context, func(tx *store.Tx) error {
		r, err := find(tx, c, name)
		if err == nil {
			all = append(all, toTags(P(r).base().Tags)...)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b api.Tag) int { return cmp.Compare(a.Key, b.Key) })
	page, truncated, marker, err := part(s, c, p, name, all)
	return &tagList{page, &truncated, marker}, err
}
