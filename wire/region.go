package wire

import (
	"slices"
	"strings"
)

// partition is a group of regions that share nothing with the others, not even
// account ids' meaning.
type partition struct {
	name   string
	areas  []string // what its regions' names begin with
	global string   // the region in which services without regions act
}

// The names are those of the SDKs' partitions.json: area-place-number. A region
// that AWS opens tomorrow is known today.
var partitions = []partition{
	{"aws", []string{"us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"}, "us-east-1"},
	{"aws-cn", []string{"cn"}, "cn-north-1"},
	{"aws-us-gov", []string{"us-gov"}, "us-gov-west-1"},
}

// partitionOf returns the partition of a region, nil if no partition has
// regions of such a name.
func partitionOf(region string) *partition {
	area := areaOf(region)
	for i := range partitions {
		if slices.Contains(partitions[i].areas, area) {
			return &partitions[i]
		}
	}
	return nil
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
