package iam_test

import (
	"strings"
	"testing"

	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/store"
)

// No operation stores a policy that can't be read, so the test writes the record
// of one, as service/iam keeps it.
type inlinePolicy struct{ Account, EntityID, Name, Document string }

var inlinePolicies = store.NewTable("iam/inline-policy",
	func(p *inlinePolicy) store.Key { return store.K(p.Account, p.EntityID, p.Name) })

func TestSimulateUnreadable(t *testing.T) {
	l := awstest.New(t)
	out, err := l.Call(awstest.Root, "iam", "CreateUser", map[string]any{"UserName": "bob"})
	if err != nil {
		t.Fatal(err)
	}
	id := out["User"].(map[string]any)["UserId"].(string)
	err = l.Store.Maintain(t.Context(), "test", func(tx *store.Tx) error {
		return inlinePolicies.Insert(tx, &inlinePolicy{awstest.Account, id, "broken", "{"})
	})
	if err != nil {
		t.Fatal(err)
	}
	source := "arn:aws:iam::" + awstest.Account + ":user/bob"
	_, err = l.Call(awstest.Root, "iam", "SimulatePrincipalPolicy", map[string]any{"PolicySourceArn": source, "ActionNames": []any{"s3:GetObject"}})
	if err == nil || !strings.HasPrefix(err.Error(), "PolicyEvaluation: The policy broken cannot be evaluated") {
		t.Errorf("got %v", err)
	}
}

// A page ends where much has been read, and the next goes on from there.
func TestSimulateMuch(t *testing.T) {
	l := awstest.New(t)
	var resources, actions []any
	for range 1000 {
		resources = append(resources, "arn:aws:s3:::box/key")
	}
	for range 20 {
		actions = append(actions, "s3:GetObject")
	}
	params := map[string]any{"ActionNames": actions, "ResourceArns": resources,
		"PolicyInputList": []any{`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`}}
	seen := 0
	for {
		out, err := l.Call(awstest.Root, "iam", "SimulateCustomPolicy", params)
		if err != nil {
			t.Fatal(err)
		}
		n := len(out["EvaluationResults"].([]any))
		seen += n
		if n == 0 || n == len(actions) {
			t.Fatalf("%d results in one page", n)
		}
		if out["IsTruncated"] != true {
			break
		}
		params["Marker"] = out["Marker"]
	}
	if seen != len(actions) {
		t.Errorf("%d results, want %d", seen, len(actions))
	}
	params["ResourceArns"] = append(resources, "arn:aws:s3:::box/key")
	if _, err := l.Call(awstest.Root, "iam", "SimulateCustomPolicy", params); err == nil || !strings.HasPrefix(err.Error(), "InvalidInput: More than 1000") {
		t.Errorf("got %v", err)
	}
}
