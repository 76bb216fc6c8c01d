package main

import (
	"bytes"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/sigv4"
)

// zoneLab is a server in which an administrator runs writ organization.
type zoneLab struct {
	*testing.T
	*awstest.Lab
	admin sigv4.Credentials
}

func newZoneLab(t *testing.T) *zoneLab {
	z := &zoneLab{T: t, Lab: awstest.New(t)}
	server := httptest.NewServer(z.Server.Handler())
	t.Cleanup(server.Close)
	z.must(awstest.Root, "iam", "CreateUser", map[string]any{"UserName": "admin"})
	z.must(awstest.Root, "iam", "AttachUserPolicy", map[string]any{"UserName": "admin", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"})
	key := z.must(awstest.Root, "iam", "CreateAccessKey", map[string]any{"UserName": "admin"})["AccessKey"].(map[string]any)
	z.admin = sigv4.Credentials{AccessKeyID: key["AccessKeyId"].(string), SecretAccessKey: key["SecretAccessKey"].(string)}
	for name, value := range map[string]string{"AWS_ENDPOINT_URL": server.URL, "AWS_ACCESS_KEY_ID": z.admin.AccessKeyID,
		"AWS_SECRET_ACCESS_KEY": z.admin.SecretAccessKey, "AWS_SESSION_TOKEN": "", "AWS_REGION": "us-east-1"} {
		t.Setenv(name, value)
	}
	return z
}

func (z *zoneLab) must(creds sigv4.Credentials, service, operation string, in map[string]any) map[string]any {
	z.Helper()
	out, err := z.Call(creds, service, operation, in)
	if err != nil {
		z.Fatalf("%s: %v", operation, err)
	}
	return out
}

// organizations makes a call of Organizations as the administrator.
func (z *zoneLab) organizations(operation string, in map[string]any) map[string]any {
	z.Helper()
	return z.must(z.admin, "organizations", operation, in)
}

// writ runs writ organization and returns what it prints.
func (z *zoneLab) writ(args ...string) string {
	z.Helper()
	var out bytes.Buffer
	cmd := root()
	cmd.SetOut(&out)
	cmd.SetArgs(append([]string{"organization"}, args...))
	if err := cmd.ExecuteContext(z.Context()); err != nil && err != errVerdict && err != errUnseen {
		z.Fatalf("%v: %v\n%s", args, err, out.String())
	}
	return out.String()
}

// named finds an entry of a list by its name.
func named(list any, name string) map[string]any {
	for _, one := range list.([]any) {
		if m := one.(map[string]any); m["Name"] == name {
			return m
		}
	}
	return nil
}

// session assumes a role.
func (z *zoneLab) session(account any, role string) sigv4.Credentials {
	z.Helper()
	c := z.must(z.admin, "sts", "AssumeRole", map[string]any{"RoleArn": "arn:aws:iam::" + account.(string) + ":role/" + role, "RoleSessionName": "test"})["Credentials"].(map[string]any)
	return sigv4.Credentials{AccessKeyID: c["AccessKeyId"].(string), SecretAccessKey: c["SecretAccessKey"].(string), SessionToken: c["SessionToken"].(string)}
}

const unchanged = "nothing to change: the organization is as the file has it\n"

// What somebody has changed by hand is shown, and mended.
func TestDrift(t *testing.T) {
	z := newZoneLab(t)
	z.writ("init", "--email", "ops+{name}@example.com")
	if got := z.writ("init", "--plan"); got != unchanged {
		t.Fatal(got)
	}
	policies := z.organizations("ListPolicies", map[string]any{"Filter": "SERVICE_CONTROL_POLICY"})["Policies"]
	rootID := z.organizations("ListRoots", map[string]any{})["Roots"].([]any)[0].(map[string]any)["Id"]
	units := z.organizations("ListOrganizationalUnitsForParent", map[string]any{"ParentId": rootID})["OrganizationalUnits"]
	accounts := z.organizations("ListAccounts", map[string]any{})["Accounts"]
	audit, archive := named(accounts, "audit")["Id"], named(accounts, "log-archive")["Id"]
	for _, drift := range []struct {
		name string
		make func()
		want []string
	}{
		{"a policy is edited", func() {
			z.organizations("UpdatePolicy", map[string]any{"PolicyId": named(policies, "deny-root")["Id"], "Description": "later",
				"Content": `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}`})
		}, []string{"~ policy deny-root: its content", "~ policy deny-root: its description"}},
		{"a policy is detached", func() {
			z.organizations("DetachPolicy", map[string]any{"PolicyId": named(policies, "region-lock")["Id"], "TargetId": named(units, "Sandbox")["Id"]})
		}, []string{"+ policy region-lock on Sandbox"}},
		{"and attached elsewhere", func() {
			z.organizations("AttachPolicy", map[string]any{"PolicyId": named(policies, "region-lock")["Id"], "TargetId": audit})
		}, []string{"- policy region-lock on Security/audit"}},
		{"an account is moved", func() {
			z.organizations("MoveAccount", map[string]any{"AccountId": audit, "SourceParentId": named(units, "Security")["Id"], "DestinationParentId": rootID})
		}, []string{"~ account audit, from root to Security"}},
		{"a unit is renamed", func() {
			z.organizations("UpdateOrganizationalUnit", map[string]any{"OrganizationalUnitId": named(units, "Workloads")["Id"], "Name": "Work"})
		}, []string{"+ unit Workloads", "+ policy region-lock on Workloads", "- policy region-lock on Work"}},
		{"a role is widened", func() {
			z.must(z.session(archive, accessRole), "iam", "UpdateAssumeRolePolicy", map[string]any{"RoleName": "BreakGlass",
				"PolicyDocument": `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}}`})
		}, []string{"~ role BreakGlass in log-archive: whom it trusts"}},
		{"a role may nothing", func() {
			z.must(z.session(archive, accessRole), "iam", "DetachRolePolicy", map[string]any{"RoleName": "BreakGlass", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"})
		}, []string{"+ policy AdministratorAccess on role BreakGlass in log-archive"}},
		{"a role is deleted", func() {
			as := z.session(audit, accessRole)
			z.must(as, "iam", "DetachRolePolicy", map[string]any{"RoleName": "BreakGlass", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"})
			z.must(as, "iam", "DeleteRole", map[string]any{"RoleName": "BreakGlass"})
		}, []string{"+ role BreakGlass in audit"}},
	} {
		drift.make()
		if got := steps(z.writ("init", "--plan")); got != strings.Join(drift.want, "\n") {
			t.Errorf("%s: planned\n%s", drift.name, got)
		}
		if got := steps(z.writ("init")); got != strings.Join(drift.want, "\n") {
			t.Errorf("%s: done\n%s", drift.name, got)
		}
		if got := steps(z.writ("init", "--plan")); got != "" {
			t.Errorf("%s: not mended\n%s", drift.name, got)
		}
	}
}

// steps are the lines of steps in what was printed.
func steps(printed string) string {
	var all []string
	for line := range strings.Lines(printed) {
		if strings.IndexAny(line, "+~-") == 0 {
			all = append(all, strings.TrimSpace(line))
		}
	}
	return strings.Join(all, "\n")
}

// The role for emergencies lets nobody in without a second factor. An account
// that lets nobody look is told of, and keeps nothing else from being done.
func TestBreakGlass(t *testing.T) {
	z := newZoneLab(t)
	z.writ("init", "--email", "ops+{name}@example.com")
	accounts := z.organizations("ListAccounts", map[string]any{})["Accounts"]
	audit := named(accounts, "audit")["Id"]
	in := map[string]any{"RoleArn": "arn:aws:iam::" + audit.(string) + ":role/BreakGlass", "RoleSessionName": "fire"}
	if _, err := z.Call(z.admin, "sts", "AssumeRole", in); err == nil || !strings.Contains(err.Error(), "AccessDenied") {
		t.Errorf("without a second factor: %v", err)
	}
	policies := z.organizations("ListPolicies", map[string]any{"Filter": "SERVICE_CONTROL_POLICY"})["Policies"]
	z.organizations("AttachPolicy", map[string]any{"PolicyId": named(policies, "deny-everything")["Id"], "TargetId": audit})
	if got := z.writ("init"); !strings.Contains(got, "? not looked at: role BreakGlass in audit: AccessDenied") || !strings.Contains(got, "- policy deny-everything on Security/audit") {
		t.Errorf("an account that denies everything:\n%s", got)
	}
	if got := z.writ("init"); got != unchanged {
		t.Error(got)
	}
}
