package ec2

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/ec2"
	"github.com/writ-iam/writ/store"
)

// Limits of tags (Amazon EC2 User Guide, "Tag your Amazon EC2 resources").
const (
	maxTags     = 50
	maxTagKey   = 128
	maxTagValue = 256
)

func (s *Service) CreateTags(c *writ.Call, in *api.CreateTagsInput) (*api.CreateTagsOutput, error) {
	if err := checkTags(in.Tags); err != nil {
		return nil, err
	}
	err := s.db.Update(c, func(tx *store.Tx) error {
		for _, id := range in.Resources {
			if err := exists(tx, c, id); err != nil {
				return err
			}
			if err := putTags(tx, c.Scope, id, in.Tags); err != nil {
				return err
			}
		}
		return nil
	})
	return &api.CreateTagsOutput{}, err
}

// DeleteTags removes the tags that are named, those with a value only if they
// have it; all of them if none is named.
func (s *Service) DeleteTags(c *writ.Call, in *api.DeleteTagsInput) (*api.DeleteTagsOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		for _, id := range in.Resources {
			if err := exists(tx, c, id); err != nil {
				return err
			}
			if err := removeTags(tx, c.Scope, id, func(t *tag) bool { return in.Tags == nil || named(in.Tags, t) }); err != nil {
				return err
			}
		}
		return nil
	})
	return &api.DeleteTagsOutput{}, err
}

func named(all []api.Tag, t *tag) bool {
	return slices.ContainsFunc(all, func(n api.Tag) bool {
		return value(n.Key, "") == t.Key && (n.Value == nil || *n.Value == t.Value)
	})
}

func (s *Service) DescribeTags(c *writ.Call, in *api.DescribeTagsInput) (*api.DescribeTagsOutput, error) {
	all, err := view(s, c, func(tx *store.Tx) (all []api.TagDescription, err error) {
		for t, err := range tags.Scan(tx, store.K(c.Scope.Account, c.Scope.Region)) {
			if err != nil {
				return nil, err
			}
			k, err := kindOf(t.Resource)
			if err != nil {
				return nil, err
			}
			all = append(all, api.TagDescription{ResourceId: &t.Resource, ResourceType: &k.resource, Key: &t.Key, Value: &t.Value})
		}
		return all, nil
	})
	if err != nil {
		return nil, err
	}
	if all, err = filtered(all, in.Filters, tagFilters, tagOf); err != nil {
		return nil, err
	}
	all, next, err := page(s, c, all, paging{max: in.MaxResults, token: in.NextToken},
		func(t *api.TagDescription) string { return *t.ResourceId + "\x00" + *t.Key })
	return &api.DescribeTagsOutput{Tags: all, NextToken: next}, err
}

var tagFilters = fields[api.TagDescription]{
	"key":           func(t *api.TagDescription) []string { return one(t.Key) },
	"resource-id":   func(t *api.TagDescription) []string { return one(t.ResourceId) },
	"resource-type": func(t *api.TagDescription) []string { return one(t.ResourceType) },
	"value":         func(t *api.TagDescription) []string { return one(t.Value) },
}

func tagOf(t *api.TagDescription) []api.Tag { return []api.Tag{{Key: t.Key, Value: t.Value}} }

// checkTags refuses tags that nothing can have.
func checkTags(set []api.Tag) error {
	for i, t := range set {
		key := value(t.Key, "")
		switch {
		case key == "":
			return invalidValue("Tag key cannot be null or empty.")
		case strings.HasPrefix(strings.ToLower(key), "aws:"):
			return invalidValue("Tag keys starting with 'aws:' are reserved for internal use")
		case utf8.RuneCountInString(key) > maxTagKey:
			return invalidValue("Tag key exceeds the maximum length of %d characters", maxTagKey)
		case utf8.RuneCountInString(value(t.Value, "")) > maxTagValue:
			return invalidValue("Tag value exceeds the maximum length of %d characters", maxTagValue)
		case slices.ContainsFunc(set[:i], func(other api.Tag) bool { return value(other.Key, "") == key }):
			return invalidValue("Duplicate tag key '%s' specified.", key)
		}
	}
	return nil
}

// specified are the tags that a call gives to things of one type that it makes.
func specified(specs []api.TagSpecification, resourceType string) []api.Tag {
	for _, s := range specs {
		if value(s.ResourceType, "") == resourceType {
			return s.Tags
		}
	}
	return nil
}

// checkSpecified refuses tags for types that a call does not make, and two lists
// for one.
func checkSpecified(specs []api.TagSpecification, made ...string) error {
	for i, s := range specs {
		t := value(s.ResourceType, "")
		switch {
		case t == "":
			return missing("ResourceType")
		case !slices.Contains(made, t):
			return invalidValue("'%s' is not a valid taggable resource type for this operation.", t)
		case slices.ContainsFunc(specs[:i], func(other api.TagSpecification) bool { return *other.ResourceType == t }):
			return invalidValue("The same resource type may not be specified more than once in tag specifications")
		}
		if err := checkTags(s.Tags); err != nil {
			return err
		}
	}
	return nil
}

// tagsOf are the tags of a thing in the order of their keys; nil if it has none.
func tagsOf(tx *store.Tx, scope writ.Scope, id string) (all []api.Tag, err error) {
	for t, err := range tags.Scan(tx, store.K(scope.Account, scope.Region, id)) {
		if err != nil {
			return nil, err
		}
		all = append(all, api.Tag{Key: &t.Key, Value: &t.Value})
	}
	return all, nil
}

func tagMap(all []api.Tag) map[string]string {
	if len(all) == 0 {
		return nil
	}
	m := make(map[string]string, len(all))
	for _, t := range all {
		m[*t.Key] = *t.Value
	}
	return m
}

func putTags(tx *store.Tx, scope writ.Scope, id string, set []api.Tag) error {
	for _, t := range set {
		if err := tags.Put(tx, &tag{scope.Account, scope.Region, id, *t.Key, value(t.Value, "")}); err != nil {
			return err
		}
	}
	n, err := tags.Count(tx, store.K(scope.Account, scope.Region, id))
	if err == nil && n > maxTags {
		return fault("TagLimitExceeded", "The maximum number of Tags for a resource has been reached.")
	}
	return err
}

func removeTags(tx *store.Tx, scope writ.Scope, id string, which func(*tag) bool) error {
	for t, err := range tags.Scan(tx, store.K(scope.Account, scope.Region, id)) {
		if err != nil {
			return err
		}
		if !which(t) {
			continue
		}
		if err := tags.Delete(tx, t.Account, t.Region, t.Resource, t.Key); err != nil {
			return err
		}
	}
	return nil
}

func anyTag(*tag) bool { return true }

// exists refuses the id of a thing that is not there.
func exists(tx *store.Tx, c *writ.Call, id string) error {
	k, err := kindOf(id)
	if err != nil {
		return err
	}
	n := networkOf(c.Scope)
	here := func(ids ...string) error {
		if slices.Contains(ids, id) {
			return nil
		}
		return store.ErrNotFound
	}
	switch k {
	case instanceKind:
		_, err = findInstance(tx, c, id)
	case volumeKind:
		_, err = instances.By(tx, "volume", c.Scope.Account, c.Scope.Region, id)
	case interfaceKind:
		_, err = instances.By(tx, "interface", c.Scope.Account, c.Scope.Region, id)
	case keyPairKind:
		_, err = keyPairs.By(tx, "id", c.Scope.Account, c.Scope.Region, id)
	case subnetKind:
		_, err = n.subnet(id, "")
	default:
		err = here(n.vpc(), n.group(), n.routeTable(), HostImage)
	}
	if errors.Is(err, store.ErrNotFound) {
		return k.absent(id)
	}
	return err
}
