package iam

import (
	"errors"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
)

// ImportDevice adds a hardware device with the seed of its codes. It is false,
// and changes nothing, if there is a device of that serial number.
func (s *Service) ImportDevice(c *writ.Call, serial string, seed []byte) (added bool, err error) {
	d := &mfaDevice{entity: mfaKind.newEntity(c, nil, serial, nil), Serial: serial, Type: hardwareDevice, Seed: store.NewSecret(seed)}
	err = s.db.Update(c, func(tx *store.Tx) error { return s.insertDevice(tx, d) })
	if errors.Is(err, errDeviceExists) {
		return false, nil
	}
	return err == nil, err
}
