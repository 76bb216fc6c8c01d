package sts

import (
	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/sts"
	"github.com/writ-iam/writ/store"
)

// activated refuses credentials of an account in a region that it has not
// enabled, whoever asks for them.
func (s *Service) activated(c *writ.Call, account string) error {
	if c.Scope.EnabledByDefault() {
		return nil
	}
	return s.db.View(c.Context, func(tx *store.Tx) error {
		enabled, err := s.regions.RegionEnabled(tx, account, c.Scope.Region)
		if err == nil && !enabled {
			err = api.RegionDisabledException("STS is not activated in this region for account:%s. Your account administrator can activate STS in this region using the IAM Console.", account)
		}
		return err
	})
}
