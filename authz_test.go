package writ_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/writ-iam/writ/catalogue"
	"github.com/writ-iam/writ/model"
)

// What <svc>.authz.json says is held against the Service Authorization
// Reference: the actions exist, have the access level that events are marked
// by, and know the context keys that rules fill.
func TestRulesFitTheCatalogue(t *testing.T) {
	for _, name := range model.Names() {
		m, err := model.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, op := range m.Operations {
			if op.Rule == nil || name == "writ" {
				continue // our own actions are in nobody's catalogue
			}
			for i := range op.Rule.Checks {
				checkRule(t, op, &op.Rule.Checks[i])
			}
		}
	}
}

// uncatalogued are actions that AWS documents (IAM User Guide, "IAM temporary
// delegation") and that the catalogue's data does not have.
var uncatalogued = []string{"iam:UpdateDelegationRequest"}

func checkRule(t *testing.T, op *model.Operation, check *model.Check) {
	action, ok := catalogue.LookupAction(check.Action)
	if !ok && slices.Contains(uncatalogued, check.Action) {
		return
	}
	if !ok {
		t.Errorf("%s: there is no action %s", op.Name, check.Action)
		return
	}
	if !strings.EqualFold(check.Action, check.Service()+":"+op.Name) {
		return // a further permission, decided in the context of the same request
	}
	if string(action.Access) != op.Rule.Access {
		t.Errorf("%s: access is %s, not %s", op.Name, action.Access, op.Rule.Access)
	}
	for key := range check.Keys {
		if !known(action, strings.Replace(key, "/*", "/${TagKey}", 1)) && !known(action, strings.Replace(key, "/*", "/<key>", 1)) {
			t.Errorf("%s: %s does not know the key %s", op.Name, check.Action, key)
		}
	}
}

// known says whether a key can be in the context of an action, by itself or by
// one of its resource types.
func known(action *catalogue.Action, key string) bool {
	all := action.ConditionKeys
	for _, r := range action.Resources {
		all = append(all[:len(all):len(all)], r.ConditionKeys...)
	}
	for _, k := range all {
		// A key of which AWS leaves a part open is each that begins as it does.
		fixed, _, open := strings.Cut(k, "${AttributeName}")
		if strings.EqualFold(k, key) || open && strings.HasPrefix(key, fixed) {
			return true
		}
	}
	return false
}
