package ec2

import (
	"strconv"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/ec2"
	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/store"
)

func (s *Service) DescribeVpcs(c *writ.Call, in *api.DescribeVpcsInput) (*api.DescribeVpcsOutput, error) {
	all, err := view(s, c, func(tx *store.Tx) (all []api.Vpc, err error) {
		v := networkOf(c.Scope).vpcShape()
		v.Tags, err = tagsOf(tx, c.Scope, *v.VpcId)
		return []api.Vpc{v}, err
	})
	if err != nil {
		return nil, err
	}
	all, next, err := vpcListing.answer(s, c, all, in.VpcIds, in.Filters, paging{max: in.MaxResults, token: in.NextToken})
	return &api.DescribeVpcsOutput{Vpcs: all, NextToken: next}, err
}

var vpcListing = listing[api.Vpc]{vpcKind, func(v *api.Vpc) string { return *v.VpcId }, fields[api.Vpc]{
	"cidr":            func(v *api.Vpc) []string { return one(v.CidrBlock) },
	"cidr-block":      func(v *api.Vpc) []string { return one(v.CidrBlock) },
	"dhcp-options-id": func(v *api.Vpc) []string { return one(v.DhcpOptionsId) },
	"is-default":      func(v *api.Vpc) []string { return []string{strconv.FormatBool(*v.IsDefault)} },
	"isDefault":       func(v *api.Vpc) []string { return []string{strconv.FormatBool(*v.IsDefault)} },
	"owner-id":        func(v *api.Vpc) []string { return one(v.OwnerId) },
	"state":           func(v *api.Vpc) []string { return one(v.State) },
	"vpc-id":          func(v *api.Vpc) []string { return one(v.VpcId) },
}, func(v *api.Vpc) []api.Tag { return v.Tags }}

func (n network) vpcShape() api.Vpc {
	return api.Vpc{VpcId: new(n.vpc()), OwnerId: &n.account, CidrBlock: new(vpcBlock), DhcpOptionsId: new(n.options()),
		IsDefault: new(true), InstanceTenancy: new("default"), State: new("available"),
		CidrBlockAssociationSet: []api.VpcCidrBlockAssociation{{AssociationId: new(n.id("vpc-cidr-assoc-")), CidrBlock: new(vpcBlock),
			CidrBlockState: &api.VpcCidrBlockState{State: new("associated")}}}}
}

func (s *Service) DescribeSubnets(c *writ.Call, in *api.DescribeSubnetsInput) (*api.DescribeSubnetsOutput, error) {
	all, err := view(s, c, func(tx *store.Tx) ([]api.Subnet, error) { return subnetShapes(tx, c.Scope) })
	if err != nil {
		return nil, err
	}
	all, next, err := subnetListing.answer(s, c, all, in.SubnetIds, in.Filters, paging{max: in.MaxResults, token: in.NextToken})
	return &api.DescribeSubnetsOutput{Subnets: all, NextToken: next}, err
}

var subnetListing = listing[api.Subnet]{subnetKind, func(s *api.Subnet) string { return *s.SubnetId }, fields[api.Subnet]{
	"availability-zone":    func(s *api.Subnet) []string { return one(s.AvailabilityZone) },
	"availabilityZone":     func(s *api.Subnet) []string { return one(s.AvailabilityZone) },
	"availability-zone-id": func(s *api.Subnet) []string { return one(s.AvailabilityZoneId) },
	"cidr-block":           func(s *api.Subnet) []string { return one(s.CidrBlock) },
	"cidr":                 func(s *api.Subnet) []string { return one(s.CidrBlock) },
	"default-for-az":       func(s *api.Subnet) []string { return []string{strconv.FormatBool(*s.DefaultForAz)} },
	"defaultForAz":         func(s *api.Subnet) []string { return []string{strconv.FormatBool(*s.DefaultForAz)} },
	"owner-id":             func(s *api.Subnet) []string { return one(s.OwnerId) },
	"state":                func(s *api.Subnet) []string { return one(s.State) },
	"subnet-arn":           func(s *api.Subnet) []string { return one(s.SubnetArn) },
	"subnet-id":            func(s *api.Subnet) []string { return one(s.SubnetId) },
	"vpc-id":               func(s *api.Subnet) []string { return one(s.VpcId) },
}, func(s *api.Subnet) []api.Tag { return s.Tags }}

// subnetShapes are in the order of their ids, each with the addresses that it
// has left.
func subnetShapes(tx *store.Tx, scope writ.Scope) ([]api.Subnet, error) {
	n := networkOf(scope)
	used := map[string]int{}
	for i, err := range instances.Scan(tx, store.K(n.account, n.region)) {
		if err != nil {
			return nil, err
		}
		if i.State != StateTerminated {
			used[i.Subnet]++
		}
	}
	var all []api.Subnet
	for _, sub := range n.subnets() {
		shape := n.subnetShape(sub, sub.size()-used[sub.id])
		var err error
		if shape.Tags, err = tagsOf(tx, scope, sub.id); err != nil {
			return nil, err
		}
		all = append(all, shape)
	}
	byID(all, subnetListing.id)
	return all, nil
}

func (n network) subnetShape(s subnet, left int) api.Subnet {
	at := arn.ARN{Partition: n.partition, Service: "ec2", Region: n.region, Account: n.account, Resource: "subnet/" + s.id}
	return api.Subnet{SubnetId: &s.id, SubnetArn: new(at.String()), VpcId: new(n.vpc()), OwnerId: &n.account, State: new("available"),
		AvailabilityZone: &s.zone.name, AvailabilityZoneId: &s.zone.id, CidrBlock: new(s.block.String()), AvailableIpAddressCount: &left,
		DefaultForAz: new(true), MapPublicIpOnLaunch: new(false), MapCustomerOwnedIpOnLaunch: new(false),
		AssignIpv6AddressOnCreation: new(false), EnableDns64: new(false), Ipv6Native: new(false)}
}
