package authn

import (
	"strings"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/sigv4"
)

// place is a region that is asked for an account.
type place struct{ account, region string }

// Clone implements store.Cloner.
func (p place) Clone() place { return place{strings.Clone(p.account), strings.Clone(p.region)} }

// Len implements store.Cloner.
func (p place) Len() int { return len(p.account) + len(p.region) }

// known refuses credentials in a region that their account has not enabled: there
// AWS has never heard of them. Tokens of version 1 are known in the regions
// alone that nobody has to enable.
func (a *Authenticator) known(c *writ.Call, caller *writ.Caller) error {
	if c.Scope.EnabledByDefault() {
		return nil
	}
	if caller.Session != nil && caller.Session.DefaultRegions {
		return sigv4.InvalidToken()
	}
	enabled, _, err := a.regions.Get(c.Context, place{caller.Account, c.Scope.Region})
	switch {
	case err != nil || enabled:
		return err
	case caller.Session != nil:
		return sigv4.InvalidToken()
	}
	return sigv4.UnknownKey()
}
