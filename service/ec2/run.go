package ec2

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/ec2"
	"github.com/writ-iam/writ/store"
)

// RunInstances launches as many instances as there is room for, at least
// MinCount and at most MaxCount. The same call with the same token launches
// nothing again as long as its instances can be seen.
func (s *Service) RunInstances(c *writ.Call, in *api.RunInstancesInput) (*api.RunInstancesOutput, error) {
	o, err := newOrder(c, in)
	if err != nil {
		return nil, err
	}
	var group api.Reservation
	err = s.db.Update(c, func(tx *store.Tx) error {
		if err := forget(tx, c); err != nil {
			return err
		}
		rows, err := o.before(tx, c)
		if err == nil && rows == nil {
			rows, err = s.launch(tx, c, o)
		}
		if err != nil {
			return err
		}
		group, err = o.reservation(tx, rows)
		return err
	})
	return &api.RunInstancesOutput{ReservationId: group.ReservationId, OwnerId: group.OwnerId, Groups: group.Groups, Instances: group.Instances}, err
}

// order is what a call of RunInstances asks for, checked as far as that needs no
// store, with the ids that its instances will have.
type order struct {
	*api.RunInstancesInput
	machine  machine
	subnet   subnet
	metadata MetadataOptions
	userData store.Secret
	address  string // that is asked for
	market   string
	hash     string
	start    int      // where the search for free addresses begins
	ids      []string // one for each
	first    instance // what all have in common
}

// served are the parameters of RunInstances that are done or checked here. Of
// CPU credits nothing is kept: on this host nothing bursts.
var served = []string{"ImageId", "InstanceType", "KeyName", "MaxCount", "MinCount", "Monitoring", "Placement", "SecurityGroupIds", "SecurityGroups",
	"SubnetId", "UserData", "TagSpecifications", "InstanceMarketOptions", "MetadataOptions", "DisableApiStop", "DisableApiTermination",
	"InstanceInitiatedShutdownBehavior", "PrivateIpAddress", "ClientToken", "IamInstanceProfile", "EbsOptimized",
	"CreditSpecification", "HibernationOptions", "EnclaveOptions"}

func newOrder(c *writ.Call, in *api.RunInstancesInput) (*order, error) {
	o := &order{RunInstancesInput: in}
	for _, check := range []func(*writ.Call) error{o.checkServed, o.checkCounts, o.checkMachine, o.checkPlace, o.checkTags, o.checkData} {
		if err := check(c); err != nil {
			return nil, err
		}
	}
	o.hash = o.sum()
	o.number(c)
	return o, nil
}

func (o *order) checkServed(*writ.Call) error {
	if err := onlyServed(o.RunInstancesInput, served...); err != nil {
		return err
	}
	if err := onlyServed(o.Placement, "AvailabilityZone", "Tenancy", "GroupName"); err != nil {
		return err
	}
	if p := o.Placement; p != nil && (value(p.Tenancy, "default") != "default" || value(p.GroupName, "") != "") {
		return writ.NotImplemented("Dedicated tenancy and placement groups are not implemented.")
	}
	for name, on := range map[string]bool{
		"Monitoring":         o.Monitoring != nil && o.Monitoring.Enabled,
		"EbsOptimized":       isTrue(o.EbsOptimized),
		"HibernationOptions": o.HibernationOptions != nil && isTrue(o.HibernationOptions.Configured),
		"EnclaveOptions":     o.EnclaveOptions != nil && isTrue(o.EnclaveOptions.Enabled),
	} {
		if on { // what is not there can be left off
			return writ.NotImplemented("The parameter %s is not implemented.", name)
		}
	}
	return o.checkMarket()
}

func isTrue(b *bool) bool { return b != nil && *b }

const spot = "spot"

// checkMarket takes Spot Instances of one-time requests, which here are never
// interrupted: they are like any other, but that they can't be stopped.
func (o *order) checkMarket() error {
	m := o.InstanceMarketOptions
	if m == nil || m.MarketType == nil {
		return nil
	}
	if o.market = *m.MarketType; o.market != spot {
		return writ.NotImplemented("The market %s is not implemented.", o.market)
	}
	if err := onlyServed(m.SpotOptions, "MaxPrice", "SpotInstanceType", "InstanceInterruptionBehavior"); err != nil {
		return err
	}
	if p := m.SpotOptions; p != nil && (value(p.SpotInstanceType, "one-time") != "one-time" || value(p.InstanceInterruptionBehavior, "terminate") != "terminate") {
		return writ.NotImplemented("Persistent Spot Instance requests are not implemented.")
	}
	return nil
}

// maxToken is in characters (Amazon EC2 API Reference, RunInstances).
const maxToken = 64

func (o *order) checkCounts(*writ.Call) error {
	switch {
	case o.MinCount < 1:
		return invalidValue("Value (%d) for parameter minCount is invalid. Must be greater than 0", o.MinCount)
	case o.MaxCount < o.MinCount:
		return invalidValue("Value (%d) for parameter maxCount is invalid. Must be greater than or equal to minCount", o.MaxCount)
	case o.MinCount > maxVCPUs:
		return overLimit()
	case len(value(o.ClientToken, "")) > maxToken:
		return invalidValue("Value (%s) for parameter clientToken is invalid. It must be at most %d characters long.", *o.ClientToken, maxToken)
	}
	return nil
}

func (o *order) checkMachine(*writ.Call) (err error) {
	if o.ImageId == nil {
		return missing("ImageId")
	}
	if err := imageKind.check(*o.ImageId); err != nil {
		return err
	}
	if *o.ImageId != HostImage {
		return imageKind.absent(*o.ImageId)
	}
	if o.machine, err = machineOf(value(o.InstanceType, defaultType)); err != nil {
		return err
	}
	if o.metadata, err = imageOptions.with(o.MetadataOptions); err != nil {
		return err
	}
	return o.machine.fitsHost()
}

func (o *order) checkTags(*writ.Call) error {
	return checkSpecified(o.TagSpecifications, instanceKind.resource, volumeKind.resource, interfaceKind.resource)
}

// maxUserData is in bytes, decoded.
const maxUserData = 16 << 10

func (o *order) checkData(*writ.Call) error {
	if o.UserData == nil || *o.UserData == "" {
		return nil
	}
	data, err := base64.StdEncoding.DecodeString(*o.UserData)
	switch {
	case err != nil:
		return invalidValue("Invalid BASE64 encoding of user data.")
	case len(data) > maxUserData:
		return invalidValue("User data is limited to %d bytes", maxUserData)
	}
	o.userData = store.NewSecret(data)
	return nil
}

// sum tells requests apart that have the same token, but for their user data:
// a hash of a secret is no secret.
func (o *order) sum() string {
	asked := *o.RunInstancesInput
	asked.UserData, asked.ClientToken = nil, nil
	text, _ := json.Marshal(asked) // plain data
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// number gives out all that is chosen at random, before the Update.
func (o *order) number(c *writ.Call) {
	for range min(o.MaxCount, maxVCPUs) {
		o.ids = append(o.ids, newID(""))
	}
	var b [4]byte
	rand.Read(b[:])
	o.start = int(binary.BigEndian.Uint32(b[:]) >> 1)
	o.first = instance{Partition: c.Scope.Partition, Account: c.Scope.Account, Region: c.Scope.Region,
		Reservation: newID("r-"), Token: value(o.ClientToken, ""), Order: o.hash,
		Image: *o.ImageId, Type: o.machine.name, Zone: o.subnet.zone.name, Subnet: o.subnet.id, Market: o.market,
		Launched: c.Time.Truncate(1e9), Created: c.Time.Truncate(1e9), State: StateRunning, Changed: c.Time, Starts: 1,
		UserData: o.userData, Metadata: o.metadata, Shutdown: value(o.InstanceInitiatedShutdownBehavior, "stop"),
		KeepStarted: isTrue(o.DisableApiStop), Keep: isTrue(o.DisableApiTermination)}
}

// before returns what an earlier call with the same token launched.
func (o *order) before(tx *store.Tx, c *writ.Call) (rows []*instance, err error) {
	if o.ClientToken == nil || *o.ClientToken == "" {
		return nil, nil
	}
	for i, err := range instances.ScanBy(tx, "token", store.K(c.Scope.Account, c.Scope.Region, *o.ClientToken)) {
		if err != nil {
			return nil, err
		}
		same, err := o.sameData(i)
		if err != nil {
			return nil, err
		}
		if i.Order != o.hash || !same {
			return nil, fault("IdempotentParameterMismatch", "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).")
		}
		rows = append(rows, i)
	}
	return rows, nil
}

// sameData says whether an instance has the user data that is asked for. Those
// that are terminated have none any more.
func (o *order) sameData(i *instance) (bool, error) {
	if i.State == StateTerminated || i.UserData.IsZero() || o.userData.IsZero() {
		return i.State == StateTerminated || i.UserData.IsZero() == o.userData.IsZero(), nil
	}
	had, err := i.UserData.Reveal()
	if err != nil {
		return false, err
	}
	asked, err := o.userData.Reveal()
	return bytes.Equal(had, asked), err
}

// reservation shows what was launched: on its way, whatever it has come to.
func (o *order) reservation(tx *store.Tx, rows []*instance) (api.Reservation, error) {
	var all []launched
	for _, i := range rows {
		shape, err := i.shape(tx)
		if err != nil {
			return api.Reservation{}, err
		}
		if i.State == StateRunning {
			shape.State = stateShape(pending)
			shape.StateReason = &api.StateReason{Code: new("pending"), Message: new("pending")}
			shape.MetadataOptions.State = new("pending")
		}
		all = append(all, launched{shape, i.Reservation, i.Account})
	}
	return reservations(all)[0], nil
}
