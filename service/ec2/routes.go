package ec2

import (
	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/ec2"
	"github.com/writ-iam/writ/store"
)

// DescribeVpcAttribute tells what is true of every default VPC.
func (s *Service) DescribeVpcAttribute(c *writ.Call, in *api.DescribeVpcAttributeInput) (*api.DescribeVpcAttributeOutput, error) {
	if err := vpcKind.check(in.VpcId); err != nil {
		return nil, err
	}
	if in.VpcId != networkOf(c.Scope).vpc() {
		return nil, vpcKind.absent(in.VpcId)
	}
	out := &api.DescribeVpcAttributeOutput{VpcId: &in.VpcId}
	switch in.Attribute {
	case "enableDnsSupport":
		out.EnableDnsSupport = &api.AttributeBooleanValue{Value: new(true)}
	case "enableDnsHostnames":
		out.EnableDnsHostnames = &api.AttributeBooleanValue{Value: new(true)}
	case "enableNetworkAddressUsageMetrics":
		out.EnableNetworkAddressUsageMetrics = &api.AttributeBooleanValue{Value: new(false)}
	}
	return out, nil
}

// DescribeRouteTables tells of the main route table alone, and of the one route
// that it has: there is no gateway to anywhere.
func (s *Service) DescribeRouteTables(c *writ.Call, in *api.DescribeRouteTablesInput) (*api.DescribeRouteTablesOutput, error) {
	all, err := view(s, c, func(tx *store.Tx) (all []api.RouteTable, err error) {
		t := networkOf(c.Scope).routeTableShape()
		t.Tags, err = tagsOf(tx, c.Scope, *t.RouteTableId)
		return []api.RouteTable{t}, err
	})
	if err != nil {
		return nil, err
	}
	all, next, err := routeTableListing.answer(s, c, all, in.RouteTableIds, in.Filters, paging{max: in.MaxResults, token: in.NextToken})
	return &api.DescribeRouteTablesOutput{RouteTables: all, NextToken: next}, err
}

func (n network) routeTable() string { return n.id(routeTableKind.prefix) }

func (n network) routeTableShape() api.RouteTable {
	return api.RouteTable{RouteTableId: new(n.routeTable()), VpcId: new(n.vpc()), OwnerId: &n.account, PropagatingVgws: []api.PropagatingVgw{},
		Routes: []api.Route{{DestinationCidrBlock: new(vpcBlock), GatewayId: new("local"), Origin: new("CreateRouteTable"), State: new("active")}},
		Associations: []api.RouteTableAssociation{{Main: new(true), RouteTableId: new(n.routeTable()), RouteTableAssociationId: new(n.id("rtbassoc-")),
			AssociationState: &api.RouteTableAssociationState{State: new("associated")}}}}
}

var routeTableListing = listing[api.RouteTable]{routeTableKind, func(t *api.RouteTable) string { return *t.RouteTableId }, fields[api.RouteTable]{
	"association.main":                       func(t *api.RouteTable) []string { return flag(t.Associations[0].Main) },
	"association.route-table-association-id": func(t *api.RouteTable) []string { return one(t.Associations[0].RouteTableAssociationId) },
	"association.route-table-id":             func(t *api.RouteTable) []string { return one(t.RouteTableId) },
	"association.subnet-id":                  func(t *api.RouteTable) []string { return one(t.Associations[0].SubnetId) },
	"owner-id":                               func(t *api.RouteTable) []string { return one(t.OwnerId) },
	"route-table-id":                         func(t *api.RouteTable) []string { return one(t.RouteTableId) },
	"route.destination-cidr-block":           func(t *api.RouteTable) []string { return one(t.Routes[0].DestinationCidrBlock) },
	"route.gateway-id":                       func(t *api.RouteTable) []string { return one(t.Routes[0].GatewayId) },
	"vpc-id":                                 func(t *api.RouteTable) []string { return one(t.VpcId) },
}, func(t *api.RouteTable) []api.Tag { return t.Tags }}
