package sts_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/sigv4"
	"github.com/writ-iam/writ/store"
	"github.com/writ-iam/writ/store/events"
)

// company is the one organization of a test.
type company struct {
	settings writ.Organization
	members  []string
}

func (o *company) Organization(_ *store.Tx, account, _ string) (*writ.Organization, error) {
	if !slices.Contains(o.members, account) {
		return nil, store.ErrNotFound
	}
	return &o.settings, nil
}

func newCompany() *company {
	return &company{writ.Organization{ID: "o-aa111bb222", ManagementAccount: awstest.Account, AllFeatures: true, Trusted: true}, []string{awstest.Account, partner}}
}

const (
	auditTask  = "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"
	deleteTask = "arn:aws:iam::aws:policy/root-task/IAMDeleteRootUserCredentials"
	unlockTask = "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy"
)

// headquarters is a lab whose account manages another one's root access, with
// an administrator.
func headquarters(t *testing.T, o *company) (p *partnership, admin sigv4.Credentials) {
	p = newPartnershipOn(t, awstest.NewOrganized(t, o))
	p.must(awstest.Root, "iam", "CreateUser", map[string]any{"UserName": "ann"})
	p.must(awstest.Root, "iam", "AttachUserPolicy", map[string]any{"UserName": "ann", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"})
	key := p.must(awstest.Root, "iam", "CreateAccessKey", map[string]any{"UserName": "ann"})["AccessKey"].(map[string]any)
	p.must(awstest.Root, "iam", "EnableOrganizationsRootCredentialsManagement", nil)
	return p, sigv4.Credentials{AccessKeyID: key["AccessKeyId"].(string), SecretAccessKey: key["SecretAccessKey"].(string)}
}

func rootTask(target, task string) map[string]any {
	return map[string]any{"TargetPrincipal": target, "TaskPolicyArn": map[string]any{"arn": task}}
}

func credentials(out map[string]any) sigv4.Credentials {
	c := out["Credentials"].(map[string]any)
	return sigv4.Credentials{AccessKeyID: c["AccessKeyId"].(string), SecretAccessKey: c["SecretAccessKey"].(string), SessionToken: c["SessionToken"].(string)}
}

// The session is the member's root user, with the rights of the task and no
// others, for a quarter of an hour.
func TestAssumeRoot(t *testing.T) {
	for _, target := range []string{partner, "arn:aws:iam::" + partner + ":root"} {
		p, ann := headquarters(t, newCompany())
		session := credentials(p.must(ann, "sts", "AssumeRoot", rootTask(target, deleteTask)))
		if who := p.must(session, "sts", "GetCallerIdentity", nil); who["Arn"] != "arn:aws:iam::"+partner+":root" || who["UserId"] != partner {
			t.Errorf("the session is %v", who)
		}
		p.must(session, "iam", "ListAccessKeys", nil)
		for operation, params := range map[string]map[string]any{
			"CreateUser":       {"UserName": "eve"},                                        // another action
			"ListAccessKeys":   {"UserName": "john"},                                       // another user
			"DeleteAccessKey":  {"UserName": "john", "AccessKeyId": p.john.AccessKeyID},    // the same
			"AttachUserPolicy": {"UserName": "john", "PolicyArn": strings.Repeat("a", 20)}, // and something else
		} {
			if _, err := p.Call(session, "iam", operation, params); err == nil || !strings.Contains(err.Error(), "with an explicit deny in a session policy") {
				t.Errorf("%s: %v", operation, err)
			}
		}
		own := p.must(p.otherRoot, "iam", "CreateAccessKey", nil)["AccessKey"].(map[string]any)
		rootKey := sigv4.Credentials{AccessKeyID: own["AccessKeyId"].(string), SecretAccessKey: own["SecretAccessKey"].(string)}
		p.must(rootKey, "sts", "GetCallerIdentity", nil)
		p.must(session, "iam", "DeleteAccessKey", map[string]any{"AccessKeyId": rootKey.AccessKeyID})
		if _, err := p.Call(rootKey, "sts", "GetCallerIdentity", nil); err == nil {
			t.Error("the root user's key is still good")
		}
		p.Advance(16 * 60 * 1e9)
		if _, err := p.Call(session, "iam", "ListAccessKeys", nil); err == nil || !strings.HasPrefix(err.Error(), "ExpiredToken") {
			t.Errorf("after 16 minutes: %v", err)
		}
	}
}

// A session of root can't become more than it is.
func TestAssumedRootIsConfined(t *testing.T) {
	p, ann := headquarters(t, newCompany())
	session := credentials(p.must(ann, "sts", "AssumeRoot", rootTask(partner, auditTask)))
	for operation, params := range map[string]map[string]any{
		"GetSessionToken":    nil,
		"GetFederationToken": {"Name": "bob"},
		"AssumeRoot":         rootTask(partner, deleteTask),
		"AssumeRole":         {"RoleArn": shared, "RoleSessionName": "xy"},
	} {
		if _, err := p.Call(session, "sts", operation, params); err == nil || !strings.HasPrefix(err.Error(), "AccessDenied") {
			t.Errorf("%s: %v", operation, err)
		}
	}
}

func TestAssumeRootRefused(t *testing.T) {
	const denied = "AccessDenied: User: arn:aws:iam::000000000000:user/ann is not authorized to perform: sts:AssumeRoot on resource: arn:aws:iam::222222222222:root"
	for _, test := range []struct {
		name         string
		change       func(*company)
		target, task string
		want         string
	}{
		{"no member", func(o *company) { o.members = []string{awstest.Account} }, partner, auditTask, denied},
		{"no organization", func(o *company) { o.members = nil }, partner, auditTask, denied},
		{"not trusted any more", func(o *company) { o.settings.Trusted = false }, partner, auditTask, denied},
		{"not all features", func(o *company) { o.settings.AllFeatures = false }, partner, auditTask, denied},
		{"neither management nor administrator", func(o *company) { o.settings.ManagementAccount = "333333333333" }, partner, auditTask, denied},
		{"the management account", func(o *company) {
			o.settings.ManagementAccount, o.settings.Administrators = partner, []string{awstest.Account}
		}, partner, auditTask, denied},
		{"a feature that is off", func(*company) {}, partner, unlockTask, denied},
		{"its own account", func(*company) {}, awstest.Account, auditTask, strings.Replace(denied, partner, awstest.Account, 1)},
		{"no account", func(*company) {}, "arn:aws:iam::222222222222:user/john", auditTask, strings.Replace(denied, ":root", ":user/john", 1)},
		{"a policy that is no task", func(*company) {}, partner, "arn:aws:iam::aws:policy/root-task/IAMEverything", "ValidationError: The policy given as TaskPolicyArn is not one of the root task policies."},
		{"a policy of its own", func(*company) {}, partner, "arn:aws:iam::000000000000:policy/root-task/IAMAuditRootUserCredentials", "ValidationError: The policy given as TaskPolicyArn is not one of the root task policies."},
	} {
		o := newCompany()
		p, ann := headquarters(t, o)
		test.change(o)
		if _, err := p.Call(ann, "sts", "AssumeRoot", rootTask(test.target, test.task)); err == nil || err.Error() != test.want {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// Who calls needs a permission, which may depend on the task; root itself never calls.
func TestAssumeRootNeedsPermission(t *testing.T) {
	p, _ := headquarters(t, newCompany())
	p.must(awstest.Root, "iam", "CreateUser", map[string]any{"UserName": "tom"})
	key := p.must(awstest.Root, "iam", "CreateAccessKey", map[string]any{"UserName": "tom"})["AccessKey"].(map[string]any)
	tom := sigv4.Credentials{AccessKeyID: key["AccessKeyId"].(string), SecretAccessKey: key["SecretAccessKey"].(string)}
	p.must(awstest.Root, "iam", "PutUserPolicy", map[string]any{"UserName": "tom", "PolicyName": "p", "PolicyDocument": `{"Version":"2012-10-17","Statement":{"Effect":"Allow",
		"Action":"sts:AssumeRoot","Resource":"arn:aws:iam::*:root","Condition":{"StringEquals":{"sts:TaskPolicyArn":"` + auditTask + `"}}}}`})
	p.must(tom, "sts", "AssumeRoot", rootTask(partner, auditTask))
	if _, err := p.Call(tom, "sts", "AssumeRoot", rootTask(partner, deleteTask)); err == nil || !strings.HasPrefix(err.Error(), "AccessDenied: User: arn:aws:iam::000000000000:user/tom is not authorized") {
		t.Errorf("another task: %v", err)
	}
	if _, err := p.Call(awstest.Root, "sts", "AssumeRoot", rootTask(partner, auditTask)); err == nil || err.Error() != "AccessDenied: AssumeRoot may not be called by root accounts." {
		t.Errorf("root: %v", err)
	}
	over := rootTask(partner, auditTask)
	over["DurationSeconds"] = 901
	if _, err := p.Call(tom, "sts", "AssumeRoot", over); err == nil || !strings.HasPrefix(err.Error(), "ValidationError") {
		t.Errorf("901 seconds: %v", err)
	}
}

// Both accounts see that the session was started, and the member's sees what
// it does.
func TestAssumeRootEvents(t *testing.T) {
	p, ann := headquarters(t, newCompany())
	p.must(awstest.Root, "iam", "CreateRole", map[string]any{"RoleName": "ops", "AssumeRolePolicyDocument": trusting(awstest.Account)["AssumeRolePolicyDocument"]})
	p.must(awstest.Root, "iam", "AttachRolePolicy", map[string]any{"RoleName": "ops", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"})
	p.must(awstest.Root, "iam", "UpdateAssumeRolePolicy", map[string]any{"RoleName": "ops",
		"PolicyDocument": strings.Replace(trusting(awstest.Account)["AssumeRolePolicyDocument"].(string), `"sts:AssumeRole"`, `["sts:AssumeRole","sts:SetSourceIdentity"]`, 1)})
	ops := credentials(p.must(ann, "sts", "AssumeRole", map[string]any{"RoleArn": "arn:aws:iam::000000000000:role/ops", "RoleSessionName": "session", "SourceIdentity": "ann"}))
	out := p.must(ops, "sts", "AssumeRoot", rootTask(partner, auditTask))
	if out["SourceIdentity"] != "ann" {
		t.Errorf("the source identity is %v", out["SourceIdentity"])
	}
	p.must(credentials(out), "iam", "GetAccountSummary", nil)
	for account, want := range map[string]string{awstest.Account: "AssumedRole", partner: "AWSAccount"} {
		if who := p.event(account, "AssumeRoot"); who.Type != want || (who.SessionContext.AssumedRoot == "true") != (want == "AssumedRole") {
			t.Errorf("%s sees %+v", account, who)
		}
	}
	if who := p.event(partner, "GetAccountSummary"); who.Type != "Root" || who.SessionContext.AssumedRoot != "true" || who.SessionContext.SourceIdentity != "ann" {
		t.Errorf("the session is %+v", who)
	}
}

type identity struct {
	Type              string
	SessionContext    struct{ AssumedRoot, SourceIdentity string }
	InvokedByDelegate struct{ AccountID string }
}

// event returns who made the last call of an operation, as an account sees it.
func (p *partnership) event(account, name string) identity {
	p.Helper()
	found, _, err := p.Events.Lookup(p.Context(), events.Query{Account: account, Limit: 1, Attribute: &events.Attribute{Name: "EventName", Value: name}})
	if err != nil || len(found) == 0 {
		p.Fatalf("%s sees no %s, %v", account, name, err)
	}
	var e struct{ UserIdentity identity }
	if err := json.Unmarshal(found[0].Event, &e); err != nil {
		p.Fatal(err)
	}
	return e.UserIdentity
}
