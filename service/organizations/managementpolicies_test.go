package organizations

import (
	"testing"

	"github.com/writ-iam/writ/model"
)

// TestEveryPolicyTypeIsChecked: a type of the model is a document of the policy
// language or has a shape, and every one that has effective policies has a shape.
func TestEveryPolicyTypeIsChecked(t *testing.T) {
	m, err := model.Load("organizations")
	if err != nil {
		t.Fatal(err)
	}
	for _, policyType := range m.Shapes["PolicyType"].Enum {
		if _, ok := kinds[policyType]; !ok && shapes[policyType] == nil {
			t.Errorf("%s is not checked", policyType)
		}
	}
	for _, policyType := range m.Shapes["EffectivePolicyType"].Enum {
		if shapes[policyType] == nil {
			t.Errorf("%s has no shape", policyType)
		}
	}
}
