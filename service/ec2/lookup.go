package ec2

import (
	"errors"
	"net/netip"
	"strings"
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
)

// Instance is an instance as the parts see it that run it and serve its
// metadata. It is a copy: nothing changes in it or by it.
type Instance struct {
	Partition, Account, Region string
	Zone, ZoneID               string
	ID                         string // i-…
	Reservation                string // r-…
	LaunchIndex                int    // among those of the reservation

	Image        string // ami-…
	Type         string // t3.micro
	VCPUs        int
	MemoryMiB    int
	Architecture string // x86_64, arm64
	Spot         bool

	State    string    // StateRunning, StateStopped, StateTerminated
	Changed  time.Time // when it came into the state
	Created  time.Time
	Launched time.Time // last start
	// Starts grows with each start and reboot: an instance that runs under
	// another number is to be started again.
	Starts       int
	PrivateIP    netip.Addr
	PrivateDNS   string // ip-172-31-0-4.ec2.internal
	MAC          string
	Interface    string // eni-…
	Subnet       string // subnet-…
	SubnetBlock  netip.Prefix
	VPC          string // vpc-…
	VPCBlock     netip.Prefix
	GroupID      string // sg-…
	GroupName    string
	RootVolume   string // vol-…
	RootDevice   string // /dev/xvda
	KeyName      string // "" without a key pair
	PublicKey    string // in OpenSSH's form, "" without a key pair
	UserData     []byte // decoded, nil if there is none; often a secret
	Tags         map[string]string
	Metadata     MetadataOptions
	Profile      *writ.InstanceProfile // as it is now; nil if the instance has none or it is gone
	ProfileSince time.Time             // when it was associated
}

// Instance returns an instance, store.ErrNotFound if there is none of that id.
// A terminated one is found for an hour at least.
func (s *Service) Instance(tx *store.Tx, account, region, id string) (*Instance, error) {
	i, err := instances.Get(tx, account, region, id)
	if err != nil {
		return nil, err
	}
	return s.seen(tx, i)
}

// Running returns all running instances of the installation.
func (s *Service) Running(tx *store.Tx) ([]*Instance, error) {
	var all []*Instance
	for i, err := range instances.ScanBy(tx, "running", store.K()) {
		if err != nil {
			return nil, err
		}
		seen, err := s.seen(tx, i)
		if err != nil {
			return nil, err
		}
		all = append(all, seen)
	}
	return all, nil
}

// ChangedInstance tells which instance a write in a change record is of; ok is
// false if of none. The profile's role and the tags of an instance are records
// of their own: they are read when they are needed.
func ChangedInstance(key store.Key) (account, region, id string, ok bool) {
	parts := key.Parts()
	if len(parts) != 4 || parts[0] != "ec2/instance" {
		return "", "", "", false
	}
	return parts[1], parts[2], parts[3], true
}

func (s *Service) seen(tx *store.Tx, i *instance) (*Instance, error) {
	all, err := tagsOf(tx, i.scope(), i.ID)
	if err != nil {
		return nil, err
	}
	out := i.seen()
	out.Tags = tagMap(all)
	if !i.UserData.IsZero() {
		if out.UserData, err = i.UserData.Reveal(); err != nil {
			return nil, err
		}
	}
	if i.Profile != nil && i.State != StateTerminated {
		out.ProfileSince = i.Profile.Since
		out.Profile, err = s.profiles.InstanceProfileByID(tx, i.Profile.ProfileID)
		if errors.Is(err, store.ErrNotFound) {
			out.Profile, err = nil, nil
		}
	}
	return out, err
}

func (i *instance) scope() writ.Scope {
	return writ.Scope{Partition: i.Partition, Account: i.Account, Region: i.Region}
}

// seen is what the record alone tells.
func (i *instance) seen() *Instance {
	n := networkOf(i.scope())
	sub, _ := n.subnet(i.Subnet, "")
	m, _ := machineOf(i.Type)
	return &Instance{Partition: i.Partition, Account: i.Account, Region: i.Region, Zone: i.Zone, ZoneID: sub.zone.id,
		ID: i.ID, Reservation: i.Reservation, LaunchIndex: i.Index,
		Image: i.Image, Type: i.Type, VCPUs: m.vcpus, MemoryMiB: m.memory, Architecture: m.arch, Spot: i.Market == spot,
		State: i.State, Changed: i.Changed, Created: i.Created, Launched: i.Launched, Starts: i.Starts,
		PrivateIP: netip.MustParseAddr(i.Address), PrivateDNS: hostname(i.Region, i.Address), MAC: i.mac(), Interface: i.Interface,
		Subnet: i.Subnet, SubnetBlock: sub.block, VPC: n.vpc(), VPCBlock: netip.MustParsePrefix(vpcBlock), GroupID: n.group(), GroupName: defaultGroup,
		RootVolume: i.Volume, RootDevice: rootDevice, KeyName: i.KeyName, PublicKey: i.PublicKey, Metadata: i.Metadata}
}

// mac is the hardware address of the instance's interface, locally administered
// and made of the interface's id.
func (i *instance) mac() string {
	digits := computedID("", i.Interface)[:10]
	parts := []string{"02"}
	for at := 0; at < len(digits); at += 2 {
		parts = append(parts, digits[at:at+2])
	}
	return strings.Join(parts, ":")
}
