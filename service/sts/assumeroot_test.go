package sts_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/sigv4"
	"github.com/writ-iam/writ/store/events"
)

const (
	auditTask  = "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"
	deleteTask = "arn:aws:iam::aws:policy/root-task/IAMDeleteRootUserCredentials"
	unlockTask = "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy"
)

// company is a lab whose account manages the root access of a member, with an
// administrator.
type company struct {
	*testing.T
	*awstest.Lab
	member     string // its account
	memberRoot sigv4.Credentials
	ann        sigv4.Credentials
}

const iamService = "iam.amazonaws.com"

func newCompany(t *testing.T) *company {
	t.Helper()
	p := &company{T: t, Lab: awstest.New(t)}
	p.must(awstest.Root, "organizations", "CreateOrganization", nil)
	p.must(awstest.Root, "organizations", "EnableAWSServiceAccess", map[string]any{"ServicePrincipal": iamService})
	p.must(awstest.Root, "iam", "EnableOrganizationsRootCredentialsManagement", nil)
	p.member = p.AddMember(t, "dev")
	p.memberRoot = p.RootOf(t, p.member)
	p.ann = p.admin(awstest.Root, "ann")
	return p
}

func (p *company) must(creds sigv4.Credentials, service, operation string, params map[string]any) map[string]any {
	p.Helper()
	out, err := p.Call(creds, service, operation, params)
	if err != nil {
		p.Fatal(err)
	}
	return out
}

// admin adds a user who may do everything to the account of a root user.
func (p *company) admin(root sigv4.Credentials, name string) sigv4.Credentials {
	p.Helper()
	p.must(root, "iam", "CreateUser", map[string]any{"UserName": name})
	p.must(root, "iam", "AttachUserPolicy", map[string]any{"UserName": name, "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"})
	return p.key(root, name)
}

func (p *company) key(root sigv4.Credentials, name string) sigv4.Credentials {
	p.Helper()
	key := p.must(root, "iam", "CreateAccessKey", map[string]any{"UserName": name})["AccessKey"].(map[string]any)
	return sigv4.Credentials{AccessKeyID: key["AccessKeyId"].(string), SecretAccessKey: key["SecretAccessKey"].(string)}
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
	for _, form := range []string{"%s", "arn:aws:iam::%s:root"} {
		p := newCompany(t)
		p.admin(p.memberRoot, "john")
		session := credentials(p.must(p.ann, "sts", "AssumeRoot", rootTask(fmt.Sprintf(form, p.member), deleteTask)))
		if who := p.must(session, "sts", "GetCallerIdentity", nil); who["Arn"] != "arn:aws:iam::"+p.member+":root" || who["UserId"] != p.member {
			t.Errorf("the session is %v", who)
		}
		p.must(session, "iam", "ListAccessKeys", nil)
		for operation, params := range map[string]map[string]any{
			"CreateUser":       {"UserName": "eve"},                                         // another action
			"ListAccessKeys":   {"UserName": "john"},                                        // another user
			"DeleteAccessKey":  {"UserName": "john", "AccessKeyId": "AKIA1234567890123456"}, // the same
			"AttachUserPolicy": {"UserName": "john", "PolicyArn": strings.Repeat("a", 20)},  // and something else
		} {
			if _, err := p.Call(session, "iam", operation, params); err == nil || !strings.Contains(err.Error(), "with an explicit deny in a session policy") {
				t.Errorf("%s: %v", operation, err)
			}
		}
		p.must(session, "iam", "DeleteAccessKey", map[string]any{"AccessKeyId": p.memberRoot.AccessKeyID})
		if _, err := p.Call(p.memberRoot, "sts", "GetCallerIdentity", nil); err == nil {
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
	p := newCompany(t)
	session := credentials(p.must(p.ann, "sts", "AssumeRoot", rootTask(p.member, auditTask)))
	for operation, params := range map[string]map[string]any{
		"GetSessionToken":    nil,
		"GetFederationToken": {"Name": "bob"},
		"AssumeRoot":         rootTask(p.member, deleteTask),
		"AssumeRole":         {"RoleArn": shared, "RoleSessionName": "xy"},
	} {
		if _, err := p.Call(session, "sts", operation, params); err == nil || !strings.HasPrefix(err.Error(), "AccessDenied") {
			t.Errorf("%s: %v", operation, err)
		}
	}
}

func TestAssumeRootRefused(t *testing.T) {
	const denied = "AccessDenied: User: arn:aws:iam::000000000000:user/ann is not authorized to perform: sts:AssumeRoot on resource: arn:aws:iam::MEMBER:root"
	const noTask = "ValidationError: The policy given as TaskPolicyArn is not one of the root task policies."
	for _, test := range []struct {
		name               string
		change             func(*company)
		target, task, want string // MEMBER is the member's account
	}{
		{"no member", func(p *company) { p.AddAccount(p, partner) }, partner, auditTask, strings.Replace(denied, "MEMBER", partner, 1)},
		{"not trusted any more", func(p *company) {
			p.must(awstest.Root, "organizations", "DisableAWSServiceAccess", map[string]any{"ServicePrincipal": iamService})
		}, "MEMBER", auditTask, denied},
		{"a feature that is off", func(*company) {}, "MEMBER", unlockTask, denied},
		{"its own account", func(*company) {}, awstest.Account, auditTask, strings.Replace(denied, "MEMBER", awstest.Account, 1)},
		{"no account", func(*company) {}, "arn:aws:iam::MEMBER:user/john", auditTask, strings.Replace(denied, ":root", ":user/john", 1)},
		{"a policy that is no task", func(*company) {}, "MEMBER", "arn:aws:iam::aws:policy/root-task/IAMEverything", noTask},
		{"a policy of its own", func(*company) {}, "MEMBER", "arn:aws:iam::000000000000:policy/root-task/IAMAuditRootUserCredentials", noTask},
	} {
		p := newCompany(t)
		test.change(p)
		name := strings.NewReplacer("MEMBER", p.member)
		if _, err := p.Call(p.ann, "sts", "AssumeRoot", rootTask(name.Replace(test.target), test.task)); err == nil || err.Error() != name.Replace(test.want) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// A delegated administrator reaches the other members, and neither itself nor the
// management account; a member that is none reaches nobody.
func TestAssumeRootDelegated(t *testing.T) {
	p := newCompany(t)
	security := p.AddMember(t, "security")
	securityRoot := p.RootOf(t, security)
	sue := p.admin(securityRoot, "sue")
	if _, err := p.Call(sue, "sts", "AssumeRoot", rootTask(p.member, auditTask)); err == nil || !strings.HasPrefix(err.Error(), "AccessDenied: ") {
		t.Errorf("before it is registered: %v", err)
	}
	p.must(awstest.Root, "organizations", "RegisterDelegatedAdministrator", map[string]any{"AccountId": security, "ServicePrincipal": iamService})
	p.must(sue, "sts", "AssumeRoot", rootTask(p.member, auditTask))
	for _, target := range []string{awstest.Account, security} {
		if _, err := p.Call(sue, "sts", "AssumeRoot", rootTask(target, auditTask)); err == nil || !strings.HasPrefix(err.Error(), "AccessDenied: ") {
			t.Errorf("%s: %v", target, err)
		}
	}
}

// Who calls needs a permission, which may depend on the task; root itself never calls.
func TestAssumeRootNeedsPermission(t *testing.T) {
	p := newCompany(t)
	p.must(awstest.Root, "iam", "CreateUser", map[string]any{"UserName": "tom"})
	tom := p.key(awstest.Root, "tom")
	p.must(awstest.Root, "iam", "PutUserPolicy", map[string]any{"UserName": "tom", "PolicyName": "p", "PolicyDocument": `{"Version":"2012-10-17","Statement":{"Effect":"Allow",
		"Action":"sts:AssumeRoot","Resource":"arn:aws:iam::*:root","Condition":{"StringEquals":{"sts:TaskPolicyArn":"` + auditTask + `"}}}}`})
	p.must(tom, "sts", "AssumeRoot", rootTask(p.member, auditTask))
	if _, err := p.Call(tom, "sts", "AssumeRoot", rootTask(p.member, deleteTask)); err == nil || !strings.HasPrefix(err.Error(), "AccessDenied: User: arn:aws:iam::000000000000:user/tom is not authorized") {
		t.Errorf("another task: %v", err)
	}
	if _, err := p.Call(awstest.Root, "sts", "AssumeRoot", rootTask(p.member, auditTask)); err == nil || err.Error() != "AccessDenied: AssumeRoot may not be called by root accounts." {
		t.Errorf("root: %v", err)
	}
	over := rootTask(p.member, auditTask)
	over["DurationSeconds"] = 901
	if _, err := p.Call(tom, "sts", "AssumeRoot", over); err == nil || !strings.HasPrefix(err.Error(), "ValidationError") {
		t.Errorf("901 seconds: %v", err)
	}
}

// Both accounts see that the session was started, and the member's sees what
// it does.
func TestAssumeRootEvents(t *testing.T) {
	p := newCompany(t)
	p.must(awstest.Root, "iam", "CreateRole", map[string]any{"RoleName": "ops", "AssumeRolePolicyDocument": trusting(awstest.Account)["AssumeRolePolicyDocument"]})
	p.must(awstest.Root, "iam", "AttachRolePolicy", map[string]any{"RoleName": "ops", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"})
	p.must(awstest.Root, "iam", "UpdateAssumeRolePolicy", map[string]any{"RoleName": "ops",
		"PolicyDocument": strings.Replace(trusting(awstest.Account)["AssumeRolePolicyDocument"].(string), `"sts:AssumeRole"`, `["sts:AssumeRole","sts:SetSourceIdentity"]`, 1)})
	ops := credentials(p.must(p.ann, "sts", "AssumeRole", map[string]any{"RoleArn": "arn:aws:iam::000000000000:role/ops", "RoleSessionName": "session", "SourceIdentity": "ann"}))
	out := p.must(ops, "sts", "AssumeRoot", rootTask(p.member, auditTask))
	if out["SourceIdentity"] != "ann" {
		t.Errorf("the source identity is %v", out["SourceIdentity"])
	}
	p.must(credentials(out), "iam", "GetAccountSummary", nil)
	for account, want := range map[string]string{awstest.Account: "AssumedRole", p.member: "AWSAccount"} {
		if who := p.event(account, "AssumeRoot"); who.Type != want || (who.SessionContext.AssumedRoot == "true") != (want == "AssumedRole") {
			t.Errorf("%s sees %+v", account, who)
		}
	}
	if who := p.event(p.member, "GetAccountSummary"); who.Type != "Root" || who.SessionContext.AssumedRoot != "true" || who.SessionContext.SourceIdentity != "ann" {
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
	return eventOf(p.T, p.Lab, account, name)
}

func (p *company) event(account, name string) identity {
	return eventOf(p.T, p.Lab, account, name)
}

func eventOf(p *testing.T, lab *awstest.Lab, account, name string) identity {
	p.Helper()
	found, _, err := lab.Events.Lookup(p.Context(), events.Query{Account: account, Limit: 1, Attribute: &events.Attribute{Name: "EventName", Value: name}})
	if err != nil || len(found) == 0 {
		p.Fatalf("%s sees no %s, %v", account, name, err)
	}
	var e struct{ UserIdentity identity }
	if err := json.Unmarshal(found[0].Event, &e); err != nil {
		p.Fatal(err)
	}
	return e.UserIdentity
}
