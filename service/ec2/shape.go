package ec2

import (
	api "github.com/writ-iam/writ/api/ec2"
	"github.com/writ-iam/writ/store"
)

// shape is the instance as the API shows it.
func (i *instance) shape(tx *store.Tx) (api.Instance, error) {
	all, err := tagsOf(tx, i.scope(), i.ID)
	shape := i.basics()
	shape.Tags = all
	if i.State == StateTerminated {
		shape.BlockDeviceMappings, shape.NetworkInterfaces = []api.InstanceBlockDeviceMapping{}, []api.InstanceNetworkInterface{}
		return shape, err
	}
	i.placeShape(&shape)
	return shape, err
}

// basics are what is seen of an instance even after its end.
func (i *instance) basics() api.Instance {
	m, _ := machineOf(i.Type)
	shape := api.Instance{InstanceId: &i.ID, ImageId: &i.Image, InstanceType: &i.Type, AmiLaunchIndex: &i.Index, LaunchTime: &i.Launched,
		State: stateShape(i.State), Architecture: &m.arch, ClientToken: &i.Token, EbsOptimized: new(false), EnaSupport: new(true),
		VirtualizationType: new("hvm"), RootDeviceName: new(rootDevice), RootDeviceType: new("ebs"), PlatformDetails: new("Linux/UNIX"),
		Placement: &api.Placement{AvailabilityZone: &i.Zone, AvailabilityZoneId: new(zoneID(i.Region, i.Zone)), Tenancy: new("default"), GroupName: new("")}, Monitoring: &api.Monitoring{State: new("disabled")},
		MetadataOptions: i.Metadata.shape("applied"), SecurityGroups: []api.GroupIdentifier{}, ProductCodes: []api.ProductCode{},
		PrivateDnsName: new(""), PublicDnsName: new(""), StateTransitionReason: new(""), SourceDestCheck: new(true)}
	if i.KeyName != "" {
		shape.KeyName = &i.KeyName
	}
	if i.Market == spot {
		shape.InstanceLifecycle = new(spot)
	}
	if i.State != StateRunning {
		shape.StateReason = &api.StateReason{Code: new("Client.UserInitiatedShutdown"), Message: new("Client.UserInitiatedShutdown: User initiated shutdown")}
		shape.StateTransitionReason = new("User initiated (" + i.Changed.Format("2006-01-02 15:04:05") + " GMT)")
	}
	return shape
}

// placeShape adds what an instance has until its end: its place in the network,
// its root volume and its profile.
func (i *instance) placeShape(shape *api.Instance) {
	n := networkOf(i.scope())
	shape.SubnetId, shape.VpcId, shape.PrivateIpAddress = &i.Subnet, new(n.vpc()), &i.Address
	shape.PrivateDnsName, shape.SecurityGroups = new(hostname(i.Region, i.Address)), n.groups()
	shape.PrivateDnsNameOptions = &api.PrivateDnsNameOptionsResponse{HostnameType: new("ip-name"),
		EnableResourceNameDnsARecord: new(false), EnableResourceNameDnsAAAARecord: new(false)}
	shape.BlockDeviceMappings = []api.InstanceBlockDeviceMapping{{DeviceName: new(rootDevice), Ebs: &api.EbsInstanceBlockDevice{
		VolumeId: &i.Volume, AttachTime: &i.Created, DeleteOnTermination: new(true), Status: new("attached")}}}
	shape.NetworkInterfaces = []api.InstanceNetworkInterface{i.interfaceShape(n)}
	if i.Profile != nil {
		shape.IamInstanceProfile = i.Profile.shape()
	}
}

func (i *instance) interfaceShape(n network) api.InstanceNetworkInterface {
	name := hostname(i.Region, i.Address)
	return api.InstanceNetworkInterface{NetworkInterfaceId: &i.Interface, OwnerId: &i.Account, SubnetId: &i.Subnet, VpcId: new(n.vpc()),
		Description: new(""), InterfaceType: new("interface"), MacAddress: new(i.mac()), Status: new("in-use"), SourceDestCheck: new(true),
		PrivateIpAddress: &i.Address, PrivateDnsName: &name, Groups: n.groups(),
		PrivateIpAddresses: []api.InstancePrivateIpAddress{{Primary: new(true), PrivateIpAddress: &i.Address, PrivateDnsName: &name}},
		Attachment: &api.InstanceNetworkInterfaceAttachment{AttachmentId: new(computedID("eni-attach-", i.Interface)), AttachTime: &i.Created,
			DeviceIndex: new(0), NetworkCardIndex: new(0), Status: new("attached"), DeleteOnTermination: new(true)}}
}

func (a *association) shape() *api.IamInstanceProfile {
	return &api.IamInstanceProfile{Arn: &a.ARN, Id: &a.ProfileID}
}
