package ec2

import (
	"slices"
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/ec2"
)

// zone is an availability zone. Every region has three.
type zone struct{ name, id string }

func zonesOf(region string) []zone {
	var all []zone
	for i, letter := range []string{"a", "b", "c"} {
		all = append(all, zone{region + letter, zoneIDPrefix(region) + string(rune('1'+i))})
	}
	return all
}

// zoneIDPrefix is "use1-az" for us-east-1, as AWS abbreviates its regions.
func zoneIDPrefix(region string) string {
	parts := strings.Split(region, "-")
	n := len(parts)
	place := parts[n-2]
	short := place[:1]
	for _, second := range []string{"east", "west"} {
		if strings.HasSuffix(place, second) && place != second {
			short += second[:1] // northeast is "ne"
		}
	}
	area := strings.Join(parts[:n-2], "")
	return strings.Replace(area, "usgov", "usg", 1) + short + parts[n-1] + "-az"
}

func zoneID(region, name string) string {
	for _, z := range zonesOf(region) {
		if z.name == name {
			return z.id
		}
	}
	return ""
}

func (s *Service) DescribeAvailabilityZones(c *writ.Call, in *api.DescribeAvailabilityZonesInput) (*api.DescribeAvailabilityZonesOutput, error) {
	all := []api.AvailabilityZone{}
	for _, z := range zonesOf(c.Scope.Region) {
		all = append(all, api.AvailabilityZone{ZoneName: &z.name, ZoneId: &z.id, RegionName: &c.Scope.Region, GroupName: &c.Scope.Region,
			NetworkBorderGroup: &c.Scope.Region, State: new("available"), OptInStatus: new("opt-in-not-required"),
			ZoneType: new("availability-zone"), Messages: []api.AvailabilityZoneMessage{}})
	}
	var err error
	if all, err = namedZones(all, in.ZoneNames, func(z *api.AvailabilityZone) string { return *z.ZoneName }); err != nil {
		return nil, err
	}
	if all, err = namedZones(all, in.ZoneIds, func(z *api.AvailabilityZone) string { return *z.ZoneId }); err != nil {
		return nil, err
	}
	all, err = filtered(all, in.Filters, zoneFilters, nil)
	return &api.DescribeAvailabilityZonesOutput{AvailabilityZones: all}, err
}

// namedZones leaves those that are asked for, all if none is.
func namedZones(all []api.AvailabilityZone, names []string, of func(*api.AvailabilityZone) string) ([]api.AvailabilityZone, error) {
	for _, name := range names {
		if !slices.ContainsFunc(all, func(z api.AvailabilityZone) bool { return of(&z) == name }) {
			return nil, invalidValue("Invalid availability zone: [%s]", name)
		}
	}
	return slices.DeleteFunc(all, func(z api.AvailabilityZone) bool { return len(names) > 0 && !slices.Contains(names, of(&z)) }), nil
}

var zoneFilters = fields[api.AvailabilityZone]{
	"group-name":    func(z *api.AvailabilityZone) []string { return []string{*z.GroupName} },
	"opt-in-status": func(z *api.AvailabilityZone) []string { return []string{*z.OptInStatus} },
	"region-name":   func(z *api.AvailabilityZone) []string { return []string{*z.RegionName} },
	"state":         func(z *api.AvailabilityZone) []string { return []string{*z.State} },
	"zone-id":       func(z *api.AvailabilityZone) []string { return []string{*z.ZoneId} },
	"zone-name":     func(z *api.AvailabilityZone) []string { return []string{*z.ZoneName} },
	"zone-type":     func(z *api.AvailabilityZone) []string { return []string{*z.ZoneType} },
}
