package audit

import (
	"encoding/json"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/model"
	"github.com/writ-iam/writ/policy"
)

// The callers of the tests below, in CloudTrail's documentation's accounts.

func john() *writ.Caller {
	return &writ.Caller{Partition: "aws", ID: "AIDAQRSTUVWXYZEXAMPLE", Name: "JohnDoe", AccessKeyID: "AKIAQRSTUVWXYZEXAMPLE",
		Principal: policy.Principal{Type: policy.User, Account: "777788889999", ARN: "arn:aws:iam::777788889999:user/JohnDoe"}}
}

func root() *writ.Caller {
	return &writ.Caller{Partition: "aws", ID: "123456789012", AccessKeyID: "AKIAIOSFODNN7EXAMPLE",
		Principal: policy.Principal{Type: policy.RootUser, Account: "123456789012", ARN: "arn:aws:iam::123456789012:root"}}
}

func assumed() *writ.Caller {
	return &writ.Caller{Partition: "aws", ID: "AROAIN5ATK5U7KEXAMPLE:JohnRole1", Name: "JohnDoe", AccessKeyID: "ASIAI44QH8DHBEXAMPLE",
		Principal: policy.Principal{Type: policy.RoleSession, Account: "111111111111", ARN: "arn:aws:sts::111111111111:assumed-role/JohnDoe/JohnRole1"},
		Session: &writ.Session{Operation: "AssumeRole", Name: "JohnRole1", Issued: at("2019-10-02T21:50:54Z"), SourceIdentity: "JohnDoe",
			Issuer: writ.Issuer{Type: writ.IssuerRole, Account: "111111111111", Name: "JohnDoe", ID: "AROAIN5ATK5U7KEXAMPLE", ARN: "arn:aws:iam::111111111111:role/JohnDoe"}}}
}

func federated() *writ.Caller {
	return &writ.Caller{Partition: "aws", ID: "123456789012:Alice", Name: "Alice", AccessKeyID: "ASIAIOSFODNN7EXAMPLE",
		Principal: policy.Principal{Type: policy.FederatedUser, Account: "123456789012", ARN: "arn:aws:sts::123456789012:federated-user/Alice"},
		Session: &writ.Session{Operation: "GetFederationToken", Name: "Alice", Issued: at("2018-03-06T22:54:20Z"),
			Issuer: writ.Issuer{Type: writ.IssuerUser, Account: "123456789012", Name: "Bob", ID: "AIDACKCEVSQ6C2EXAMPLE", ARN: "arn:aws:iam::123456789012:user/Bob"}}}
}

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

// call makes a call of an operation that has been allowed on some resources.
func call(t *testing.T, service, operation string, caller *writ.Caller, checks ...writ.Check) *writ.Call {
	t.Helper()
	m, err := model.Load(service)
	if err != nil {
		t.Fatal(err)
	}
	return &writ.Call{ID: "5cbc3b9f-6c1b-4b0a-9d0e-1a2b3c4d5e6f", Time: at("2026-05-01T12:00:00Z").Add(123 * time.Millisecond),
		Source:    writ.Source{IP: netip.MustParseAddr("192.0.2.101"), UserAgent: "aws-cli/2.9.19"},
		Operation: m.Operations[operation], Scope: writ.Scope{Partition: "aws", Account: caller.Account, Region: "us-east-1"},
		Caller: caller, Decision: &writ.Decision{Allowed: true, Checks: checks}, Context: t.Context()}
}

func on(action, kind, arn, account string) writ.Check {
	return writ.Check{Action: action, Resource: writ.Resource{ARN: arn, Type: kind, Account: account},
		Result: policy.Result{Decision: policy.Allow}}
}

// sameJSON compares by content.
func sameJSON(t *testing.T, got any, want string) {
	t.Helper()
	raw, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	var g, w any
	if err := json.Unmarshal(raw, &g); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(w, g); diff != "" {
		t.Errorf("differs (-want +got):\n%s", diff)
	}
}
