package sts

import "github.com/writ-iam/writ"

// proveMFA checks the one-time code of an MFA device. Writ keeps no devices, so
// any serial number is that of an unknown one.
func proveMFA(serial, code *string) error {
	switch {
	case serial == nil && code == nil:
		return nil
	case serial == nil || code == nil:
		return writ.AccessDenied("MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.")
	}
	return writ.AccessDenied("MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.")
}
