package ec2

import (
	"fmt"
	"strings"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/arn"
)

// kind is what differs between the kinds of things that have an id: how ids
// begin, the type's name in ARNs and in the catalogue, and AWS's errors.
type kind struct {
	prefix    string
	resource  string
	malformed string // code
	notFound  string // code
	one, many string // messages where there is none of an id, or of several
}

var (
	instanceKind = kind{"i-", "instance", "InvalidInstanceID.Malformed", "InvalidInstanceID.NotFound",
		"The instance ID '%s' does not exist", "The instance IDs '%s' do not exist"}
	keyPairKind = kind{"key-", "key-pair", "InvalidKeyPair.Format", "InvalidKeyPair.NotFound",
		"The key pair ID '%s' does not exist", "The key pair IDs '%s' do not exist"}
	volumeKind = kind{"vol-", "volume", "InvalidVolumeID.Malformed", "InvalidVolume.NotFound",
		"The volume '%s' does not exist.", "The volumes '%s' do not exist."}
	interfaceKind = kind{"eni-", "network-interface", "InvalidNetworkInterfaceId.Malformed", "InvalidNetworkInterfaceID.NotFound",
		"The networkInterface ID '%s' does not exist", "The networkInterface IDs '%s' do not exist"}
	vpcKind = kind{"vpc-", "vpc", "InvalidVpcID.Malformed", "InvalidVpcID.NotFound",
		"The vpc ID '%s' does not exist", "The vpc IDs '%s' do not exist"}
	subnetKind = kind{"subnet-", "subnet", "InvalidSubnetID.Malformed", "InvalidSubnetID.NotFound",
		"The subnet ID '%s' does not exist", "The subnet IDs '%s' do not exist"}
	groupKind = kind{"sg-", "security-group", "InvalidGroupId.Malformed", "InvalidGroup.NotFound",
		"The security group '%s' does not exist", "The security groups '%s' do not exist"}
	routeTableKind = kind{"rtb-", "route-table", "InvalidRouteTableId.Malformed", "InvalidRouteTableID.NotFound",
		"The routeTable ID '%s' does not exist", "The routeTable IDs '%s' do not exist"}
	imageKind = kind{"ami-", "image", "InvalidAMIID.Malformed", "InvalidAMIID.NotFound",
		"The image id '[%s]' does not exist", "The image ids '[%s]' do not exist"}
	associationKind = kind{"iip-assoc-", "", "InvalidAssociationID.Malformed", "InvalidAssociationID.NotFound",
		"The association ID '%s' does not exist", "The association IDs '%s' do not exist"}
)

// kinds are those that can be tagged.
var kinds = []kind{instanceKind, keyPairKind, volumeKind, interfaceKind, vpcKind, subnetKind, groupKind, routeTableKind, imageKind}

// kindOf tells by an id what it is the id of.
func kindOf(id string) (kind, error) {
	for _, k := range kinds {
		if strings.HasPrefix(id, k.prefix) {
			return k, k.check(id)
		}
	}
	return kind{}, fault("InvalidID", "The ID '%s' is not valid", id)
}

// check refuses what can't be an id of the kind: ids have 8 or 17 digits.
func (k kind) check(ids ...string) error {
	for _, id := range ids {
		digits, ok := strings.CutPrefix(id, k.prefix)
		switch {
		case !ok:
			return fault(k.malformed, "Invalid id: %q (expecting \"%s...\")", id, k.prefix)
		case len(digits) != 8 && len(digits) != 17, strings.Trim(digits, "0123456789abcdef") != "":
			return fault(k.malformed, "Invalid id: %q", id)
		}
	}
	return nil
}

// absent is the error for ids of which there is nothing.
func (k kind) absent(ids ...string) error {
	message := k.one
	if len(ids) > 1 {
		message = k.many
	}
	return fault(k.notFound, "%s", fmt.Sprintf(message, strings.Join(ids, ", ")))
}

// arn is the ARN of a thing of the caller's account and region. Images belong
// to none.
func (k kind) arn(c *writ.Call, name string) string {
	a := arn.ARN{Partition: c.Scope.Partition, Service: "ec2", Region: c.Scope.Region, Account: c.Scope.Account, Resource: k.resource + "/" + name}
	if k.resource == imageKind.resource {
		a.Account = ""
	}
	return a.String()
}
