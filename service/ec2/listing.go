package ec2

import (
	"slices"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/ec2"
	"github.com/writ-iam/writ/store"
)

// listing is how a Describe operation names and filters things of one kind,
// given by their shapes.
type listing[T any] struct {
	kind   kind
	id     func(*T) string
	fields fields[T]
	tags   func(*T) []api.Tag // nil for what has none
}

// answer is the part of all, which is in the order of ids, that a call asks
// for, and the token of the next.
func (l listing[T]) answer(s *Service, c *writ.Call, all []T, ids []string, filters []api.Filter, p paging) ([]T, *string, error) {
	p.ids = len(ids)
	all, err := l.named(all, ids)
	if err != nil {
		return nil, nil, err
	}
	if all, err = filtered(all, filters, l.fields, l.tags); err != nil {
		return nil, nil, err
	}
	return page(s, c, all, p, l.id)
}

// named leaves the things that are named, all if none is. Each must be there.
func (l listing[T]) named(all []T, ids []string) ([]T, error) {
	if len(ids) == 0 {
		return all, nil
	}
	if err := l.kind.check(ids...); err != nil {
		return nil, err
	}
	absent := slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		return slices.ContainsFunc(all, func(t T) bool { return l.id(&t) == id })
	})
	if len(absent) > 0 {
		return nil, l.kind.absent(absent...)
	}
	return slices.DeleteFunc(all, func(t T) bool { return !slices.Contains(ids, l.id(&t)) }), nil
}

// view reads shapes in a View.
func view[T any](s *Service, c *writ.Call, read func(tx *store.Tx) ([]T, error)) (all []T, err error) {
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		all, err = read(tx)
		return err
	})
	if all == nil {
		all = []T{}
	}
	return all, err
}
