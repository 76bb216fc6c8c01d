package authn

import (
	"slices"

	"github.com/writ-iam/writ"
)

// defaultRegions are the regions of partition aws that every account has without
// enabling them (AWS Account Management Reference Guide, "Regions"). Those that
// came after March 2019 are to be enabled, and new ones will be.
var defaultRegions = []string{
	"ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
	"ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3",
	"sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
}

// enabledByDefault says whether a call acts in such a region. The other
// partitions have no others.
func enabledByDefault(s writ.Scope) bool {
	return s.Partition != "aws" || slices.Contains(defaultRegions, s.Region)
}
