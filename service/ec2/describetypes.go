package ec2

import (
	"slices"
	"strconv"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/ec2"
)

func (s *Service) DescribeInstanceTypes(c *writ.Call, in *api.DescribeInstanceTypesInput) (*api.DescribeInstanceTypesOutput, error) {
	all := []api.InstanceTypeInfo{}
	for _, m := range catalogue {
		if len(in.InstanceTypes) == 0 || slices.Contains(in.InstanceTypes, m.name) {
			all = append(all, m.shape())
		}
	}
	for _, name := range in.InstanceTypes {
		if !slices.ContainsFunc(catalogue, func(m machine) bool { return m.name == name }) {
			return nil, fault("InvalidInstanceType", "The following supplied instance types do not exist: [%s]", name)
		}
	}
	all, err := filtered(all, in.Filters, typeFilters, nil)
	if err != nil {
		return nil, err
	}
	all, next, err := page(s, c, all, paging{max: in.MaxResults, token: in.NextToken}, func(t *api.InstanceTypeInfo) string { return *t.InstanceType })
	return &api.DescribeInstanceTypesOutput{InstanceTypes: all, NextToken: next}, err
}

var typeFilters = fields[api.InstanceTypeInfo]{
	"burstable-performance-supported": func(t *api.InstanceTypeInfo) []string { return flag(t.BurstablePerformanceSupported) },
	"current-generation":              func(t *api.InstanceTypeInfo) []string { return flag(t.CurrentGeneration) },
	"free-tier-eligible":              func(t *api.InstanceTypeInfo) []string { return flag(t.FreeTierEligible) },
	"instance-type":                   func(t *api.InstanceTypeInfo) []string { return one(t.InstanceType) },
	"memory-info.size-in-mib": func(t *api.InstanceTypeInfo) []string {
		return []string{strconv.FormatInt(*t.MemoryInfo.SizeInMiB, 10)}
	},
	"processor-info.supported-architecture": func(t *api.InstanceTypeInfo) []string { return t.ProcessorInfo.SupportedArchitectures },
	"supported-root-device-type":            func(t *api.InstanceTypeInfo) []string { return t.SupportedRootDeviceTypes },
	"supported-usage-class":                 func(t *api.InstanceTypeInfo) []string { return t.SupportedUsageClasses },
	"supported-virtualization-type":         func(t *api.InstanceTypeInfo) []string { return t.SupportedVirtualizationTypes },
	"vcpu-info.default-vcpus":               func(t *api.InstanceTypeInfo) []string { return []string{strconv.Itoa(*t.VCpuInfo.DefaultVCpus)} },
}

func flag(b *bool) []string { return []string{strconv.FormatBool(*b)} }

// shape says what a type is here: nothing bursts, and there is one interface.
func (m machine) shape() api.InstanceTypeInfo {
	free := m.name == "t2.micro" || m.name == "t3.micro"
	return api.InstanceTypeInfo{InstanceType: &m.name, CurrentGeneration: new(!m.old), FreeTierEligible: &free, BareMetal: new(false),
		SupportedUsageClasses: []string{"on-demand", "spot"}, SupportedRootDeviceTypes: []string{"ebs"}, SupportedVirtualizationTypes: []string{"hvm"},
		ProcessorInfo: &api.ProcessorInfo{SupportedArchitectures: []string{m.arch}}, VCpuInfo: &api.VCpuInfo{DefaultVCpus: &m.vcpus},
		MemoryInfo: &api.MemoryInfo{SizeInMiB: new(int64(m.memory))}, InstanceStorageSupported: new(false),
		NetworkInfo:          &api.NetworkInfo{MaximumNetworkInterfaces: new(1), MaximumNetworkCards: new(1), DefaultNetworkCardIndex: new(0), Ipv4AddressesPerInterface: new(1), Ipv6Supported: new(false)},
		EbsInfo:              &api.EbsInfo{EbsOptimizedSupport: new("unsupported"), EncryptionSupport: new("unsupported"), MaximumEbsAttachments: new(1)},
		PlacementGroupInfo:   &api.PlacementGroupInfo{SupportedStrategies: []string{}},
		HibernationSupported: new(false), BurstablePerformanceSupported: new(false), DedicatedHostsSupported: new(false), AutoRecoverySupported: new(false)}
}

func (s *Service) DescribeInstanceTypeOfferings(c *writ.Call, in *api.DescribeInstanceTypeOfferingsInput) (*api.DescribeInstanceTypeOfferingsOutput, error) {
	where := locations(c, in.LocationType)
	all := []api.InstanceTypeOffering{}
	for _, m := range catalogue {
		for _, location := range where {
			all = append(all, api.InstanceTypeOffering{InstanceType: &m.name, LocationType: new(value(in.LocationType, "region")), Location: &location})
		}
	}
	all, err := filtered(all, in.Filters, offeringFilters, nil)
	if err != nil {
		return nil, err
	}
	all, next, err := page(s, c, all, paging{max: in.MaxResults, token: in.NextToken},
		func(o *api.InstanceTypeOffering) string { return *o.InstanceType + " " + *o.Location })
	return &api.DescribeInstanceTypeOfferingsOutput{InstanceTypeOfferings: all, NextToken: next}, err
}

var offeringFilters = fields[api.InstanceTypeOffering]{
	"instance-type": func(o *api.InstanceTypeOffering) []string { return one(o.InstanceType) },
	"location":      func(o *api.InstanceTypeOffering) []string { return one(o.Location) },
}

// locations are the places of a type: all types are in all of them.
func locations(c *writ.Call, locationType *string) (all []string) {
	zones := zonesOf(c.Scope.Region)
	switch value(locationType, "region") {
	case "availability-zone":
		for _, z := range zones {
			all = append(all, z.name)
		}
	case "availability-zone-id":
		for _, z := range zones {
			all = append(all, z.id)
		}
	case "region":
		all = []string{c.Scope.Region}
	}
	return all // an outpost is nowhere
}

// value is what an optional text points to, or what stands for it.
func value(s *string, usual string) string {
	if s == nil {
		return usual
	}
	return *s
}
