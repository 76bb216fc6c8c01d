package writ

import (
	"slices"
	"strings"
)

// Partition is a group of regions that share nothing with the others, not even
// account ids' meaning.
type Partition struct {
	Name    string   // aws, aws-cn, aws-us-gov
	Global  string   // the region in which services without regions act
	Default []string // the regions that every account has, sorted
	OptIn   []string // those that an account has once it enables them, sorted

	areas []string // what its regions' names begin with
}

// The names are those of the SDKs' partitions.json: area-place-number. The
// regions that came after March 2019 are to be enabled, and new ones will be
// (AWS Account Management Reference Guide, "Enable or disable AWS Regions").
var partitions = []Partition{
	{
		Name: "aws", Global: "us-east-1", areas: strings.Fields("us eu ap sa ca me af il mx"),
		Default: strings.Fields(`ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-southeast-1 ap-southeast-2 ca-central-1
			eu-central-1 eu-north-1 eu-west-1 eu-west-2 eu-west-3 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2`),
		OptIn: strings.Fields(`af-south-1 ap-east-1 ap-east-2 ap-south-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6
			ap-southeast-7 ca-west-1 eu-central-2 eu-south-1 eu-south-2 il-central-1 me-central-1 me-south-1 mx-central-1`),
	},
	{Name: "aws-cn", Global: "cn-north-1", areas: []string{"cn"}, Default: []string{"cn-north-1", "cn-northwest-1"}},
	{Name: "aws-us-gov", Global: "us-gov-west-1", areas: []string{"us-gov"}, Default: []string{"us-gov-east-1", "us-gov-west-1"}},
}

// PartitionNamed returns a partition by its name, nil if there is none.
func PartitionNamed(name string) *Partition {
	return partition(func(p *Partition) bool { return p.Name == name })
}

// PartitionOf returns the partition of a region, nil if no partition has
// regions of such a name. A region that AWS opens tomorrow is known today.
func PartitionOf(region string) *Partition {
	area := areaOf(region)
	return partition(func(p *Partition) bool { return slices.Contains(p.areas, area) })
}

func partition(is func(*Partition) bool) *Partition {
	for i := range partitions {
		if is(&partitions[i]) {
			return &partitions[i]
		}
	}
	return nil
}

// EnabledByDefault says whether every account may act in the scope's region
// without enabling it.
func (s Scope) EnabledByDefault() bool {
	p := PartitionNamed(s.Partition)
	return p != nil && slices.Contains(p.Default, s.Region)
}

// areaOf cuts place and number off a region's name. It returns "" for what is
// no region's name.
func areaOf(region string) string {
	rest, number := cutLast(region)
	area, place := cutLast(rest)
	if number == "" || strings.Trim(number, "0123456789") != "" || place == "" || strings.ContainsFunc(place, isNoWord) {
		return ""
	}
	return area
}

func cutLast(name string) (before, after string) {
	i := strings.LastIndexByte(name, '-')
	if i < 0 {
		return "", ""
	}
	return name[:i], name[i+1:]
}

func isNoWord(r rune) bool {
	return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != '_'
}
