package ec2

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
)

// findInstance finds an instance of the caller's account and region.
func findInstance(tx *store.Tx, c *writ.Call, id string) (*instance, error) {
	if err := instanceKind.check(id); err != nil {
		return nil, err
	}
	i, err := instances.Get(tx, c.Scope.Account, c.Scope.Region, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && i.gone(c.Time) {
		return nil, instanceKind.absent(id)
	}
	return i, err
}

// liveInstance finds one that is not terminated.
func liveInstance(tx *store.Tx, c *writ.Call, id string) (*instance, error) {
	i, err := findInstance(tx, c, id)
	if err == nil && i.State == StateTerminated {
		return nil, fault("IncorrectInstanceState", "The instance '%s' is not in a state from which it can be modified.", id)
	}
	return i, err
}

// findInstances finds several. Each is returned once.
func findInstances(tx *store.Tx, c *writ.Call, ids []string) ([]*instance, error) {
	if len(ids) == 0 {
		return nil, missing("InstanceId")
	}
	if err := instanceKind.check(ids...); err != nil {
		return nil, err
	}
	var all []*instance
	var absent []string
	for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
		i, err := instances.Get(tx, c.Scope.Account, c.Scope.Region, id)
		switch {
		case errors.Is(err, store.ErrNotFound) || err == nil && i.gone(c.Time):
			absent = append(absent, id)
		case err != nil:
			return nil, err
		}
		all = append(all, i)
	}
	if absent != nil {
		return nil, instanceKind.absent(absent...)
	}
	return all, nil
}

// lingering is how long a terminated instance can still be seen.
const lingering = time.Hour

func (i *instance) gone(now time.Time) bool {
	return i.State == StateTerminated && now.Sub(i.Changed) >= lingering
}

// forget removes the instances of an account and region that are gone, with
// their tags. Launches see to it.
func forget(tx *store.Tx, c *writ.Call) error {
	for i, err := range instances.ScanBy(tx, "ended", store.K(c.Scope.Account, c.Scope.Region)) {
		if err != nil {
			return err
		}
		if !i.gone(c.Time) {
			return nil // they are in the order of their ends
		}
		if err := instances.Delete(tx, i.Account, i.Region, i.ID); err != nil {
			return err
		}
		if err := removeTags(tx, c.Scope, i.ID, anyTag); err != nil {
			return err
		}
	}
	return nil
}

// shown returns the instances of the caller's account and region that are to be
// seen, in the order of their ids.
func shown(tx *store.Tx, c *writ.Call) ([]*instance, error) {
	var all []*instance
	for i, err := range instances.Scan(tx, store.K(c.Scope.Account, c.Scope.Region)) {
		if err != nil {
			return nil, err
		}
		if !i.gone(c.Time) {
			all = append(all, i)
		}
	}
	return all, nil
}

// byID puts shapes into the order of their ids.
func byID[T any](all []T, id func(*T) string) {
	slices.SortFunc(all, func(a, b T) int { return strings.Compare(id(&a), id(&b)) })
}
