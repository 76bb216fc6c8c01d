package ec2

import (
	"runtime"
	"slices"
	"strconv"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/ec2"
	"github.com/writ-iam/writ/store"
)

// HostImage is the one image, in every account and region: the host that Writ
// runs on. An instance started from it is a part of this host.
const HostImage = "ami-00000000000000001"

const (
	rootDevice = "/dev/xvda"
	rootSize   = 8 // GiB
	rootType   = "gp3"
)

func (s *Service) DescribeImages(c *writ.Call, in *api.DescribeImagesInput) (*api.DescribeImagesOutput, error) {
	all, err := view(s, c, func(tx *store.Tx) (all []api.Image, err error) {
		i := hostImage(c.Scope.Account)
		i.Tags, err = tagsOf(tx, c.Scope, HostImage)
		return []api.Image{i}, err
	})
	if err != nil {
		return nil, err
	}
	all, next, err := imageListing.answer(s, c, all, in.ImageIds, in.Filters, paging{max: in.MaxResults, token: in.NextToken})
	owned := func(owner string) bool { return owner == "self" || owner == c.Scope.Account }
	usable := func(user string) bool { return user == "all" || owned(user) }
	if len(in.Owners) > 0 && !slices.ContainsFunc(in.Owners, owned) || len(in.ExecutableUsers) > 0 && !slices.ContainsFunc(in.ExecutableUsers, usable) {
		all = []api.Image{}
	}
	return &api.DescribeImagesOutput{Images: all, NextToken: next}, err
}

var imageListing = listing[api.Image]{imageKind, func(i *api.Image) string { return *i.ImageId }, fields[api.Image]{
	"architecture":        func(i *api.Image) []string { return one(i.Architecture) },
	"description":         func(i *api.Image) []string { return one(i.Description) },
	"image-id":            func(i *api.Image) []string { return one(i.ImageId) },
	"image-type":          func(i *api.Image) []string { return one(i.ImageType) },
	"is-public":           func(i *api.Image) []string { return []string{strconv.FormatBool(*i.Public)} },
	"name":                func(i *api.Image) []string { return one(i.Name) },
	"owner-alias":         func(i *api.Image) []string { return one(i.ImageOwnerAlias) },
	"owner-id":            func(i *api.Image) []string { return one(i.OwnerId) },
	"platform":            func(i *api.Image) []string { return one(i.Platform) },
	"root-device-name":    func(i *api.Image) []string { return one(i.RootDeviceName) },
	"root-device-type":    func(i *api.Image) []string { return one(i.RootDeviceType) },
	"state":               func(i *api.Image) []string { return one(i.State) },
	"virtualization-type": func(i *api.Image) []string { return one(i.VirtualizationType) },
}, func(i *api.Image) []api.Tag { return i.Tags }}

// hostImage says of the host what there is to say; every account owns it.
func hostImage(account string) api.Image {
	i := api.Image{ImageId: new(HostImage), Name: new("writ-host"), Description: new("The host that Writ runs on"), ImageLocation: new(account + "/writ-host"),
		OwnerId: &account, Public: new(true), State: new("available"), ImageType: new("machine"), Architecture: new(hostArchitecture()),
		PlatformDetails: new("Linux/UNIX"), UsageOperation: new("RunInstances"), VirtualizationType: new("hvm"), ImdsSupport: new("v2.0"),
		RootDeviceName: new(rootDevice), RootDeviceType: new("ebs"),
		BlockDeviceMappings: []api.BlockDeviceMapping{{DeviceName: new(rootDevice), Ebs: &api.EbsBlockDevice{DeleteOnTermination: new(true),
			VolumeSize: new(rootSize), VolumeType: new(rootType), Encrypted: new(false)}}}}
	if runtime.GOOS == "windows" {
		i.Platform, i.PlatformDetails, i.UsageOperation = new("windows"), new("Windows"), new("RunInstances:0002")
	}
	return i
}

func hostArchitecture() string {
	if runtime.GOARCH == "arm64" {
		return "arm64"
	}
	return "x86_64"
}
