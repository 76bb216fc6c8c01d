package iam

import (
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/store"
)

// SecurityKey is a FIDO2 security key or passkey, as its registration gave it.
type SecurityKey struct {
	CredentialID []byte
	PublicKey    []byte // COSE key
}

// AddSecurityKey makes a key a device of the named user, of the caller, or of
// root, as EnableMFADevice does with others, and returns its serial number. The
// API has no operation for it: a door that people register their keys at calls
// it once it has verified the registration and decided iam:EnableMFADevice.
func (s *Service) AddSecurityKey(c *writ.Call, userName *string, name string, key SecurityKey) (serial string, err error) {
	id := writ.NewID("")
	err = s.db.Update(c, func(tx *store.Tx) error {
		o, err := deviceOwner(tx, c, userName)
		if err != nil {
			return err
		}
		if err := s.roomForDevice(tx, c.Scope.Account, o.id); err != nil {
			return err
		}
		d := &mfaDevice{entity: entity{Partition: c.Scope.Partition, Account: c.Scope.Account, ID: id, Path: "/", Name: name,
			Created: c.Time.Truncate(time.Second)}, Type: securityKey, OwnerID: o.id, Enabled: c.Time.Truncate(time.Second), Key: &key}
		d.Serial = d.keySerial(o)
		serial = d.Serial
		return s.insertDevice(tx, d)
	})
	return serial, err
}

// keySerial is an ARN in the form of AWS's: "arn:aws:iam::111122223333:u2f/user/bob/name-ID".
func (d *mfaDevice) keySerial(o keyOwner) string {
	whose := "u2f/user/" + o.name + "/"
	if o.id == d.Account {
		whose = "u2f/root-account/"
	}
	return arn.ARN{Partition: d.Partition, Service: "iam", Account: d.Account, Resource: whose + d.Name + "-" + d.ID}.String()
}
