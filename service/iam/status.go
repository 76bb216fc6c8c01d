package iam

import api "github.com/writ-iam/writ/api/iam"

// Statuses of credentials. What is expired became so by itself.
const active, inactive, expired = "Active", "Inactive", "Expired"

// activation reads the status that a credential is to have.
func activation(status string) (isActive bool, err error) {
	if status == expired {
		return false, api.InvalidInputException("Operation does not support status %s", status)
	}
	return status == active, nil
}

// statusOf is how the API calls a credential that is active or not.
func statusOf(isActive bool) string {
	if isActive {
		return active
	}
	return inactive
}
