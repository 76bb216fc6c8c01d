package iam

import "strconv"

// The functions of this file are the columns of a credential report that tell
// how people sign in: password_enabled, password_last_used,
// password_last_changed, password_next_rotation and mfa_active.

func (r *reporter) signInColumns(u *user) ([]string, error) {
	password, err := r.passwordColumns(u)
	return append(password, r.mfaActive(u.ID)), err
}

// rootSignInColumns are root's: of its password the report tells the last use only.
func (r *reporter) rootSignInColumns(a *account) ([]string, error) {
	used, err := r.passwordUsed(a.ID)
	return []string{notSupported, used, notSupported, notSupported, r.mfaActive(a.ID)}, err
}

// passwordColumns tell of passwords that never expire that they have no next
// rotation.
func (r *reporter) passwordColumns(u *user) ([]string, error) {
	profiles := r.profiles[u.ID]
	if len(profiles) == 0 {
		return []string{"false", notApplicable, notApplicable, notApplicable}, nil
	}
	set, next := profiles[0].Set, notApplicable
	if r.policy != nil && r.policy.MaxAge > 0 {
		next = reportTime(set.AddDate(0, 0, r.policy.MaxAge))
	}
	used, err := r.passwordUsed(u.ID)
	return []string{"true", used, reportTime(set), next}, err
}

func (r *reporter) passwordUsed(id string) (string, error) {
	used, err := r.s.passwordLastUsed(r.tx, id)
	if err != nil || used == nil {
		return noInformation, err
	}
	return reportTime(*used), nil
}

// mfaActive says whether a user, or root by the account's id, has an MFA device.
func (r *reporter) mfaActive(owner string) string {
	return strconv.FormatBool(len(r.devices[owner]) > 0)
}
