package iam

import (
	"crypto/rand"
	"encoding/base32"
	"net/url"

	"rsc.io/qr"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// seedSize is that of AWS's seeds: 64 characters in base32.
const seedSize = 40

// CreateVirtualMFADevice is the only time that the seed is shown.
func (s *Service) CreateVirtualMFADevice(c *writ.Call, in *api.CreateVirtualMFADeviceInput) (*api.CreateVirtualMFADeviceOutput, error) {
	if err := s.checkTags(mfaKind, nil, in.Tags); err != nil {
		return nil, err
	}
	seed := make([]byte, seedSize)
	rand.Read(seed)
	d := &mfaDevice{entity: mfaKind.newEntity(c, in.Path, in.VirtualMFADeviceName, in.Tags), Type: virtualDevice, Seed: store.NewSecret(seed)}
	d.Serial = mfaKind.arn(&d.entity)
	var label string
	err := s.db.Update(c, func(tx *store.Tx) error {
		a, err := accounts.Get(tx, c.Scope.Account)
		if err != nil {
			return err
		}
		label = d.Name + "@" + a.shownName()
		return s.insertDevice(tx, d)
	})
	if err != nil {
		return nil, err
	}
	text := base32.StdEncoding.EncodeToString(seed)
	code, err := qr.Encode(provisioning(label, text), qr.M)
	if err != nil {
		return nil, err
	}
	return &api.CreateVirtualMFADeviceOutput{VirtualMFADevice: api.VirtualMFADevice{SerialNumber: d.Serial,
		Base32StringSeed: []byte(text), QRCodePNG: code.PNG(), Tags: toTags(d.Tags)}}, nil
}

// shownName is the account's name for people.
func (a *account) shownName() string {
	if a.Alias != "" {
		return a.Alias
	}
	return a.ID
}

// issuer is the name under which authenticator apps file AWS's codes.
const issuer = "Amazon Web Services"

// provisioning is the URI that authenticator apps read
// (https://github.com/google/google-authenticator/wiki/Key-Uri-Format).
func provisioning(label, seed string) string {
	query := "secret=" + seed + "&issuer=" + url.PathEscape(issuer)
	return "otpauth://totp/" + url.PathEscape(issuer) + ":" + url.PathEscape(label) + "?" + query
}

// ListVirtualMFADevices lists all, or those that are or are not somebody's. Tags
// are left out, as in AWS's other lists.
func (s *Service) ListVirtualMFADevices(c *writ.Call, in *api.ListVirtualMFADevicesInput) (*api.ListVirtualMFADevicesOutput, error) {
	index, prefix := "virtual", store.K(c.Scope.Account)
	if status := value(in.AssignmentStatus); status != "" && status != "Any" {
		index, prefix = "assignment", prefix.Add(status)
	}
	p, err := list(s, c, paging{in.Marker, in.MaxItems}, func(tx *store.Tx, after store.Key, limit int) ([]*api.VirtualMFADevice, store.Key, error) {
		rows, next, err := mfaDevices.PageBy(tx, index, prefix, after, limit)
		if err != nil {
			return nil, nil, err
		}
		shapes, err := convertIn(tx, rows, func(tx *store.Tx, d *mfaDevice) (*api.VirtualMFADevice, error) { return s.listedDevice(tx, c, d) })
		return shapes, next, err
	}, value(in.AssignmentStatus))
	if err != nil {
		return nil, err
	}
	return &api.ListVirtualMFADevicesOutput{VirtualMFADevices: shapes(p), IsTruncated: &p.IsTruncated, Marker: p.Marker}, nil
}

func (s *Service) listedDevice(tx *store.Tx, c *writ.Call, d *mfaDevice) (*api.VirtualMFADevice, error) {
	shape := &api.VirtualMFADevice{SerialNumber: d.Serial}
	if d.OwnerID == "" {
		return shape, nil
	}
	shape.EnableDate = &d.Enabled
	if d.OwnerID == d.Account {
		root, err := s.rootUser(tx, c)
		shape.User = &root
		return shape, err
	}
	u, err := users.By(tx, "id", d.OwnerID)
	if err != nil {
		return nil, err
	}
	shape.User, err = s.listedUser(tx, u)
	return shape, err
}
