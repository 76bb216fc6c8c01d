package writ_test

import (
	"encoding/json"
	"testing"

	"github.com/writ-iam/writ/internal/awstest"
)

// A call that was allowed is explained as well: by the statement that allowed
// it, or by why nobody needs one.
func TestAllowed(t *testing.T) {
	l := awstest.New(t)
	for _, test := range []struct{ service, operation, decidedBy string }{
		{"iam", "ListUsers", "root"},
		{"sts", "GetCallerIdentity", "always"},
	} {
		if _, err := l.Call(awstest.Root, test.service, test.operation, nil); err != nil {
			t.Fatal(err)
		}
		out, err := l.Call(awstest.Root, "writ", "ExplainRequest", map[string]any{"RequestId": requestOf(t, l, test.operation)})
		if err != nil {
			t.Fatal(err)
		}
		check := out["checks"].([]any)[0].(map[string]any)
		if out["decision"] != "allowed" || check["decidedBy"] != test.decidedBy || check["text"] == "" {
			t.Errorf("%s: %v", test.operation, out)
		}
	}
}

// requestOf is the id of the last request of an operation, as its event has it.
func requestOf(t *testing.T, l *awstest.Lab, operation string) string {
	t.Helper()
	out, err := l.Call(awstest.Root, "cloudtrail", "LookupEvents", map[string]any{
		"LookupAttributes": []any{map[string]any{"AttributeKey": "EventName", "AttributeValue": operation}}})
	if err != nil {
		t.Fatal(err)
	}
	var event struct{ RequestID string }
	text := out["Events"].([]any)[0].(map[string]any)["CloudTrailEvent"].(string)
	if err := json.Unmarshal([]byte(text), &event); err != nil {
		t.Fatal(err)
	}
	return event.RequestID
}
