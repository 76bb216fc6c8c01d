package ec2

import (
	"strings"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
)

// paging is what a Describe operation takes to answer in pages.
type paging struct {
	max   *int
	token *string
	ids   int // how many ids the call names
}

// The bounds of MaxResults, for most operations (EC2 API reference).
const fewest, most = 5, 1000

// page returns a part of a list, which is in the order of its ids, and the token
// of the next. The token is bound to the account, region and operation.
func page[T any](s *Service, c *writ.Call, all []T, p paging, id func(*T) string) ([]T, *string, error) {
	if err := p.check(); err != nil {
		return nil, nil, err
	}
	scope := strings.Join([]string{c.Scope.Account, c.Scope.Region, c.Operation.Name}, "\x00")
	if p.token != nil {
		position, err := s.db.OpenMarker(scope, *p.token)
		if err != nil || position == nil {
			return nil, nil, fault("InvalidNextToken", "The token '%s' is invalid", *p.token)
		}
		after := position.Parts()[0]
		for len(all) > 0 && id(&all[0]) <= after {
			all = all[1:]
		}
	}
	if p.max == nil || len(all) <= *p.max {
		return all, nil, nil
	}
	all = all[:*p.max]
	return all, new(s.db.SealMarker(scope, store.K(id(&all[*p.max-1])))), nil
}

func (p *paging) check() error {
	switch {
	case p.max == nil:
	case p.ids > 0:
		return invalidCombination("The parameter instancesSet cannot be used with the parameter maxResults")
	case *p.max < fewest:
		return invalidValue("Value ( %d ) for parameter maxResults is invalid. Expecting a value greater than %d.", *p.max, fewest)
	case *p.max > most:
		return invalidValue("Value ( %d ) for parameter maxResults is invalid. Expecting a value smaller than %d.", *p.max, most)
	}
	return nil
}
