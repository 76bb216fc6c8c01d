package iam_test

import (
	"encoding/json"
	"fmt"
	"slices"
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

// What is compared counts, not only what is sent: a condition may compare many
// values with many, and an answer show every statement for every resource.
func TestSimulateTooMuch(t *testing.T) {
	l := awstest.New(t)
	var resources, patterns, values []any
	for i := range 1000 {
		resources = append(resources, "arn:aws:s3:::box/key")
		patterns = append(patterns, fmt.Sprintf("a*%d", i))
		values = append(values, "a999")
	}
	document := func(statements ...any) string {
		text, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": statements})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	allow := map[string]any{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
	compared := map[string]any{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": map[string]any{"ForAllValues:StringLike": map[string]any{"s3:prefix": patterns}}}
	entries := []any{map[string]any{"ContextKeyName": "s3:prefix", "ContextKeyType": "stringList", "ContextKeyValues": values}}
	for name, params := range map[string]map[string]any{
		"values":     {"PolicyInputList": []any{document(compared)}, "ContextEntries": entries, "ResourceArns": resources[:10]},
		"statements": {"PolicyInputList": []any{document(slices.Repeat([]any{allow}, 1000)...)}, "ResourceArns": resources},
		"a resource policy": {"PolicyInputList": []any{document(allow)}, "ResourceArns": resources, "CallerArn": "arn:aws:iam::000000000000:user/ada",
			"ResourcePolicy": document(slices.Repeat([]any{map[string]any{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::box/*"}}, 1000)...)},
	} {
		params["ActionNames"] = []any{"s3:GetObject"}
		_, err := l.Call(awstest.Root, "iam", "SimulateCustomPolicy", params)
		if err == nil || !strings.HasPrefix(err.Error(), "InvalidInput: The policies with the ResourceArns") {
			t.Errorf("%s: got %v", name, err)
		}
		params["ResourceArns"] = resources[:1]
		if _, err := l.Call(awstest.Root, "iam", "SimulateCustomPolicy", params); err != nil {
			t.Errorf("%s, on one resource: %v", name, err)
		}
	}
}
