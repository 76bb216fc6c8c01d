package sts

import (
	"errors"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
)

// ProveMFA uses up a one-time code of an MFA device of the caller. It is asked
// before the call is decided: trust policies may demand a second factor.
func (s *Service) ProveMFA(c *writ.Call, serial, code string) error {
	if serial == "" || code == "" {
		return writ.AccessDenied("MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.")
	}
	good, err := s.identities.UseCode(c, serial, code)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return writ.AccessDenied("MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.")
	case err != nil:
		return err
	case !good:
		return writ.AccessDenied("MultiFactorAuthentication failed with invalid MFA one time pass code. ")
	}
	return nil
}
