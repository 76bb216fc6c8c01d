package iam

import (
	"errors"
	"strings"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// mfaDevice is a device that proves a second factor. A virtual one is known by
// its ARN, another one by the serial number that its maker gave it.
type mfaDevice struct {
	entity         // ID is new for each device, whatever its serial number
	Serial  string // SerialNumber in the API
	Type    string // virtualDevice, hardwareDevice, securityKey
	OwnerID string // user, or account for root; "" while it is nobody's
	Enabled time.Time
	Seed    store.Secret // of the one-time codes; none for security keys
	Offset  int          // how many codes its clock is ahead of ours
	Synced  uint64       // number of the last code that it was enabled or synchronized with
	Key     *SecurityKey
}

// Kinds of devices.
const (
	virtualDevice  = "virtual"
	hardwareDevice = "hardware"
	securityKey    = "security-key"
)

var mfaDevices = store.NewTable("iam/mfa-device",
	(*mfaDevice).place,
	store.Index("owner", func(d *mfaDevice) store.Key {
		if d.OwnerID == "" {
			return nil
		}
		return store.K(d.Account, d.OwnerID, d.Enabled)
	}),
	store.Index("virtual", (*mfaDevice).virtual),
	store.Index("assignment", func(d *mfaDevice) store.Key {
		if d.virtual() == nil {
			return nil
		}
		return store.K(d.Account, d.assignment(), strings.ToLower(d.Serial))
	}),
	store.Counted[mfaDevice]())

func (d *mfaDevice) place() store.Key { return store.K(d.Account, strings.ToLower(d.Serial)) }

// virtual is the place among the virtual devices; nil for another one.
func (d *mfaDevice) virtual() store.Key {
	if d.Type != virtualDevice {
		return nil
	}
	return d.place()
}

// assignment is the status in the words of ListVirtualMFADevices.
func (d *mfaDevice) assignment() string {
	if d.OwnerID == "" {
		return "Unassigned"
	}
	return "Assigned"
}

// arn is what policies call the device.
func (d *mfaDevice) arn() string {
	if strings.HasPrefix(d.Serial, "arn:") {
		return d.Serial
	}
	return mfaKind.arn(&d.entity)
}

var mfaKind = kind{resource: "mfa", word: "MFA device", quota: "MFADevicesPerAccount", tagQuota: "TagsPerMFADevice",
	absent: "VirtualMFADevice with serial number %s doesn't exist."}

// findDevice finds a device of the caller's account by its serial number.
func findDevice(tx *store.Tx, c *writ.Call, serial string) (*mfaDevice, error) {
	return find(tx, mfaDevices, mfaKind, c.Scope.Account, serial)
}

// insertDevice adds a device within the quota of the account.
func (s *Service) insertDevice(tx *store.Tx, d *mfaDevice) error {
	n, err := mfaDevices.Count(tx, store.K(d.Account))
	if err != nil {
		return err
	}
	if err := s.within(mfaKind.quota, n+1); err != nil {
		return err
	}
	if err := mfaDevices.Insert(tx, d); !errors.Is(err, store.ErrExists) {
		return err
	}
	return errDeviceExists
}

var errDeviceExists error = api.EntityAlreadyExistsException("MFADevice entity at the same path and name already exists.")

// DeleteVirtualMFADevice deletes imported hardware devices too.
func (s *Service) DeleteVirtualMFADevice(c *writ.Call, in *api.DeleteVirtualMFADeviceInput) (*api.DeleteVirtualMFADeviceOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		d, err := findDevice(tx, c, in.SerialNumber)
		if err != nil {
			return err
		}
		if d.OwnerID != "" {
			return api.DeleteConflictException("MFA VirtualDevice in use. Must deactivate first.")
		}
		return mfaDevices.Delete(tx, d.place())
	})
	return &api.DeleteVirtualMFADeviceOutput{}, err
}

// ofRoot says whether an operation on MFA devices is about root's own: root
// leaves the user name out or, where there must be one, gives the account number.
func ofRoot(c *writ.Call, userName string) bool {
	return c.Caller.Type == policy.RootUser && (userName == "" || userName == c.Scope.Account)
}

// deviceOwner finds whose devices are meant: root's, the named user's, or the caller's.
func deviceOwner(tx *store.Tx, c *writ.Call, userName *string) (keyOwner, error) {
	if ofRoot(c, value(userName)) {
		return keyOwner{id: c.Scope.Account}, nil
	}
	return owner(tx, c, userName)
}

// ownedDevice finds a device that is somebody's.
func ownedDevice(tx *store.Tx, c *writ.Call, o keyOwner, serial string) (*mfaDevice, error) {
	d, err := findDevice(tx, c, serial)
	if err == nil && d.OwnerID != o.id {
		return nil, api.NoSuchEntityException("MFA Device invalid for user.")
	}
	return d, err
}

// devicesOf are somebody's devices, in the order in which they were enabled.
func devicesOf(tx *store.Tx, account, ownerID string) (all []*mfaDevice, err error) {
	for d, err := range mfaDevices.ScanBy(tx, "owner", store.K(account, ownerID)) {
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, nil
}

// deviceResource is what policies see of a device, whether or not it is there.
func deviceResource(tx *store.Tx, c *writ.Call, serial string) (writ.Resource, error) {
	d, err := mfaDevices.Get(tx, c.Scope.Account, strings.ToLower(serial))
	if err == nil {
		return writ.Resource{ARN: d.arn(), Account: d.Account, Tags: tagMap(d.Tags)}, nil
	}
	if !errors.Is(err, store.ErrNotFound) {
		return writ.Resource{}, err
	}
	if a, err := arn.Parse(serial); err == nil {
		return writ.Resource{ARN: serial, Account: a.Account}, nil
	}
	absent := mfaDevice{Serial: serial, entity: entity{Partition: c.Scope.Partition, Account: c.Scope.Account, Path: "/", Name: serial}}
	return writ.Resource{ARN: absent.arn(), Account: c.Scope.Account}, nil
}
