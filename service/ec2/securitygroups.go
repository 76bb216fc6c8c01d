package ec2

import (
	"slices"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/ec2"
	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/store"
)

func (s *Service) DescribeSecurityGroups(c *writ.Call, in *api.DescribeSecurityGroupsInput) (*api.DescribeSecurityGroupsOutput, error) {
	all, err := view(s, c, func(tx *store.Tx) (all []api.SecurityGroup, err error) {
		g := networkOf(c.Scope).groupShape()
		g.Tags, err = tagsOf(tx, c.Scope, *g.GroupId)
		return []api.SecurityGroup{g}, err
	})
	if err != nil {
		return nil, err
	}
	if at := slices.IndexFunc(in.GroupNames, func(name string) bool { return name != defaultGroup }); at >= 0 {
		return nil, noGroupNamed(c, in.GroupNames[at])
	}
	all, next, err := groupListing.answer(s, c, all, in.GroupIds, in.Filters, paging{max: in.MaxResults, token: in.NextToken})
	return &api.DescribeSecurityGroupsOutput{SecurityGroups: all, NextToken: next}, err
}

func noGroupNamed(c *writ.Call, name string) error {
	return fault(groupKind.notFound, "The security group '%s' does not exist in default VPC '%s'", name, networkOf(c.Scope).vpc())
}

var groupListing = listing[api.SecurityGroup]{groupKind, func(g *api.SecurityGroup) string { return *g.GroupId }, fields[api.SecurityGroup]{
	"description": func(g *api.SecurityGroup) []string { return one(g.Description) },
	"group-id":    func(g *api.SecurityGroup) []string { return one(g.GroupId) },
	"group-name":  func(g *api.SecurityGroup) []string { return one(g.GroupName) },
	"owner-id":    func(g *api.SecurityGroup) []string { return one(g.OwnerId) },
	"vpc-id":      func(g *api.SecurityGroup) []string { return one(g.VpcId) },
}, func(g *api.SecurityGroup) []api.Tag { return g.Tags }}

// groupShape is the default security group, with the rules that AWS gives it.
func (n network) groupShape() api.SecurityGroup {
	at := arn.ARN{Partition: n.partition, Service: "ec2", Region: n.region, Account: n.account, Resource: "security-group/" + n.group()}
	within := api.IpPermission{IpProtocol: new("-1"), UserIdGroupPairs: []api.UserIdGroupPair{{GroupId: new(n.group()), UserId: &n.account}}}
	outward := api.IpPermission{IpProtocol: new("-1"), IpRanges: []api.IpRange{{CidrIp: new("0.0.0.0/0")}}}
	return api.SecurityGroup{GroupId: new(n.group()), SecurityGroupArn: new(at.String()), GroupName: new(defaultGroup), OwnerId: &n.account,
		VpcId: new(n.vpc()), Description: new("default VPC security group"),
		IpPermissions: []api.IpPermission{within}, IpPermissionsEgress: []api.IpPermission{outward}}
}

// checkGroups demands that security groups are there: the one that is.
func checkGroups(c *writ.Call, ids, names []string) error {
	if err := groupKind.check(ids...); err != nil {
		return err
	}
	for _, id := range ids {
		if id != networkOf(c.Scope).group() {
			return groupKind.absent(id)
		}
	}
	for _, name := range names {
		if name != defaultGroup {
			return noGroupNamed(c, name)
		}
	}
	return nil
}
