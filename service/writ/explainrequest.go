package writ

import (
	"errors"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/writ"
	"github.com/writ-iam/writ/audit"
	"github.com/writ-iam/writ/store/events"
)

// ExplainRequest tells why a request of the caller's account was allowed or
// denied. A request that ended before it was decided has no Decision and no
// Checks; what it ended with is in its Event.
func (s *Service) ExplainRequest(c *writ.Call, in *api.ExplainRequestInput) (*api.ExplainRequestOutput, error) {
	account := c.Scope.Account
	entry, err := s.log.Get(c.Context, account, audit.EventID(in.RequestId, account))
	if errors.Is(err, events.ErrNotFound) {
		return nil, api.ResourceNotFoundException("No event of this account is known for request %s.", in.RequestId)
	}
	if err != nil {
		return nil, err
	}
	reasons, err := audit.Reasons(entry.Note)
	if err != nil {
		return nil, err
	}
	out := &api.ExplainRequestOutput{RequestId: in.RequestId, Checks: make([]api.Check, 0, len(reasons)), Event: string(entry.Event)}
	for _, r := range reasons {
		out.Decision = &r.Decision // the last one decided
		out.Checks = append(out.Checks, check(&r))
	}
	return out, nil
}

func check(r *audit.Reason) api.Check {
	return api.Check{Action: r.Action, Resource: r.Resource, Decision: r.Decision, Text: r.Text,
		DecidedBy: optional(r.By), PolicyName: optional(r.Policy), StatementId: optional(r.Statement)}
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
