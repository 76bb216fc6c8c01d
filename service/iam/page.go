package iam

import (
	"errors"
	"strconv"
	"strings"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
)

// paging is what every List operation takes, and what bounds its answer.
type paging struct {
	marker   *string
	maxItems *int
}

// page is a part of a list, with what tells the client of the rest.
type page[R any] struct {
	rows        []*R
	IsTruncated bool
	Marker      *string
}

// list reads one page in a View. The marker is bound to the account, the
// operation and whatever else selects the list, so that it is good for nothing else.
func list[R any](s *Service, c *writ.Call, p paging, read func(tx *store.Tx, after store.Key, limit int) ([]*R, store.Key, error), query ...string) (*page[R], error) {
	scope := strings.Join(append([]string{c.Scope.Account, c.Operation.Name}, query...), "\x00")
	after, err := s.db.OpenMarker(scope, value(p.marker))
	if errors.Is(err, store.ErrMarker) {
		return nil, writ.ValidationError("Invalid Marker.")
	}
	if err != nil {
		return nil, err
	}
	var got page[R]
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		rows, next, err := read(tx, after, p.limit())
		if next != nil {
			got.IsTruncated, got.Marker = true, new(s.db.SealMarker(scope, next))
		}
		got.rows = rows
		return err
	})
	return &got, err
}

// limit is MaxItems; the model has checked its bounds.
func (p paging) limit() int {
	if p.maxItems == nil {
		return 100
	}
	return *p.maxItems
}

// byPath lists the entities of the caller's account under a path prefix.
func byPath[R any](s *Service, c *writ.Call, table *store.Table[R], pathPrefix *string, p paging) (*page[R], error) {
	return list(s, c, p, func(tx *store.Tx, after store.Key, limit int) ([]*R, store.Key, error) {
		return table.PageBy(tx, "path", underPath(c, pathPrefix), after, limit)
	}, value(pathPrefix))
}

// byPathIn is byPath with shapes that need more reading for rows.
func byPathIn[R, S any](s *Service, c *writ.Call, table *store.Table[R], pathPrefix *string, p paging, f func(*store.Tx, *R) (*S, error)) (*page[S], error) {
	return list(s, c, p, func(tx *store.Tx, after store.Key, limit int) ([]*S, store.Key, error) {
		rows, next, err := table.PageBy(tx, "path", underPath(c, pathPrefix), after, limit)
		if err != nil {
			return nil, nil, err
		}
		shapes, err := convertIn(tx, rows, f)
		return shapes, next, err
	}, value(pathPrefix))
}

// underPath is the prefix of entities of the caller's account in index "path".
func underPath(c *writ.Call, pathPrefix *string) store.Key {
	prefix := store.K(c.Scope.Account)
	if pathPrefix != nil {
		prefix = prefix.Starting(*pathPrefix)
	}
	return prefix
}

// convertIn is convert for what needs more reading.
func convertIn[R, S any](tx *store.Tx, rows []*R, f func(*store.Tx, *R) (S, error)) ([]S, error) {
	all := make([]S, 0, len(rows))
	for _, r := range rows {
		s, err := f(tx, r)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// shapes are the rows of a page that are shapes already.
func shapes[S any](p *page[S]) []S { return convert(p.rows, func(s *S) S { return *s }) }

// convert makes a list of API shapes of a list of records; it is never nil, as
// AWS's lists are empty but there.
func convert[R, S any](rows []*R, f func(*R) S) []S {
	all := make([]S, 0, len(rows))
	for _, r := range rows {
		all = append(all, f(r))
	}
	return all
}

// value is what an optional text points to, "" if it is absent.
func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// optionalText is the other way round.
func optionalText(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// part is one page of a list that is read whole, because it stands in one
// record or is short. The position is a number.
func part[T any](s *Service, c *writ.Call, p paging, query string, all []T) (page []T, truncated bool, marker *string, err error) {
	scope := strings.Join([]string{c.Scope.Account, c.Operation.Name, query}, "\x00")
	from, err := s.offset(scope, value(p.marker))
	if err != nil {
		return nil, false, nil, err
	}
	page = all[min(from, len(all)):]
	if len(page) <= p.limit() {
		return page, false, nil, nil
	}
	next := s.db.SealMarker(scope, store.K(uint64(from+p.limit())))
	return page[:p.limit()], true, &next, nil
}

func (s *Service) offset(scope, marker string) (int, error) {
	position, err := s.db.OpenMarker(scope, marker)
	if err != nil {
		return 0, writ.ValidationError("Invalid Marker.")
	}
	if position == nil {
		return 0, nil
	}
	n, err := strconv.ParseUint(position.Parts()[0], 16, 31)
	return int(n), err
}
