package server

import (
	"fmt"

	"github.com/writ-iam/writ/service/iam"
	"github.com/writ-iam/writ/service/organizations"
)

// checkQuotas returns an error if a name is no service's quota.
func checkQuotas(overrides map[string]int) error {
	for name := range overrides {
		if !iam.HasQuota(name) && !organizations.HasQuota(name) {
			return fmt.Errorf("there is no quota %q", name)
		}
	}
	return nil
}
