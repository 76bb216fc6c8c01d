package iam

import (
	"strconv"

	"github.com/writ-iam/writ/store"
)

// The functions of this file are the columns of a credential report that tell
// how people sign in: password_enabled, password_last_used,
// password_last_changed, password_next_rotation and mfa_active.

func signInColumns(tx *store.Tx, u *user) ([]string, error) {
	password, err := passwordColumns(tx, u)
	if err != nil {
		return nil, err
	}
	mfa, err := mfaActive(tx, u.Account, u.ID)
	return append(password, strconv.FormatBool(mfa)), err
}

// rootSignInColumns are root's: of its password the report tells the last use only.
func rootSignInColumns(tx *store.Tx, a *account) ([]string, error) {
	mfa, err := mfaActive(tx, a.ID, a.ID)
	return []string{notSupported, noInformation, notSupported, notSupported, strconv.FormatBool(mfa)}, err
}

// passwordColumns are those of a user without a password: users can't have one yet.
func passwordColumns(*store.Tx, *user) ([]string, error) {
	return []string{"false", notApplicable, notApplicable, notApplicable}, nil
}

// mfaActive says whether a user, or root by the account's id, has an MFA device.
// Nobody can have one yet.
func mfaActive(_ *store.Tx, _, _ string) (bool, error) { return false, nil }
