package organizations

import (
	"errors"
	"strconv"
	"strings"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
)

// paging is what every List operation takes.
type paging struct {
	token *string
	max   *int
}

// most is how many entries a page has at most (API reference).
const most = 20

// turn reads one page. The token is bound to the account, the operation and
// whatever else selects the list.
func turn[R any](s *Service, c *writ.Call, p paging, of []string, read func(after store.Key, limit int) ([]*R, store.Key, error)) (rows []*R, next *string, err error) {
	scope := strings.Join(append([]string{c.Scope.Account, c.Operation.Name}, of...), "\x00")
	var after store.Key
	if p.token != nil {
		after, err = s.db.OpenMarker(scope, *p.token)
		if errors.Is(err, store.ErrMarker) {
			return nil, nil, noToken()
		}
	}
	if err != nil {
		return nil, nil, err
	}
	limit := most
	if p.max != nil {
		limit = *p.max
	}
	rows, position, err := read(after, limit)
	if position != nil {
		next = new(s.db.SealMarker(scope, position))
	}
	return rows, next, err
}

// first refuses a token where there is one page.
func first(token *string) error {
	if token != nil {
		return noToken()
	}
	return nil
}

func noToken() error {
	return invalid("INVALID_NEXT_TOKEN", "You specified an invalid next token.")
}

// part is a page of what is all there already. A position is a place in it.
func part[R any](all []*R, after store.Key, limit int) ([]*R, store.Key, error) {
	from := 0
	if after != nil {
		from, _ = strconv.Atoi(string(after))
	}
	from = min(from, len(all))
	if from+limit >= len(all) {
		return all[from:], nil, nil
	}
	return all[from : from+limit], store.Key(strconv.Itoa(from + limit)), nil
}

// each makes the shapes of a page.
func each[R, T any](rows []*R, shape func(*R) (T, error)) ([]T, error) {
	all := make([]T, 0, len(rows))
	for _, r := range rows {
		one, err := shape(r)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}
