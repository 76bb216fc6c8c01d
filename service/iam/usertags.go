package iam

import (
	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
)

func (s *Service) TagUser(c *writ.Call, in *api.TagUserInput) (*api.TagUserOutput, error) {
	return &api.TagUserOutput{}, setTags(s, c, users, userKind, findUser, in.UserName, in.Tags)
}

func (s *Service) UntagUser(c *writ.Call, in *api.UntagUserInput) (*api.UntagUserOutput, error) {
	return &api.UntagUserOutput{}, removeTags(s, c, users, userKind, findUser, in.UserName, in.TagKeys)
}

func (s *Service) ListUserTags(c *writ.Call, in *api.ListUserTagsInput) (*api.ListUserTagsOutput, error) {
	all, err := listTags(s, c, findUser, in.UserName, paging{in.Marker, in.MaxItems})
	return (*api.ListUserTagsOutput)(all), err
}
