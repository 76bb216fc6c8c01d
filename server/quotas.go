package server

import (
	"fmt"

	"github.com/writ-iam/writ/service/iam"
	"github.com/writ-iam/writ/service/organizations"
)

// checkQuotas returns an error if a name is no service's quota.
func checkQuotas(overrides map[string]int) error {
	for name := range overrides {
		if !isQuota(name) {
			return fmt.Errorf("there is no quota %q", name)
		}
	}
	return nil
}

func isQuota(name string) bool {
	_, people := iam.Quotas[name]
	_, accounts := organizations.Quotas[name]
	return people || accounts
}
