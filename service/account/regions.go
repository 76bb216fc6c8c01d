package account

import (
	"errors"
	"slices"
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/account"
	"github.com/writ-iam/writ/store"
)

// region is one that an account has enabled.
type region struct{ Account, Name string }

var regions = store.NewTable("account/region",
	func(r *region) store.Key { return store.K(r.Account, r.Name) })

// The states of regions. AWS takes minutes to carry what IAM holds into a region
// and away again; here it is there already.
const byDefault, enabled, disabled = "ENABLED_BY_DEFAULT", "ENABLED", "DISABLED"

// EnableRegion makes the credentials of an account known in a region.
func (s *Service) EnableRegion(c *writ.Call, in *api.EnableRegionInput) (*api.EnableRegionOutput, error) {
	err := s.opt(c, in.RegionName, func(tx *store.Tx) error {
		return regions.Put(tx, &region{of(c, in.AccountId), in.RegionName})
	})
	return &api.EnableRegionOutput{}, err
}

// DisableRegion leaves what is in the region where it is, out of reach.
func (s *Service) DisableRegion(c *writ.Call, in *api.DisableRegionInput) (*api.DisableRegionOutput, error) {
	err := s.opt(c, in.RegionName, func(tx *store.Tx) error {
		return or(regions.Delete(tx, of(c, in.AccountId), in.RegionName), nil)
	})
	return &api.DisableRegionOutput{}, err
}

// opt changes the state of a region whose state can be changed.
func (s *Service) opt(c *writ.Call, name string, change func(*store.Tx) error) error {
	p := writ.PartitionNamed(c.Scope.Partition)
	switch {
	case slices.Contains(p.Default, name):
		return invalid(regionFailed, "The Region %s is enabled by default and can't be enabled or disabled.", name)
	case !slices.Contains(p.OptIn, name):
		return noRegion(name)
	}
	return s.db.Update(c, change)
}

func noRegion(name string) error {
	return invalid(regionFailed, "There is no Region %s.", name)
}

func (s *Service) GetRegionOptStatus(c *writ.Call, in *api.GetRegionOptStatusInput) (*api.GetRegionOptStatusOutput, error) {
	all, err := s.regions(c, in.AccountId)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(r api.Region) bool { return *r.RegionName == in.RegionName })
	if i < 0 {
		return nil, noRegion(in.RegionName)
	}
	return &api.GetRegionOptStatusOutput{RegionName: all[i].RegionName, RegionOptStatus: all[i].RegionOptStatus}, nil
}

// mostRegions is how many regions a page has where the call does not say.
const mostRegions = 50

func (s *Service) ListRegions(c *writ.Call, in *api.ListRegionsInput) (*api.ListRegionsOutput, error) {
	scope := strings.Join(append([]string{c.Scope.Account, c.Operation.Name, of(c, in.AccountId)}, in.RegionOptStatusContains...), "\x00")
	after, err := s.after(scope, in.NextToken)
	if err != nil {
		return nil, err
	}
	all, err := s.regions(c, in.AccountId)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(r api.Region) bool {
		return *r.RegionName <= after || len(in.RegionOptStatusContains) > 0 && !slices.Contains(in.RegionOptStatusContains, *r.RegionOptStatus)
	})
	limit := mostRegions
	if in.MaxResults != nil {
		limit = *in.MaxResults
	}
	if len(all) <= limit {
		return &api.ListRegionsOutput{Regions: all}, nil
	}
	next := s.db.SealMarker(scope, store.K(*all[limit-1].RegionName))
	return &api.ListRegionsOutput{Regions: all[:limit], NextToken: &next}, nil
}

// after is the name of the region that the last page ended with, "" if there was none.
func (s *Service) after(scope string, token *string) (string, error) {
	if token == nil {
		return "", nil
	}
	position, err := s.db.OpenMarker(scope, *token)
	if errors.Is(err, store.ErrMarker) {
		return "", invalid(fieldFailed, "The NextToken is invalid.")
	}
	if err != nil || position == nil {
		return "", err
	}
	return position.Parts()[0], nil
}

// regions are all of the partition, by name.
func (s *Service) regions(c *writ.Call, id *string) (all []api.Region, err error) {
	var mine []string
	err = s.db.View(c.Context, func(tx *store.Tx) (err error) {
		mine, err = s.EnabledRegions(tx, of(c, id))
		return err
	})
	p := writ.PartitionNamed(c.Scope.Partition)
	for _, name := range slices.Sorted(slices.Values(slices.Concat(p.Default, p.OptIn))) {
		status := disabled
		switch {
		case slices.Contains(p.Default, name):
			status = byDefault
		case slices.Contains(mine, name):
			status = enabled
		}
		all = append(all, api.Region{RegionName: &name, RegionOptStatus: &status})
	}
	return all, err
}

// EnabledRegions are the regions that an account has enabled, which are those
// that it has beside the default ones.
func (s *Service) EnabledRegions(tx *store.Tx, account string) (all []string, err error) {
	for r, err := range regions.Scan(tx, store.K(account)) {
		if err != nil {
			return nil, err
		}
		all = append(all, r.Name)
	}
	return all, nil
}

// RegionEnabled says whether a region is one of them.
func (s *Service) RegionEnabled(tx *store.Tx, account, name string) (bool, error) {
	_, err := regions.Get(tx, account, name)
	return err == nil, or(err, nil)
}
