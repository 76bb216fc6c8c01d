package iam

import (
	"errors"
	"strings"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// usedCode is the last code of a device that was used. Neither it nor one
// before it is good again.
type usedCode struct {
	DeviceID string
	Number   uint64
}

var usedCodes = store.NewTable("iam/used-code",
	func(u *usedCode) store.Key { return store.K(u.DeviceID) },
	store.Unlogged[usedCode]())

// drift is how many codes the clock of a device may have gone wrong since it
// was last synchronized.
const drift = 1

// unused is the number of the first code that was not used yet.
func (d *mfaDevice) unused(tx *store.Tx) (uint64, error) {
	u, err := usedCodes.Get(tx, d.ID)
	if errors.Is(err, store.ErrNotFound) {
		return d.Synced + 1, nil
	}
	if err != nil {
		return 0, err
	}
	return max(u.Number, d.Synced) + 1, nil
}

// sync sets the device's clock by two codes in a row, neither of which was used.
func (d *mfaDevice) sync(tx *store.Tx, now time.Time, window uint64, one, two string) error {
	wrong := api.InvalidAuthenticationCodeException("Authentication code for device is not valid.")
	if d.Seed.IsZero() {
		return wrong
	}
	seed, err := d.Seed.Reveal()
	if err != nil {
		return err
	}
	unused, err := d.unused(tx)
	if err != nil {
		return err
	}
	present := codeNumber(now)
	number, ok := findPair(seed, max(unused, present-window), present+window, one, two)
	if !ok {
		return wrong
	}
	d.Synced, d.Offset = number+1, int(int64(number+1)-int64(present))
	if d.Offset == -1 || d.Offset == 1 {
		d.Offset = 0 // within the drift, and it took time to type the codes
	}
	return nil
}

// use uses a code up; it is false if the code is not good.
func (d *mfaDevice) use(tx *store.Tx, now time.Time, code string) (bool, error) {
	if d.Seed.IsZero() {
		return false, nil
	}
	seed, err := d.Seed.Reveal()
	if err != nil {
		return false, err
	}
	unused, err := d.unused(tx)
	if err != nil {
		return false, err
	}
	present := uint64(int64(codeNumber(now)) + int64(d.Offset))
	number, ok := findCode(seed, max(unused, present-drift), present+drift, code)
	if !ok {
		return false, nil
	}
	return true, usedCodes.Put(tx, &usedCode{d.ID, number})
}

// useCode uses up a code of one of somebody's devices, that with the serial
// number or, if that is "", any. It returns the device, nil if the code is not
// good or was tried too often, and store.ErrNotFound if there is no such device.
func (s *Service) useCode(c *writ.Call, who subject, ownerID, serial, code string) (used *mfaDevice, err error) {
	var made attempt
	t := codesOf(ownerID)
	err = s.db.Maintain(c.Context, "one-time code", func(tx *store.Tx) error {
		used = nil
		devices, err := devicesWith(tx, who.account, ownerID, serial)
		if err != nil {
			return err
		}
		if made, err = t.attempt(tx, c.Time); err != nil || made.locked {
			return err
		}
		if used, err = useAny(tx, devices, c.Time, code); err != nil || used == nil {
			return err
		}
		return t.forget(tx)
	})
	if err != nil {
		return nil, err
	}
	return used, s.tell(c, who, made, used == nil)
}

// devicesWith are somebody's devices of a serial number, or all for "".
func devicesWith(tx *store.Tx, account, ownerID, serial string) ([]*mfaDevice, error) {
	all, err := devicesOf(tx, account, ownerID)
	if err != nil || serial == "" {
		return all, err
	}
	for _, d := range all {
		if strings.EqualFold(d.Serial, serial) {
			return []*mfaDevice{d}, nil
		}
	}
	return nil, store.ErrNotFound
}

func useAny(tx *store.Tx, devices []*mfaDevice, now time.Time, code string) (*mfaDevice, error) {
	for _, d := range devices {
		if ok, err := d.use(tx, now, code); ok || err != nil {
			return d, err
		}
	}
	return nil, nil
}
