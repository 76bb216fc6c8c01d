package ec2

import (
	"slices"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/ec2"
	"github.com/writ-iam/writ/store"
)

func (s *Service) DescribeRegions(c *writ.Call, in *api.DescribeRegionsInput) (*api.DescribeRegionsOutput, error) {
	all, err := s.regionShapes(c)
	if err != nil {
		return nil, err
	}
	for _, name := range in.RegionNames {
		if !slices.ContainsFunc(all, func(r api.Region) bool { return *r.RegionName == name }) {
			return nil, invalidValue("Invalid region provided: %s", name)
		}
	}
	unwanted := func(r api.Region) bool {
		if len(in.RegionNames) > 0 {
			return !slices.Contains(in.RegionNames, *r.RegionName)
		}
		return *r.OptInStatus == "not-opted-in" && (in.AllRegions == nil || !*in.AllRegions)
	}
	all, err = filtered(slices.DeleteFunc(all, unwanted), in.Filters, regionFilters, nil)
	return &api.DescribeRegionsOutput{Regions: all}, err
}

var regionFilters = fields[api.Region]{
	"endpoint":      func(r *api.Region) []string { return []string{*r.Endpoint} },
	"opt-in-status": func(r *api.Region) []string { return []string{*r.OptInStatus} },
	"region-name":   func(r *api.Region) []string { return []string{*r.RegionName} },
}

// regionShapes are all regions of the partition, in the eyes of the account.
func (s *Service) regionShapes(c *writ.Call) ([]api.Region, error) {
	var enabled []string
	err := s.db.View(c.Context, func(tx *store.Tx) (err error) {
		enabled, err = s.regions.EnabledRegions(tx, c.Scope.Account)
		return err
	})
	here := writ.PartitionNamed(c.Scope.Partition)
	all := []api.Region{}
	for _, name := range here.Default {
		all = append(all, regionShape(c, name, "opt-in-not-required"))
	}
	for _, name := range here.OptIn {
		status := "not-opted-in"
		if slices.Contains(enabled, name) {
			status = "opted-in"
		}
		all = append(all, regionShape(c, name, status))
	}
	return all, err
}

func regionShape(c *writ.Call, name, status string) api.Region {
	domain := ".amazonaws.com"
	if c.Scope.Partition == "aws-cn" {
		domain += ".cn"
	}
	return api.Region{RegionName: &name, Endpoint: new("ec2." + name + domain), OptInStatus: &status}
}
