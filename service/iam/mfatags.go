package iam

import (
	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
)

func (s *Service) TagMFADevice(c *writ.Call, in *api.TagMFADeviceInput) (*api.TagMFADeviceOutput, error) {
	return &api.TagMFADeviceOutput{}, setTags(s, c, mfaDevices, mfaKind, findDevice, in.SerialNumber, in.Tags)
}

func (s *Service) UntagMFADevice(c *writ.Call, in *api.UntagMFADeviceInput) (*api.UntagMFADeviceOutput, error) {
	return &api.UntagMFADeviceOutput{}, removeTags(s, c, mfaDevices, mfaKind, findDevice, in.SerialNumber, in.TagKeys)
}

func (s *Service) ListMFADeviceTags(c *writ.Call, in *api.ListMFADeviceTagsInput) (*api.ListMFADeviceTagsOutput, error) {
	all, err := listTags(s, c, findDevice, in.SerialNumber, paging{in.Marker, in.MaxItems})
	return (*api.ListMFADeviceTagsOutput)(all), err
}
