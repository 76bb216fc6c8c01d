package iam

import (
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// How far the clock of a device may be away from ours: when it is enabled, and
// when it is synchronized after a long time.
const (
	enableWindow = 60  // codes: half an hour
	resyncWindow = 240 // codes: two hours
)

// EnableMFADevice makes a device that is nobody's somebody's. Two codes in a row
// show that the right seed is in it.
func (s *Service) EnableMFADevice(c *writ.Call, in *api.EnableMFADeviceInput) (*api.EnableMFADeviceOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		o, err := deviceOwner(tx, c, &in.UserName)
		if err != nil {
			return err
		}
		d, err := findDevice(tx, c, in.SerialNumber)
		if err != nil {
			return err
		}
		if d.OwnerID != "" {
			return api.EntityAlreadyExistsException("MFA Device is already in use.")
		}
		if err := s.roomForDevice(tx, d.Account, o.id); err != nil {
			return err
		}
		if err := d.sync(tx, c.Time, enableWindow, in.AuthenticationCode1, in.AuthenticationCode2); err != nil {
			return err
		}
		d.OwnerID, d.Enabled = o.id, c.Time.Truncate(time.Second)
		return mfaDevices.Put(tx, d)
	})
	return &api.EnableMFADeviceOutput{}, err
}

// roomForDevice demands that somebody may have one device more.
func (s *Service) roomForDevice(tx *store.Tx, account, ownerID string) error {
	n, err := mfaDevices.CountBy(tx, "owner", store.K(account, ownerID))
	if err != nil {
		return err
	}
	return s.within("MultiFactorAuthDevicesPerUser", n+1)
}

func (s *Service) ResyncMFADevice(c *writ.Call, in *api.ResyncMFADeviceInput) (*api.ResyncMFADeviceOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		o, err := deviceOwner(tx, c, &in.UserName)
		if err != nil {
			return err
		}
		d, err := ownedDevice(tx, c, o, in.SerialNumber)
		if err != nil {
			return err
		}
		if err := d.sync(tx, c.Time, resyncWindow, in.AuthenticationCode1, in.AuthenticationCode2); err != nil {
			return err
		}
		return mfaDevices.Put(tx, d)
	})
	return &api.ResyncMFADeviceOutput{}, err
}

// DeactivateMFADevice takes a device from somebody. Virtual and hardware devices
// remain, and may be enabled again.
func (s *Service) DeactivateMFADevice(c *writ.Call, in *api.DeactivateMFADeviceInput) (*api.DeactivateMFADeviceOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		o, err := deviceOwner(tx, c, in.UserName)
		if err != nil {
			return err
		}
		d, err := ownedDevice(tx, c, o, in.SerialNumber)
		if err != nil {
			return err
		}
		if d.Type == securityKey {
			return mfaDevices.Delete(tx, d.place())
		}
		d.OwnerID, d.Enabled = "", time.Time{}
		return mfaDevices.Put(tx, d)
	})
	return &api.DeactivateMFADeviceOutput{}, err
}

func (s *Service) ListMFADevices(c *writ.Call, in *api.ListMFADevicesInput) (*api.ListMFADevicesOutput, error) {
	var o keyOwner
	p, err := list(s, c, paging{in.Marker, in.MaxItems}, func(tx *store.Tx, after store.Key, limit int) (rows []*mfaDevice, next store.Key, err error) {
		if o, err = deviceOwner(tx, c, in.UserName); err != nil {
			return nil, nil, err
		}
		return mfaDevices.PageBy(tx, "owner", store.K(c.Scope.Account, o.id), after, limit)
	}, value(in.UserName))
	if err != nil {
		return nil, err
	}
	shape := func(d *mfaDevice) api.MFADevice {
		return api.MFADevice{UserName: o.name, SerialNumber: d.Serial, EnableDate: d.Enabled}
	}
	return &api.ListMFADevicesOutput{MFADevices: convert(p.rows, shape), IsTruncated: &p.IsTruncated, Marker: p.Marker}, nil
}

// GetMFADevice shows a device of the named user or the caller.
func (s *Service) GetMFADevice(c *writ.Call, in *api.GetMFADeviceInput) (out *api.GetMFADeviceOutput, err error) {
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		o, err := deviceOwner(tx, c, in.UserName)
		if err != nil {
			return err
		}
		d, err := ownedDevice(tx, c, o, in.SerialNumber)
		if err != nil {
			return err
		}
		out = &api.GetMFADeviceOutput{UserName: optionalText(o.name), SerialNumber: d.Serial, EnableDate: &d.Enabled}
		return nil
	})
	return out, err
}
