package sts

import (
	"net"
	"strings"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
)

// version makes the token one of version 1 if the session starts at the global
// endpoint and its account has not chosen otherwise (IAM API Reference,
// SetSecurityTokenServicePreferences).
func (s *Service) version(c *writ.Call, started *writ.Session) error {
	if !atGlobalEndpoint(c) {
		return nil
	}
	return s.db.View(c.Context, func(tx *store.Tx) error {
		anyRegion, err := s.identities.AnyRegion(tx, started.Issuer.Account)
		started.DefaultRegions = !anyRegion
		return err
	})
}

func atGlobalEndpoint(c *writ.Call) bool {
	host, _, err := net.SplitHostPort(c.Source.Host)
	if err != nil {
		host = c.Source.Host
	}
	return strings.EqualFold(host, "sts.amazonaws.com")
}
