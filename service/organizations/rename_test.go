package organizations_test

import (
	"testing"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/organizations"
	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/service/iam"
	"github.com/writ-iam/writ/service/organizations"
)

// A policy whose content could not be written any more can still be renamed.
func TestRenameOldPolicy(t *testing.T) {
	lab := awstest.New(t)
	if _, err := lab.Call(awstest.Root, "organizations", "CreateOrganization", map[string]any{}); err != nil {
		t.Fatal(err)
	}
	p, err := lab.Call(awstest.Root, "organizations", "CreatePolicy", map[string]any{"Type": scps, "Name": "old", "Description": "", "Content": guardrail})
	if err != nil {
		t.Fatal(err)
	}
	id := p["Policy"].(map[string]any)["PolicySummary"].(map[string]any)["Id"].(string)
	s := organizations.New(lab.Store, iam.New(lab.Store, nil, nil), nil, map[string]int{"PolicySizeOfType:" + scps: 1})
	update := func(in *api.UpdatePolicyInput) error {
		c := &writ.Call{Context: t.Context(), Scope: writ.Scope{Partition: "aws", Account: awstest.Account},
			Decision: &writ.Decision{Allowed: true, Revision: lab.Store.Revision()}}
		in.PolicyId = id
		_, err := s.UpdatePolicy(c, in)
		return err
	}
	if err := update(&api.UpdatePolicyInput{Name: new("new")}); err != nil {
		t.Error(err)
	}
	if err := update(&api.UpdatePolicyInput{Content: new(guardrail)}); err == nil {
		t.Error("too much content is taken")
	}
}
