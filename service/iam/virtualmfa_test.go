package iam

import (
	"bytes"
	"image/png"
	"testing"

	"github.com/pquerna/otp"
	"rsc.io/qr"

	api "github.com/writ-iam/writ/api/iam"
)

// The QR code holds the URI that authenticator apps read: what another library
// reads from it is the device and its seed.
func TestQRCode(t *testing.T) {
	d := newDoor(t)
	out, err := d.CreateVirtualMFADevice(d.call(""), &api.CreateVirtualMFADeviceInput{VirtualMFADeviceName: "bob+phone@work"})
	d.ok(err)
	made := out.VirtualMFADevice
	uri := provisioning("bob+phone@work@acme", string(made.Base32StringSeed))
	key, err := otp.NewKeyFromURL(uri)
	d.ok(err)
	if key.Type() != "totp" || key.Issuer() != "Amazon Web Services" || key.AccountName() != "bob+phone@work@acme" || key.Secret() != string(made.Base32StringSeed) ||
		key.Period() != 30 || key.Digits() != otp.DigitsSix || key.Algorithm() != otp.AlgorithmSHA1 {
		t.Errorf("%s is read as %v", uri, key)
	}
	want, err := qr.Encode(uri, qr.M)
	d.ok(err)
	if !bytes.Equal(made.QRCodePNG, want.PNG()) {
		t.Error("the QR code is another")
	}
	if _, err := png.Decode(bytes.NewReader(made.QRCodePNG)); err != nil {
		t.Error(err)
	}
}
