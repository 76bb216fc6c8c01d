package ec2

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/ec2"
)

// network is the default VPC of an account in a region, which is always there
// as AWS makes it: 172.31.0.0/16, a subnet in each zone, one security group.
// Nothing in it can be changed but tags, so it is computed.
type network struct {
	partition, account, region string
}

const vpcBlock = "172.31.0.0/16"

func networkOf(scope writ.Scope) network {
	return network{scope.Partition, scope.Account, scope.Region}
}

func (n network) id(prefix string, of ...string) string {
	return computedID(prefix, slices.Concat([]string{n.account, n.region}, of)...)
}

func (n network) vpc() string     { return n.id(vpcKind.prefix) }
func (n network) group() string   { return n.id(groupKind.prefix) }
func (n network) options() string { return n.id("dopt-") }

func (n network) groups() []api.GroupIdentifier {
	return []api.GroupIdentifier{{GroupId: new(n.group()), GroupName: new(defaultGroup)}}
}

const defaultGroup = "default"

// subnet is the part of the network in one zone.
type subnet struct {
	id    string
	zone  zone
	block netip.Prefix
}

func (n network) subnets() []subnet {
	var all []subnet
	for i, z := range zonesOf(n.region) {
		block := netip.PrefixFrom(netip.AddrFrom4([4]byte{172, 31, byte(16 * i), 0}), 20)
		all = append(all, subnet{n.id(subnetKind.prefix, z.name), z, block})
	}
	return all
}

// subnet finds a subnet by its id, else one of a zone, else the first.
func (n network) subnet(id, zone string) (subnet, error) {
	if id != "" {
		if err := subnetKind.check(id); err != nil {
			return subnet{}, err
		}
	}
	for _, s := range n.subnets() {
		if (id == "" || s.id == id) && (zone == "" || s.zone.name == zone) {
			return s, nil
		}
	}
	if id == "" {
		return subnet{}, invalidValue("Invalid availability zone: [%s]", zone)
	}
	return subnet{}, subnetKind.absent(id)
}

// Five addresses of a subnet are not given out: the first four and the last
// (Amazon VPC User Guide, "Subnet CIDR blocks").
const reserved = 5

// size is how many addresses the subnet has to give.
func (s subnet) size() int { return 1<<(32-s.block.Bits()) - reserved }

// address is one of those that the subnet has to give, by its number.
func (s subnet) address(n int) netip.Addr {
	first := s.block.Addr().As4()
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], binary.BigEndian.Uint32(first[:])+4+uint32(n%s.size()))
	return netip.AddrFrom4(b)
}

// holds says whether an address is one of those.
func (s subnet) holds(a netip.Addr) bool {
	if !a.Is4() || !s.block.Contains(a) {
		return false
	}
	last := s.address(s.size() - 1)
	return s.address(0).Compare(a) <= 0 && a.Compare(last) <= 0
}

// hostname is the private DNS name that AWS gives to an address.
func hostname(region, address string) string {
	name := "ip-" + strings.ReplaceAll(address, ".", "-")
	if region == "us-east-1" {
		return name + ".ec2.internal"
	}
	return name + "." + region + ".compute.internal"
}
