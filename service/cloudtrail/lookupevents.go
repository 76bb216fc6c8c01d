package cloudtrail

import (
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/cloudtrail"
	"github.com/writ-iam/writ/store/events"
)

// LookupEvents shows the account's management events, newest first, as long as
// they are kept. There are no Insights events: Writ does not look for unusual
// activity.
func (s *Service) LookupEvents(c *writ.Call, in *api.LookupEventsInput) (*api.LookupEventsOutput, error) {
	q, err := query(c, in)
	if err != nil {
		return nil, err
	}
	if q.After, err = s.openToken(c, in); err != nil {
		return nil, err
	}
	if in.EventCategory != nil {
		return &api.LookupEventsOutput{Events: []api.Event{}}, nil
	}
	page, next, err := s.lookup(c, q)
	if err != nil {
		return nil, err
	}
	out := &api.LookupEventsOutput{Events: make([]api.Event, 0, len(page)), NextToken: s.sealToken(c, in, next)}
	for i := range page {
		out.Events = append(out.Events, shape(&page[i]))
	}
	return out, nil
}

// query is what an input asks of the log, but for the region and the page.
func query(c *writ.Call, in *api.LookupEventsInput) (q events.Query, err error) {
	q = events.Query{Account: c.Scope.Account, Limit: maxResults}
	if in.EventCategory != nil && *in.EventCategory != insight {
		return q, api.InvalidEventCategoryException("The event category %s is not valid. Valid values: %s.", *in.EventCategory, insight)
	}
	if in.MaxResults != nil {
		q.Limit = *in.MaxResults
	}
	if q.Limit < 1 || q.Limit > maxResults {
		return q, api.InvalidMaxResultsException("The number of results must be between 1 and %d.", maxResults)
	}
	if q.Attribute, err = attribute(in); err != nil {
		return q, err
	}
	q.From, q.To, err = period(in)
	return q, err
}

const (
	maxResults = 50
	insight    = "insight"
)

// period is the time asked for, both ends included. Events are shown to the
// second, so the end is that of its second.
func period(in *api.LookupEventsInput) (from, to time.Time, err error) {
	if in.StartTime != nil {
		from = *in.StartTime
	}
	if in.EndTime != nil {
		to = in.EndTime.Truncate(time.Second).Add(time.Second - 1)
	}
	if in.StartTime != nil && in.EndTime != nil && in.StartTime.After(*in.EndTime) {
		return from, to, api.InvalidTimeRangeException("The start time must not be after the end time.")
	}
	return from, to, nil
}
