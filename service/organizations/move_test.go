package organizations_test

import (
	"testing"

	"github.com/writ-iam/writ/authz"
	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/service/iam"
	"github.com/writ-iam/writ/service/organizations"
	"github.com/writ-iam/writ/store"
)

// A move takes effect at once, and what is kept of other accounts stays; a policy
// attached to the root concerns everybody.
func TestWhatChangesDrop(t *testing.T) {
	lab := awstest.New(t)
	do := func(operation string, params map[string]any) map[string]any {
		out, err := lab.Call(awstest.Root, "organizations", operation, params)
		if err != nil {
			t.Fatalf("%s: %v", operation, err)
		}
		return out
	}
	do("CreateOrganization", map[string]any{})
	root := do("ListRoots", map[string]any{})["Roots"].([]any)[0].(map[string]any)["Id"].(string)
	unit := do("CreateOrganizationalUnit", map[string]any{"ParentId": root, "Name": "unit"})["OrganizationalUnit"].(map[string]any)["Id"].(string)
	do("EnablePolicyType", map[string]any{"RootId": root, "PolicyType": scps})
	var accounts []string
	for _, name := range []string{"one", "two"} {
		request := do("CreateAccount", map[string]any{"Email": name + "@example.com", "AccountName": name})["CreateAccountStatus"].(map[string]any)["Id"]
		accounts = append(accounts, do("DescribeCreateAccountStatus", map[string]any{"CreateAccountRequestId": request})["CreateAccountStatus"].(map[string]any)["AccountId"].(string))
	}
	loads := map[string]int{}
	s := organizations.New(lab.Store, iam.New(lab.Store, nil, nil), nil, nil)
	cache := store.NewCache(lab.Store, func(tx *store.Tx, account string) (*authz.Membership, error) {
		loads[account]++
		return s.Membership(tx, account)
	})
	check := func(after string, one, two, levels int) {
		t.Helper()
		for range 2 {
			for i, account := range accounts {
				m, _, err := cache.Get(t.Context(), account)
				if err != nil || i == 0 && len(m.SCPs) != levels {
					t.Fatalf("%s: %d levels, %v", after, len(m.SCPs), err)
				}
			}
		}
		if loads[accounts[0]] != one || loads[accounts[1]] != two {
			t.Errorf("%s: loaded %d and %d times, want %d and %d", after, loads[accounts[0]], loads[accounts[1]], one, two)
		}
	}
	check("the beginning", 1, 1, 2)
	do("MoveAccount", map[string]any{"AccountId": accounts[0], "SourceParentId": root, "DestinationParentId": unit})
	check("a move", 2, 1, 3)
	p := do("CreatePolicy", map[string]any{"Type": scps, "Name": "p", "Description": "", "Content": guardrail})["Policy"].(map[string]any)["PolicySummary"].(map[string]any)["Id"]
	check("a policy that is attached nowhere", 2, 1, 3)
	do("AttachPolicy", map[string]any{"PolicyId": p, "TargetId": unit})
	check("a policy over one of them", 3, 1, 3)
	do("UpdatePolicy", map[string]any{"PolicyId": p, "Content": guardrail})
	check("a change of that policy", 4, 1, 3)
	do("AttachPolicy", map[string]any{"PolicyId": p, "TargetId": root})
	check("a policy over both", 5, 2, 3)
}
