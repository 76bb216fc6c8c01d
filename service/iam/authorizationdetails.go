package iam

import (
	"slices"
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// GetAccountAuthorizationDetails shows who is in the account and what policies
// say of them: users, then roles, groups, the account's own policies, and those
// of AWS's that it uses. One marker runs through all of them.
func (s *Service) GetAccountAuthorizationDetails(c *writ.Call, in *api.GetAccountAuthorizationDetailsInput) (*api.GetAccountAuthorizationDetailsOutput, error) {
	wanted := s.detailSections(c, in.Filter)
	p, err := list(s, c, paging{in.Marker, in.MaxItems}, wanted.page, wanted.names()...)
	if err != nil {
		return nil, err
	}
	out := &api.GetAccountAuthorizationDetailsOutput{UserDetailList: []api.UserDetail{}, GroupDetailList: []api.GroupDetail{},
		RoleDetailList: []api.RoleDetail{}, Policies: []api.ManagedPolicyDetail{}, IsTruncated: &p.IsTruncated, Marker: p.Marker}
	for _, d := range p.rows {
		(*d)(out)
	}
	return out, nil
}

// detail puts what is known of one entity into the answer.
type detail func(*api.GetAccountAuthorizationDetailsOutput)

// detailSection is one kind of entities, by the name that Filter has for it.
type detailSection struct {
	name string
	page func(tx *store.Tx, after store.Key, limit int) ([]*detail, store.Key, error)
}

type detailSections []detailSection

// detailSections are those that a filter lets through, all if there is none, in
// one order whatever the filter's.
func (s *Service) detailSections(c *writ.Call, filter []string) detailSections {
	account := c.Scope.Account
	roleDetail := func(tx *store.Tx, r *role) (detail, error) { return s.roleDetail(tx, r, c.Time) }
	all := detailSections{
		{"User", detailsOf(users, account, userDetail)},
		{"Role", detailsOf(roles, account, roleDetail)},
		{"Group", detailsOf(groups, account, groupDetail)},
		{"LocalManagedPolicy", detailsOf(policies, account, policyDetail)},
		{"AWSManagedPolicy", awsDetails(c.Scope)},
	}
	if len(filter) == 0 {
		return all
	}
	return slices.DeleteFunc(all, func(d detailSection) bool { return !slices.Contains(filter, d.name) })
}

func (d detailSections) names() []string {
	var all []string
	for _, section := range d {
		all = append(all, section.name)
	}
	return all
}

// page reads up to limit details behind a position, which is the name of a
// section and a position in it.
func (d detailSections) page(tx *store.Tx, after store.Key, limit int) (all []*detail, next store.Key, err error) {
	begun := after == nil
	for _, section := range d {
		var from store.Key
		if head := store.K(section.name); !begun && strings.HasPrefix(string(after), string(head)) {
			begun, from = true, after[len(head):]
		}
		if !begun {
			continue
		}
		room := limit - len(all)
		rows, next, err := section.page(tx, from, max(room, 1))
		if err != nil {
			return nil, nil, err
		}
		if room == 0 && len(rows) > 0 {
			return all, store.K(section.name), nil
		}
		all = append(all, rows...)
		if next != nil {
			return all, store.K(section.name, next), nil
		}
	}
	return all, nil, nil
}

// detailsOf pages through a table in the order of paths and names.
func detailsOf[R any](table *store.Table[R], account string, of func(*store.Tx, *R) (detail, error)) func(*store.Tx, store.Key, int) ([]*detail, store.Key, error) {
	return func(tx *store.Tx, after store.Key, limit int) ([]*detail, store.Key, error) {
		if len(after) == 0 {
			after = nil
		}
		rows, next, err := table.PageBy(tx, "path", store.K(account), after, limit)
		if err != nil {
			return nil, nil, err
		}
		all, err := convertIn(tx, rows, func(tx *store.Tx, r *R) (*detail, error) {
			d, err := of(tx, r)
			return &d, err
		})
		return all, next, err
	}
}

// awsDetails pages through those of AWS's policies that an account uses.
func awsDetails(scope writ.Scope) func(*store.Tx, store.Key, int) ([]*detail, store.Key, error) {
	return func(tx *store.Tx, after store.Key, limit int) (all []*detail, next store.Key, err error) {
		last := first(after)
		for arn, err := range policiesInUse(tx, scope.Account, anyUse, "arn:"+scope.Partition+":iam::aws:policy/", last) {
			if err != nil {
				return nil, nil, err
			}
			if len(all) == limit {
				return all, store.K(last), nil
			}
			d, err := awsPolicyDetail(tx, scope.Account, arn)
			if err != nil {
				return nil, nil, err
			}
			if last = arn; d != nil {
				all = append(all, &d)
			}
		}
		return all, nil, nil
	}
}
