package tagging

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/resourcegroupstaggingapi"
	"github.com/writ-iam/writ/store"
)

// group is what noncompliant resources are counted by; what the call does not
// group by is "".
type group struct{ account, region, resourceType string }

func (g group) name() string { return g.account + "\x00" + g.region + "\x00" + g.resourceType }

// GetComplianceSummary counts the resources of all accounts of the caller's
// organization whose tags do not comply.
func (s *Service) GetComplianceSummary(c *writ.Call, in *api.GetComplianceSummaryInput) (*api.GetComplianceSummaryOutput, error) {
	n := most
	if in.MaxResults != nil {
		n = *in.MaxResults
	}
	out := &api.GetComplianceSummaryOutput{SummaryList: []api.Summary{}}
	err := s.db.View(c.Context, func(tx *store.Tx) error {
		counts, err := s.count(tx, c, in)
		if err != nil {
			return err
		}
		groups := slices.SortedFunc(maps.Keys(counts), func(a, b group) int { return cmp.Compare(a.name(), b.name()) })
		rows, next, err := page(s, c, in.PaginationToken, groups, group.name, atMost[group](n))
		out.PaginationToken = next
		for _, g := range rows {
			out.SummaryList = append(out.SummaryList, g.summary(counts[g], c.Time))
		}
		return err
	})
	return out, err
}

func (s *Service) count(tx *store.Tx, c *writ.Call, in *api.GetComplianceSummaryInput) (map[group]int64, error) {
	managed, err := s.organizations.Managed(tx, c.Scope.Account)
	if errors.Is(err, store.ErrNotFound) {
		return nil, api.ConstraintViolationException("You must call this operation from the management account of an organization.")
	}
	if err != nil {
		return nil, err
	}
	counts := map[group]int64{}
	if len(in.GroupBy) == 0 {
		counts[group{}] = 0 // there is always one in all
	}
	for account, above := range managed {
		if !targeted(in.TargetIdFilters, account, above) {
			continue
		}
		if err := s.countAccount(tx, writ.Scope{Partition: c.Scope.Partition, Account: account}, in, counts); err != nil {
			return nil, err
		}
	}
	return counts, nil
}

// targeted says whether an account, or something that it lies in, is one of some
// targets; no targets are all.
func targeted(targets []string, account string, above []string) bool {
	return len(targets) == 0 || slices.Contains(targets, account) ||
		slices.ContainsFunc(above, func(id string) bool { return slices.Contains(targets, id) })
}

func (s *Service) countAccount(tx *store.Tx, scope writ.Scope, in *api.GetComplianceSummaryInput, counts map[group]int64) error {
	policy, err := s.organizations.TagPolicy(tx, scope.Account)
	if err != nil || policy == nil {
		return err
	}
	all, err := s.tagged(tx, scope)
	for _, r := range all {
		counted := ofTypes(in.ResourceTypeFilters, &r) && hasKey(in.TagKeyFilters, &r) &&
			(len(in.RegionFilters) == 0 || slices.Contains(in.RegionFilters, r.Region))
		if counted && !policy.Check(r.Type, r.Tags).OK() {
			counts[groupOf(in.GroupBy, scope.Account, &r)]++
		}
	}
	return err
}

func groupOf(by []string, account string, r *writ.Tagged) (g group) {
	if slices.Contains(by, "TARGET_ID") {
		g.account = account
	}
	if slices.Contains(by, "REGION") {
		g.region = r.Region
	}
	if slices.Contains(by, "RESOURCE_TYPE") {
		g.resourceType = r.Type
	}
	return g
}

func (g group) summary(n int64, now time.Time) api.Summary {
	sum := api.Summary{LastUpdated: new(now.Format(time.RFC3339)), NonCompliantResources: &n}
	if g.account != "" {
		sum.TargetId, sum.TargetIdType = &g.account, new("ACCOUNT")
	}
	if g.region != "" {
		sum.Region = &g.region
	}
	if g.resourceType != "" {
		sum.ResourceType = &g.resourceType
	}
	return sum
}
