package ec2

import (
	"errors"
	"net/netip"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/ec2"
	"github.com/writ-iam/writ/store"
)

// maxVCPUs is the quota on the vCPUs of an account's running instances in a
// region, as large accounts have it.
const maxVCPUs = 1152

func overLimit() error {
	return fault("VcpuLimitExceeded", "You have requested more vCPU capacity than your current vCPU limit of %d allows for the instance bucket that the specified instance type belongs to. "+
		"Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.", maxVCPUs)
}

// checkPlace finds the subnet that the instances go to.
func (o *order) checkPlace(c *writ.Call) (err error) {
	if err := checkGroups(c, o.SecurityGroupIds, o.SecurityGroups); err != nil {
		return err
	}
	if o.subnet, err = placeOf(c, o.RunInstancesInput); err != nil || o.PrivateIpAddress == nil {
		return err
	}
	a, err := netip.ParseAddr(*o.PrivateIpAddress)
	switch {
	case err != nil:
		return invalidValue("Value (%s) for parameter privateIpAddress is invalid. Invalid IPv4 address.", *o.PrivateIpAddress)
	case o.MaxCount > 1:
		return invalidCombination("The parameter 'privateIpAddress' may not be used when launching more than one instance")
	case !o.subnet.holds(a):
		return invalidValue("Address %s does not fall within the subnet's address range", a)
	}
	o.address = a.String()
	return nil
}

// placeOf is the subnet that a launch names, or the default one.
func placeOf(c *writ.Call, in *api.RunInstancesInput) (subnet, error) {
	zone := ""
	if in.Placement != nil {
		zone = value(in.Placement.AvailabilityZone, "")
	}
	return networkOf(c.Scope).subnet(value(in.SubnetId, ""), zone)
}

// launch writes the instances of an order.
func (s *Service) launch(tx *store.Tx, c *writ.Call, o *order) (rows []*instance, err error) {
	first := o.first
	if o.KeyName != nil {
		k, err := findKeyPair(tx, c, *o.KeyName)
		if err != nil {
			return nil, err
		}
		first.KeyName, first.PublicKey = k.Name, k.PublicKey
	}
	room, err := roomFor(tx, c, o.machine)
	if err != nil {
		return nil, err
	}
	if room < o.MinCount {
		return nil, overLimit()
	}
	free := addresses{tx: tx, c: c, o: o}
	for n := range min(room, o.MaxCount) {
		i, err := s.launchOne(tx, c, o, first, n, &free)
		if errors.Is(err, errFull) && n >= o.MinCount {
			break
		}
		if err != nil {
			return nil, err
		}
		rows = append(rows, i)
	}
	return rows, nil
}

func (s *Service) launchOne(tx *store.Tx, c *writ.Call, o *order, i instance, n int, free *addresses) (*instance, error) {
	var err error
	i.Index, i.ID, i.Interface, i.Volume = n, instanceKind.prefix+o.ids[n], computedID(interfaceKind.prefix, o.ids[n]), computedID(volumeKind.prefix, o.ids[n])
	if i.Address, err = free.next(); err != nil {
		return nil, err
	}
	if i.Profile, err = s.associate(tx, c, o.IamInstanceProfile, computedID(associationKind.prefix, o.ids[n])); err != nil {
		return nil, err
	}
	for resourceType, id := range map[string]string{instanceKind.resource: i.ID, volumeKind.resource: i.Volume, interfaceKind.resource: i.Interface} {
		if err := putTags(tx, c.Scope, id, specified(o.TagSpecifications, resourceType)); err != nil {
			return nil, err
		}
	}
	return &i, instances.Insert(tx, &i)
}

// roomFor is how many machines the quota lets run beside those that do.
func roomFor(tx *store.Tx, c *writ.Call, m machine) (int, error) {
	left := maxVCPUs
	for i, err := range instances.ScanBy(tx, "running", store.K(c.Scope.Account, c.Scope.Region)) {
		if err != nil {
			return 0, err
		}
		runs, err := machineOf(i.Type)
		if err != nil {
			return 0, err
		}
		left -= runs.vcpus
	}
	return max(left, 0) / m.vcpus, nil
}

// addresses gives out free addresses of a subnet, from a random one on.
type addresses struct {
	tx    *store.Tx
	c     *writ.Call
	o     *order
	tried int
}

var errFull = fault("InsufficientFreeAddressesInSubnet", "There are not enough free addresses in subnet to satisfy the requested number of instances.")

func (a *addresses) next() (string, error) {
	if asked := a.o.address; asked != "" {
		free, err := a.free(asked)
		if err == nil && !free {
			err = fault("InvalidIPAddress.InUse", "Address %s is in use.", asked)
		}
		return asked, err
	}
	for ; a.tried < a.o.subnet.size(); a.tried++ {
		address := a.o.subnet.address(a.o.start%a.o.subnet.size() + a.tried).String()
		free, err := a.free(address)
		if err != nil || free {
			a.tried++
			return address, err
		}
	}
	return "", errFull
}

func (a *addresses) free(address string) (bool, error) {
	_, err := instances.By(a.tx, "address", a.c.Scope.Account, a.c.Scope.Region, address)
	if errors.Is(err, store.ErrNotFound) {
		return true, nil
	}
	return false, err
}
