package writ

import (
	"encoding/base32"
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/writ"
)

// leastSeed is how many bytes a seed has at least (RFC 4226, R6: 128 bits).
const leastSeed = 16

// ImportMFADevice makes a hardware device known by the seed that its maker
// delivered with it. AWS has the seeds of the tokens that it sells; here who
// runs the installation has them. It is enabled as a virtual one is.
func (s *Service) ImportMFADevice(c *writ.Call, in *api.ImportMFADeviceInput) (*api.ImportMFADeviceOutput, error) {
	seed, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.TrimRight(in.Seed, "="))
	if err != nil || len(seed) < leastSeed {
		return nil, api.ValidationException("The seed is not 128 bits or more in base32.")
	}
	added, err := s.devices.ImportDevice(c, in.SerialNumber, seed)
	if err == nil && !added {
		err = api.ConflictException("There is an MFA device with serial number %s.", in.SerialNumber)
	}
	return &api.ImportMFADeviceOutput{}, err
}
