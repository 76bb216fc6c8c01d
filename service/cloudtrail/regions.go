package cloudtrail

import (
	"cmp"
	"slices"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store/events"
)

// lookup reads one page of the call's region and of the global one. Places in
// the log are the same for all regions, so two lists are merged by them.
func (s *Service) lookup(c *writ.Call, q events.Query) (page []events.Entry, next events.Position, err error) {
	regions := []string{c.Scope.Region, writ.PartitionNamed(c.Scope.Partition).Global}
	more := false
	for _, region := range slices.Compact(regions) {
		q.Region = region
		found, rest, err := s.log.Lookup(c.Context, q)
		if err != nil {
			return nil, "", err
		}
		page, more = append(page, found...), more || rest != ""
	}
	// Positions are written so that their order is the order of the log.
	slices.SortFunc(page, func(a, b events.Entry) int { return cmp.Compare(b.Position(), a.Position()) })
	if len(page) > q.Limit {
		page, more = page[:q.Limit], true
	}
	if more {
		next = page[len(page)-1].Position()
	}
	return page, next, nil
}
