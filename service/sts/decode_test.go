package sts_test

import (
	"fmt"
	"strings"
	"testing"
)

// A message of a statement that is as long as policies may be can still be
// decoded: what the statement says is then left out.
func TestLongMessage(t *testing.T) {
	p := newPartnership(t)
	var all strings.Builder
	for i := range 196 {
		fmt.Fprintf(&all, `"arn:aws:ec2:*:*:instance/%d",`, i)
	}
	out := p.must(p.otherRoot, "iam", "CreatePolicy", map[string]any{"PolicyName": "deny", "PolicyDocument": `{"Version":"2012-10-17","Statement":` +
		`{"Sid":"NoEnd","Effect":"Deny","Action":"ec2:TerminateInstances","Resource":[` + all.String() + `"*"]}}`})
	p.must(p.otherRoot, "iam", "AttachUserPolicy", map[string]any{"UserName": "john", "PolicyArn": out["Policy"].(map[string]any)["Arn"]})
	_, err := p.Call(p.john, "ec2", "TerminateInstances", map[string]any{"InstanceIds": []any{"i-12345678"}})
	if err == nil {
		t.Fatal("the call was not denied")
	}
	_, message, _ := strings.Cut(err.Error(), "Encoded authorization failure message: ")
	decoded := p.must(p.otherRoot, "sts", "DecodeAuthorizationMessage", map[string]any{"EncodedMessage": message})["DecodedMessage"].(string)
	for _, want := range []string{`"statementId":"NoEnd"`, `"resources":{"items":[]}`, `"explicitDeny":true`, `"aws:username"`} {
		if !strings.Contains(decoded, want) {
			t.Errorf("%s is not in %s", want, decoded)
		}
	}
}
