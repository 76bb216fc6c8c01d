package ec2

import (
	"slices"
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/ec2"
)

// regions are AWS's, by partition (the SDKs' partitions.json). All of them are
// open in every account here; those that AWS opens on request are opted in.
var regions = map[string]struct{ open, optIn []string }{
	"aws": {
		strings.Fields(`ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-southeast-1 ap-southeast-2 ca-central-1
			eu-central-1 eu-north-1 eu-west-1 eu-west-2 eu-west-3 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2`),
		strings.Fields(`af-south-1 ap-east-1 ap-south-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-7 ca-west-1
			eu-central-2 eu-south-1 eu-south-2 il-central-1 me-central-1 me-south-1 mx-central-1`),
	},
	"aws-cn":     {open: []string{"cn-north-1", "cn-northwest-1"}},
	"aws-us-gov": {open: []string{"us-gov-east-1", "us-gov-west-1"}},
}

func (s *Service) DescribeRegions(c *writ.Call, in *api.DescribeRegionsInput) (*api.DescribeRegionsOutput, error) {
	all := regionShapes(c)
	for _, name := range in.RegionNames {
		if !slices.ContainsFunc(all, func(r api.Region) bool { return *r.RegionName == name }) {
			return nil, invalidValue("Invalid region provided: %s", name)
		}
	}
	named := func(r api.Region) bool {
		return len(in.RegionNames) > 0 && !slices.Contains(in.RegionNames, *r.RegionName)
	}
	all, err := filtered(slices.DeleteFunc(all, named), in.Filters, regionFilters, nil)
	return &api.DescribeRegionsOutput{Regions: all}, err
}

var regionFilters = fields[api.Region]{
	"endpoint":      func(r *api.Region) []string { return []string{*r.Endpoint} },
	"opt-in-status": func(r *api.Region) []string { return []string{*r.OptInStatus} },
	"region-name":   func(r *api.Region) []string { return []string{*r.RegionName} },
}

func regionShapes(c *writ.Call) []api.Region {
	here := regions[c.Scope.Partition]
	all := []api.Region{}
	for _, name := range here.open {
		all = append(all, regionShape(c, name, "opt-in-not-required"))
	}
	for _, name := range here.optIn {
		all = append(all, regionShape(c, name, "opted-in"))
	}
	return all
}

func regionShape(c *writ.Call, name, status string) api.Region {
	domain := ".amazonaws.com"
	if c.Scope.Partition == "aws-cn" {
		domain += ".cn"
	}
	return api.Region{RegionName: &name, Endpoint: new("ec2." + name + domain), OptInStatus: &status}
}
