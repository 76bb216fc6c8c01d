package ec2

import (
	"strconv"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/ec2"
	"github.com/writ-iam/writ/store"
)

// launched is an instance with the reservation that it belongs to.
type launched struct {
	api.Instance
	reservation, owner string
}

func (s *Service) DescribeInstances(c *writ.Call, in *api.DescribeInstancesInput) (*api.DescribeInstancesOutput, error) {
	all, err := view(s, c, func(tx *store.Tx) ([]launched, error) { return launchedShapes(tx, c) })
	if err != nil {
		return nil, err
	}
	all, next, err := instanceListing.answer(s, c, all, in.InstanceIds, in.Filters, paging{max: in.MaxResults, token: in.NextToken})
	return &api.DescribeInstancesOutput{Reservations: reservations(all), NextToken: next}, err
}

func launchedShapes(tx *store.Tx, c *writ.Call) (all []launched, err error) {
	rows, err := shown(tx, c)
	if err != nil {
		return nil, err
	}
	for _, i := range rows {
		shape, err := i.shape(tx)
		if err != nil {
			return nil, err
		}
		all = append(all, launched{shape, i.Reservation, i.Account})
	}
	return all, nil
}

// reservations groups instances by the call that launched them.
func reservations(all []launched) []api.Reservation {
	groups := []api.Reservation{}
	at := map[string]int{}
	for _, i := range all {
		if _, known := at[i.reservation]; !known {
			at[i.reservation] = len(groups)
			groups = append(groups, api.Reservation{ReservationId: &i.reservation, OwnerId: &i.owner, Groups: []api.GroupIdentifier{}})
		}
		group := &groups[at[i.reservation]]
		group.Instances = append(group.Instances, i.Instance)
	}
	return groups
}

var instanceListing = listing[launched]{instanceKind, func(i *launched) string { return *i.InstanceId }, fields[launched]{
	"architecture":                   func(i *launched) []string { return one(i.Architecture) },
	"availability-zone":              func(i *launched) []string { return one(i.Placement.AvailabilityZone) },
	"client-token":                   func(i *launched) []string { return one(i.ClientToken) },
	"dns-name":                       func(i *launched) []string { return one(i.PublicDnsName) },
	"group-id":                       instanceGroupIDs,
	"group-name":                     instanceGroupNames,
	"iam-instance-profile.arn":       func(i *launched) []string { return i.profile(func(p *api.IamInstanceProfile) *string { return p.Arn }) },
	"iam-instance-profile.id":        func(i *launched) []string { return i.profile(func(p *api.IamInstanceProfile) *string { return p.Id }) },
	"image-id":                       func(i *launched) []string { return one(i.ImageId) },
	"instance-id":                    func(i *launched) []string { return one(i.InstanceId) },
	"instance-lifecycle":             func(i *launched) []string { return one(i.InstanceLifecycle) },
	"instance-state-code":            func(i *launched) []string { return []string{strconv.Itoa(*i.State.Code)} },
	"instance-state-name":            func(i *launched) []string { return one(i.State.Name) },
	"instance-type":                  func(i *launched) []string { return one(i.InstanceType) },
	"instance.group-id":              instanceGroupIDs,
	"instance.group-name":            instanceGroupNames,
	"key-name":                       func(i *launched) []string { return one(i.KeyName) },
	"launch-index":                   func(i *launched) []string { return []string{strconv.Itoa(*i.AmiLaunchIndex)} },
	"metadata-options.http-endpoint": func(i *launched) []string { return one(i.MetadataOptions.HttpEndpoint) },
	"metadata-options.http-put-response-hop-limit": func(i *launched) []string { return []string{strconv.Itoa(*i.MetadataOptions.HttpPutResponseHopLimit)} },
	"metadata-options.http-tokens":                 func(i *launched) []string { return one(i.MetadataOptions.HttpTokens) },
	"metadata-options.instance-metadata-tags":      func(i *launched) []string { return one(i.MetadataOptions.InstanceMetadataTags) },
	"network-interface.network-interface-id":       func(i *launched) []string { return i.interfaceIDs() },
	"owner-id":                                     func(i *launched) []string { return []string{i.owner} },
	"platform-details":                             func(i *launched) []string { return one(i.PlatformDetails) },
	"private-dns-name":                             func(i *launched) []string { return one(i.PrivateDnsName) },
	"private-ip-address":                           func(i *launched) []string { return one(i.PrivateIpAddress) },
	"reservation-id":                               func(i *launched) []string { return []string{i.reservation} },
	"root-device-name":                             func(i *launched) []string { return one(i.RootDeviceName) },
	"root-device-type":                             func(i *launched) []string { return one(i.RootDeviceType) },
	"subnet-id":                                    func(i *launched) []string { return one(i.SubnetId) },
	"tenancy":                                      func(i *launched) []string { return one(i.Placement.Tenancy) },
	"virtualization-type":                          func(i *launched) []string { return one(i.VirtualizationType) },
	"vpc-id":                                       func(i *launched) []string { return one(i.VpcId) },
	"block-device-mapping.volume-id":               func(i *launched) []string { return i.volumeIDs() },
}, func(i *launched) []api.Tag { return i.Tags }}

func instanceGroupIDs(i *launched) (all []string) {
	for _, g := range i.SecurityGroups {
		all = append(all, *g.GroupId)
	}
	return all
}

func instanceGroupNames(i *launched) (all []string) {
	for _, g := range i.SecurityGroups {
		all = append(all, *g.GroupName)
	}
	return all
}

func (i *launched) profile(of func(*api.IamInstanceProfile) *string) []string {
	if i.IamInstanceProfile == nil {
		return nil
	}
	return one(of(i.IamInstanceProfile))
}

func (i *launched) interfaceIDs() (all []string) {
	for _, n := range i.NetworkInterfaces {
		all = append(all, *n.NetworkInterfaceId)
	}
	return all
}

func (i *launched) volumeIDs() (all []string) {
	for _, b := range i.BlockDeviceMappings {
		all = append(all, *b.Ebs.VolumeId)
	}
	return all
}
