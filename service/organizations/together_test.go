package organizations_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/writ-iam/writ/internal/awstest"
)

// Administrators who change the tree at once get errors of AWS's, and the tree
// stays whole: everything in it lies in something that is there.
func TestChangedTogether(t *testing.T) {
	lab := awstest.New(t)
	do := func(operation string, params map[string]any) (map[string]any, error) {
		return lab.Call(awstest.Root, "organizations", operation, params)
	}
	must := func(operation string, params map[string]any) map[string]any {
		out, err := do(operation, params)
		if err != nil {
			t.Fatalf("%s: %v", operation, err)
		}
		return out
	}
	must("CreateOrganization", map[string]any{})
	root := must("ListRoots", map[string]any{})["Roots"].([]any)[0].(map[string]any)["Id"].(string)
	unit := func(name string) (string, error) {
		out, err := do("CreateOrganizationalUnit", map[string]any{"ParentId": root, "Name": name})
		if err != nil {
			return "", err
		}
		return out["OrganizationalUnit"].(map[string]any)["Id"].(string), nil
	}
	account := lab.AddMember(t, "moved")
	var all sync.WaitGroup
	for admin := range 8 {
		all.Go(func() {
			for i := range 25 {
				id, err := unit(fmt.Sprintf("unit-%d", (admin+i)%4)) // some have been made already
				if err != nil {
					continue
				}
				parents, err := do("ListParents", map[string]any{"ChildId": account})
				if err != nil {
					t.Error(err)
					return
				}
				from := parents["Parents"].([]any)[0].(map[string]any)["Id"]
				do("MoveAccount", map[string]any{"AccountId": account, "SourceParentId": from, "DestinationParentId": id})
				do("DeleteOrganizationalUnit", map[string]any{"OrganizationalUnitId": id}) // refused while the account is in it
			}
		})
	}
	all.Wait()
	parent := must("ListParents", map[string]any{"ChildId": account})["Parents"].([]any)[0].(map[string]any)["Id"].(string)
	if parent != root {
		must("DescribeOrganizationalUnit", map[string]any{"OrganizationalUnitId": parent})
	}
	found := 0
	for _, u := range append([]any{map[string]any{"Id": root}}, must("ListOrganizationalUnitsForParent", map[string]any{"ParentId": root})["OrganizationalUnits"].([]any)...) {
		found += len(must("ListAccountsForParent", map[string]any{"ParentId": u.(map[string]any)["Id"]})["Accounts"].([]any))
	}
	if found != 2 { // and the management account
		t.Errorf("%d accounts are in the tree", found)
	}
}
