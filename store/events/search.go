package events

import (
	"context"
	"errors"
	"fmt"
)

// search is a Query made ready to run: the one key to look under, the bounds of
// the places to look between, and the exact comparison of what was found.
type search struct {
	Query
	key    uint64
	region uint32 // regionMark
	lo, hi place  // lo ≤ entry < hi
}

func newSearch(q Query) (*search, error) {
	if q.Limit < 1 {
		return nil, fmt.Errorf("%w: limit %d", ErrInvalid, q.Limit)
	}
	s := &search{Query: q, key: q.key(), region: regionMark(q.Region), hi: endOfTime}
	if !q.From.IsZero() {
		s.lo.nanos = nanosAt(q.From)
	}
	if !q.To.IsZero() {
		s.hi.nanos = nanosAt(q.To) + 1
		if q.To.Before(minTime) {
			s.hi.nanos = 0
		}
	}
	if q.After == "" {
		return s, nil
	}
	after, err := q.After.parse()
	if after.compare(s.hi) < 0 {
		s.hi = after
	}
	return s, err
}

// key is the most telling key that every entry sought is kept under.
func (q *Query) key() uint64 {
	switch {
	case q.Attribute != nil:
		return attributeKey(q.Account, q.Attribute.Name, q.Attribute.Value)
	case q.Region != "":
		return regionKey(q.Account, q.Region)
	}
	return accountKey(q.Account)
}

func (s *search) within(p place) bool { return s.lo.compare(p) <= 0 && p.compare(s.hi) < 0 }

// mayBeIn says whether entries of the region with that mark are sought.
func (s *search) mayBeIn(region uint32) bool { return s.Region == "" || s.region == region }

// matches compares everything but the place.
func (s *search) matches(e *Entry) bool {
	return e.Account == s.Account && (s.Region == "" || e.Region == s.Region) &&
		(s.Attribute == nil || e.has(*s.Attribute))
}

func (e *Entry) has(a Attribute) bool {
	if a.Name == EventID {
		return e.ID == a.Value
	}
	for i := range e.Attributes {
		if e.Attributes[i] == a {
			return true
		}
	}
	return false
}

// page cuts entries, which hold one more than the limit if there are more, to
// the limit and says where the next page begins.
func (s *search) page(entries []Entry) ([]Entry, Position) {
	if len(entries) <= s.Limit {
		return entries, ""
	}
	entries = entries[:s.Limit]
	return entries, placeOf(&entries[s.Limit-1]).position()
}

// lookupID answers a search for an EventId, which Get does best.
func lookupID(ctx context.Context, l Log, s *search) ([]Entry, Position, error) {
	e, err := l.Get(ctx, s.Account, s.Attribute.Value)
	if errors.Is(err, ErrNotFound) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", err
	}
	if !s.within(placeOf(&e)) || !s.matches(&e) {
		return nil, "", nil
	}
	return []Entry{e}, "", nil
}
