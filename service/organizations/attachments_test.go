package organizations_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/writ-iam/writ/internal/awstest"
)

// A target has so many policies of a type, AWS's own counted (Organizations User
// Guide, "Number of policies that you can attach to an entity").
func TestAttachments(t *testing.T) {
	for policyType, test := range map[string]struct {
		room    int
		content string
	}{
		"SERVICE_CONTROL_POLICY":    {9, `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*"}}`},
		"RESOURCE_CONTROL_POLICY":   {4, `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}}`},
		"AISERVICES_OPT_OUT_POLICY": {5, `{"services":{"default":{"opt_out_policy":{"@@assign":"optOut"}}}}`},
		"CHATBOT_POLICY":            {5, `{"chatbot":{}}`},
		"TAG_POLICY":                {10, `{"tags":{}}`},
	} {
		lab := awstest.New(t)
		call := func(operation string, params map[string]any) (map[string]any, error) {
			return lab.Call(awstest.Root, "organizations", operation, params)
		}
		do := func(operation string, params map[string]any) map[string]any {
			t.Helper()
			out, err := call(operation, params)
			if err != nil {
				t.Fatalf("%s: %s: %v", policyType, operation, err)
			}
			return out
		}
		do("CreateOrganization", map[string]any{})
		root := do("ListRoots", map[string]any{})["Roots"].([]any)[0].(map[string]any)["Id"]
		do("EnablePolicyType", map[string]any{"RootId": root, "PolicyType": policyType})
		for i := range test.room + 1 {
			p := do("CreatePolicy", map[string]any{"Type": policyType, "Name": fmt.Sprint(i), "Description": "", "Content": test.content})
			id := p["Policy"].(map[string]any)["PolicySummary"].(map[string]any)["Id"]
			_, err := call("AttachPolicy", map[string]any{"PolicyId": id, "TargetId": root})
			full := err != nil && strings.HasSuffix(err.Error(), "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED")
			if (err != nil) != full || full != (i == test.room) {
				t.Errorf("%s: policy %d: %v", policyType, i+1, err)
			}
		}
	}
}
