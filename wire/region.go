package wire

import "regexp"

// partition is a group of regions that share nothing with the others, not even
// account ids' meaning.
type partition struct {
	name    string
	regions *regexp.Regexp
	global  string // the region in which services without regions act
}

// The patterns are those of the SDKs' partitions.json: a region that AWS opens
// tomorrow is known today.
var partitions = []partition{
	{"aws", regexp.MustCompile(`^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$`), "us-east-1"},
	{"aws-cn", regexp.MustCompile(`^cn-\w+-\d+$`), "cn-north-1"},
	{"aws-us-gov", regexp.MustCompile(`^us-gov-\w+-\d+$`), "us-gov-west-1"},
}

// partitionOf returns the partition of a region, nil if no partition has
// regions of such a name.
func partitionOf(region string) *partition {
	for i := range partitions {
		if partitions[i].regions.MatchString(region) {
			return &partitions[i]
		}
	}
	return nil
}
