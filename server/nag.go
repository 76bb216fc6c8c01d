package server

import (
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/policy"
)

// nagEvery bounds how often the log speaks of the root user.
const nagEvery = time.Hour

// nag warns of a root user at work: root is for the few tasks that need it, and
// whoever uses it for more should make an administrator. A server that may be
// reset is a test's, whose root is meant to be used.
func (s *Server) nag(c *writ.Call) {
	if s.foundation != nil || c.Caller == nil || c.Caller.Type != policy.RootUser {
		return
	}
	last, now := s.nagged.Load(), c.Time.UnixNano()
	if now-last >= int64(nagEvery) && s.nagged.CompareAndSwap(last, now) {
		s.log.Warn("the root user is in use; create an administrator and keep root for what needs it",
			"account", c.Caller.Account, "operation", c.Operation.Name, "requestId", c.ID)
	}
}
