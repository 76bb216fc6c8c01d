package iam

import (
	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
)

// holder is a kind of entity that policies belong to: users, groups and roles.
// Whatever is done with their policies is the same for all three.
type holder struct {
	kind
	find     finder[entity]                                 // by name
	byID     func(tx *store.Tx, id string) (*entity, error) // one that exists
	attached string                                         // name of the quota on attached policies
	inline   string                                         // name of the quota on the size of inline policies
}

var (
	userHolder  = holds(userKind, users, "PoliciesPerUser", "UserPolicySize")
	groupHolder = holds(groupKind, groups, "PoliciesPerGroup", "GroupPolicySize")
	roleHolder  = holds(roleKind, roles, "PoliciesPerRole", "RolePolicySize")
)

func holds[R any, P tagged[R]](k kind, table *store.Table[R], attached, inline string) holder {
	base := func(r *R, err error) (*entity, error) {
		if err != nil {
			return nil, err
		}
		return P(r).base(), nil
	}
	return holder{k,
		func(tx *store.Tx, c *writ.Call, name string) (*entity, error) {
			return base(find(tx, table, k, c.Scope.Account, name))
		},
		func(tx *store.Tx, id string) (*entity, error) { return base(table.By(tx, "id", id)) },
		attached, inline}
}
