package tagging

import (
	"fmt"
	"slices"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/resourcegroupstaggingapi"
	"github.com/writ-iam/writ/store"
)

// most is how many keys and values a page has.
const most = 500

// page cuts a page out of a list in the order of names: what comes after the
// token, as long as more says that there is room. The token is "" on the last page.
func page[T any](s *Service, c *writ.Call, token *string, all []T, name func(T) string, room func(T) bool) ([]T, *string, error) {
	scope := fmt.Sprint(c.Scope.Account, "\x00", c.Scope.Region, "\x00", c.Operation.Name)
	if token != nil && *token != "" {
		after, err := s.db.OpenMarker(scope, *token)
		if err != nil || after == nil {
			return nil, nil, api.InvalidParameterException("The pagination token is not valid.")
		}
		all = slices.DeleteFunc(all, func(t T) bool { return name(t) <= string(after) })
	}
	n := 0
	for n < len(all) && room(all[n]) {
		n++
	}
	if n == len(all) {
		return all, new(""), nil
	}
	return all[:n], new(s.db.SealMarker(scope, store.Key(name(all[n-1])))), nil
}

// atMost is the room for n entries.
func atMost[T any](n int) func(T) bool {
	return func(T) bool { n--; return n >= 0 }
}
