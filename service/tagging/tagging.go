// Package tagging is the Resource Groups Tagging API: the tags of all services in
// one place, held against the tag policy over the account.
//
// Its one idea: it keeps nothing. Each service tells what it has that has tags,
// and every answer is computed from that when it is asked for.
package tagging

import (
	"cmp"
	"slices"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/authz"
	"github.com/writ-iam/writ/store"
)

// Service carries out the operations. It is safe for concurrent use.
type Service struct {
	db            *store.DB
	organizations Organizations
	sources       []Source
}

// Source is a service whose things have tags.
type Source interface {
	// Tagged returns what an account has that has tags, in all regions.
	Tagged(tx *store.Tx, scope writ.Scope) ([]writ.Tagged, error)
}

// Organizations is who knows tag policies, and which accounts are managed together.
type Organizations interface {
	authz.TagPolicies
	// Managed returns the accounts that an account manages, each with the ids of
	// all that it lies in; store.ErrNotFound if it manages none.
	Managed(tx *store.Tx, account string) (map[string][]string, error)
}

// New makes the service.
func New(db *store.DB, organizations Organizations, sources ...Source) *Service {
	return &Service{db, organizations, sources}
}

// tagged returns what an account has that has tags, in the order of ARNs.
func (s *Service) tagged(tx *store.Tx, scope writ.Scope) (all []writ.Tagged, err error) {
	for _, source := range s.sources {
		more, err := source.Tagged(tx, scope)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	// What is in no region is shown where services without regions act.
	global := writ.PartitionNamed(scope.Partition).Global
	for i := range all {
		all[i].Region = cmp.Or(all[i].Region, global)
	}
	slices.SortFunc(all, func(a, b writ.Tagged) int { return cmp.Compare(a.ARN, b.ARN) })
	return all, nil
}

// here returns what the caller's account has in the region that is asked.
func (s *Service) here(tx *store.Tx, c *writ.Call) ([]writ.Tagged, error) {
	all, err := s.tagged(tx, c.Scope)
	return slices.DeleteFunc(all, func(r writ.Tagged) bool { return r.Region != c.Scope.Region }), err
}
