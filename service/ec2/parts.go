package ec2

import (
	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/ec2"
	"github.com/writ-iam/writ/store"
)

// Volumes and network interfaces are parts of an instance: they come and go
// with it, and have records only in it.

func (s *Service) DescribeVolumes(c *writ.Call, in *api.DescribeVolumesInput) (*api.DescribeVolumesOutput, error) {
	all, err := view(s, c, func(tx *store.Tx) ([]api.Volume, error) {
		all, err := eachPart(tx, c, (*instance).volumeShape)
		byID(all, volumeListing.id)
		return all, err
	})
	if err != nil {
		return nil, err
	}
	all, next, err := volumeListing.answer(s, c, all, in.VolumeIds, in.Filters, paging{max: in.MaxResults, token: in.NextToken})
	return &api.DescribeVolumesOutput{Volumes: all, NextToken: next}, err
}

// eachPart shows a part of each instance that has not ended.
func eachPart[T any](tx *store.Tx, c *writ.Call, shape func(*instance, *store.Tx) (T, error)) (all []T, err error) {
	rows, err := shown(tx, c)
	if err != nil {
		return nil, err
	}
	for _, i := range rows {
		if i.State == StateTerminated {
			continue
		}
		part, err := shape(i, tx)
		if err != nil {
			return nil, err
		}
		all = append(all, part)
	}
	return all, nil
}

func (i *instance) volumeShape(tx *store.Tx) (api.Volume, error) {
	all, err := tagsOf(tx, i.scope(), i.Volume)
	return api.Volume{VolumeId: &i.Volume, AvailabilityZone: &i.Zone, AvailabilityZoneId: new(zoneID(i.Region, i.Zone)), Size: new(rootSize), VolumeType: new(rootType),
		State: new("in-use"), CreateTime: &i.Created, Encrypted: new(false), MultiAttachEnabled: new(false), SnapshotId: new(""), Tags: all,
		Attachments: []api.VolumeAttachment{{VolumeId: &i.Volume, InstanceId: &i.ID, Device: new(rootDevice), State: new("attached"),
			AttachTime: &i.Created, DeleteOnTermination: new(true)}}}, err
}

var volumeListing = listing[api.Volume]{volumeKind, func(v *api.Volume) string { return *v.VolumeId }, fields[api.Volume]{
	"attachment.device":      func(v *api.Volume) []string { return one(v.Attachments[0].Device) },
	"attachment.instance-id": func(v *api.Volume) []string { return one(v.Attachments[0].InstanceId) },
	"attachment.status":      func(v *api.Volume) []string { return one(v.Attachments[0].State) },
	"availability-zone":      func(v *api.Volume) []string { return one(v.AvailabilityZone) },
	"status":                 func(v *api.Volume) []string { return one(v.State) },
	"volume-id":              func(v *api.Volume) []string { return one(v.VolumeId) },
	"volume-type":            func(v *api.Volume) []string { return one(v.VolumeType) },
}, func(v *api.Volume) []api.Tag { return v.Tags }}

func (s *Service) DescribeNetworkInterfaces(c *writ.Call, in *api.DescribeNetworkInterfacesInput) (*api.DescribeNetworkInterfacesOutput, error) {
	all, err := view(s, c, func(tx *store.Tx) ([]api.NetworkInterface, error) {
		all, err := eachPart(tx, c, (*instance).networkInterface)
		byID(all, interfaceListing.id)
		return all, err
	})
	if err != nil {
		return nil, err
	}
	all, next, err := interfaceListing.answer(s, c, all, in.NetworkInterfaceIds, in.Filters, paging{max: in.MaxResults, token: in.NextToken})
	return &api.DescribeNetworkInterfacesOutput{NetworkInterfaces: all, NextToken: next}, err
}

func (i *instance) networkInterface(tx *store.Tx) (api.NetworkInterface, error) {
	all, err := tagsOf(tx, i.scope(), i.Interface)
	n, name := networkOf(i.scope()), hostname(i.Region, i.Address)
	return api.NetworkInterface{NetworkInterfaceId: &i.Interface, OwnerId: &i.Account, SubnetId: &i.Subnet, VpcId: new(n.vpc()), AvailabilityZone: &i.Zone,
		AvailabilityZoneId: new(zoneID(i.Region, i.Zone)), Description: new(""), InterfaceType: new("interface"), MacAddress: new(i.mac()), Status: new("in-use"), SourceDestCheck: new(true),
		RequesterManaged: new(false), PrivateIpAddress: &i.Address, PrivateDnsName: &name, Groups: n.groups(), TagSet: all,
		PrivateIpAddresses: []api.NetworkInterfacePrivateIpAddress{{Primary: new(true), PrivateIpAddress: &i.Address, PrivateDnsName: &name}},
		Attachment: &api.NetworkInterfaceAttachment{AttachmentId: new(computedID("eni-attach-", i.Interface)), InstanceId: &i.ID, InstanceOwnerId: &i.Account,
			AttachTime: &i.Created, DeviceIndex: new(0), NetworkCardIndex: new(0), Status: new("attached"), DeleteOnTermination: new(true)}}, err
}

var interfaceListing = listing[api.NetworkInterface]{interfaceKind, func(n *api.NetworkInterface) string { return *n.NetworkInterfaceId }, fields[api.NetworkInterface]{
	"addresses.private-ip-address": func(n *api.NetworkInterface) []string { return one(n.PrivateIpAddress) },
	"attachment.attachment-id":     func(n *api.NetworkInterface) []string { return one(n.Attachment.AttachmentId) },
	"attachment.instance-id":       func(n *api.NetworkInterface) []string { return one(n.Attachment.InstanceId) },
	"attachment.status":            func(n *api.NetworkInterface) []string { return one(n.Attachment.Status) },
	"availability-zone":            func(n *api.NetworkInterface) []string { return one(n.AvailabilityZone) },
	"description":                  func(n *api.NetworkInterface) []string { return one(n.Description) },
	"group-id":                     func(n *api.NetworkInterface) []string { return one(n.Groups[0].GroupId) },
	"group-name":                   func(n *api.NetworkInterface) []string { return one(n.Groups[0].GroupName) },
	"mac-address":                  func(n *api.NetworkInterface) []string { return one(n.MacAddress) },
	"network-interface-id":         func(n *api.NetworkInterface) []string { return one(n.NetworkInterfaceId) },
	"owner-id":                     func(n *api.NetworkInterface) []string { return one(n.OwnerId) },
	"private-dns-name":             func(n *api.NetworkInterface) []string { return one(n.PrivateDnsName) },
	"private-ip-address":           func(n *api.NetworkInterface) []string { return one(n.PrivateIpAddress) },
	"status":                       func(n *api.NetworkInterface) []string { return one(n.Status) },
	"subnet-id":                    func(n *api.NetworkInterface) []string { return one(n.SubnetId) },
	"vpc-id":                       func(n *api.NetworkInterface) []string { return one(n.VpcId) },
}, func(n *api.NetworkInterface) []api.Tag { return n.TagSet }}
