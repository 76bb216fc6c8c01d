package cloudtrail

import (
	"fmt"
	"strings"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/cloudtrail"
	"github.com/writ-iam/writ/store"
	"github.com/writ-iam/writ/store/events"
)

// sealToken is the token of the page that begins at a position, nil if there is none.
func (s *Service) sealToken(c *writ.Call, in *api.LookupEventsInput, next events.Position) *string {
	if next == "" {
		return nil
	}
	return new(s.db.SealMarker(scope(c, in), store.Key(next)))
}

// openToken is the position in an input's token, "" if it has none.
func (s *Service) openToken(c *writ.Call, in *api.LookupEventsInput) (events.Position, error) {
	if in.NextToken == nil {
		return "", nil
	}
	position, err := s.db.OpenMarker(scope(c, in), *in.NextToken)
	if err != nil || position == nil {
		return "", api.InvalidNextTokenException("The token is not valid, or was given out for a request with different parameters.")
	}
	return events.Position(position), nil
}

// scope is all that a token is bound to: the parameters of the request that it
// was given out for, except for how many results a page has.
func scope(c *writ.Call, in *api.LookupEventsInput) string {
	parts := []string{c.Scope.Account, c.Scope.Region, c.Operation.Name, moment(in.StartTime), moment(in.EndTime)}
	for _, a := range in.LookupAttributes {
		parts = append(parts, fmt.Sprintf("%s=%q", a.AttributeKey, a.AttributeValue))
	}
	return strings.Join(parts, "\x00")
}

func moment(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}
