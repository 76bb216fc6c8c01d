package iam_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/sigv4"
)

const iamService = "iam.amazonaws.com"

// organized is a lab whose account manages an organization that trusts IAM.
func organized(t *testing.T) *awstest.Lab {
	lab := awstest.New(t)
	organize(t, lab, "CreateOrganization", nil)
	organize(t, lab, "EnableAWSServiceAccess", map[string]any{"ServicePrincipal": iamService})
	return lab
}

func organize(t *testing.T, lab *awstest.Lab, operation string, params map[string]any) map[string]any {
	t.Helper()
	out, err := lab.Call(awstest.Root, "organizations", operation, params)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Features are the organization's, go on and off, and going on twice is no error.
func TestRootAccess(t *testing.T) {
	lab := organized(t)
	id := organize(t, lab, "DescribeOrganization", nil)["Organization"].(map[string]any)["Id"]
	credentials, sessions := "RootCredentialsManagement", "RootSessions"
	for _, step := range []struct {
		operation string
		want      []any
	}{
		{"ListOrganizationsFeatures", nil},
		{"EnableOrganizationsRootSessions", []any{sessions}},
		{"EnableOrganizationsRootSessions", []any{sessions}},
		{"EnableOrganizationsRootCredentialsManagement", []any{credentials, sessions}},
		{"ListOrganizationsFeatures", []any{credentials, sessions}},
		{"DisableOrganizationsRootSessions", []any{credentials}},
		{"DisableOrganizationsRootSessions", []any{credentials}},
		{"DisableOrganizationsRootCredentialsManagement", nil},
		{"ListOrganizationsFeatures", nil},
	} {
		out, err := lab.Call(awstest.Root, "iam", step.operation, nil)
		if err != nil {
			t.Fatalf("%s: %v", step.operation, err)
		}
		got, _ := out["EnabledFeatures"].([]any)
		if diff := cmp.Diff(step.want, append([]any(nil), got...)); diff != "" || out["OrganizationId"] != id {
			t.Errorf("%s: %v %s", step.operation, out["OrganizationId"], diff)
		}
	}
}

// An organization for billing, one that does not trust IAM, a member, and the
// delegated administrator.
func TestRootAccessRefused(t *testing.T) {
	for name, test := range map[string]struct {
		caller          func(*testing.T) (*awstest.Lab, sigv4.Credentials)
		enable, disable string // "" is allowed
	}{
		"no organization": {func(t *testing.T) (*awstest.Lab, sigv4.Credentials) {
			return awstest.New(t), awstest.Root
		}, "OrganizationNotFoundException", "OrganizationNotFoundException"},
		"billing": {func(t *testing.T) (*awstest.Lab, sigv4.Credentials) {
			lab := awstest.New(t)
			organize(t, lab, "CreateOrganization", map[string]any{"FeatureSet": "CONSOLIDATED_BILLING"})
			return lab, awstest.Root
		}, "OrganizationNotInAllFeaturesModeException", "OrganizationNotInAllFeaturesModeException"},
		"not trusted": {func(t *testing.T) (*awstest.Lab, sigv4.Credentials) {
			lab := awstest.New(t)
			organize(t, lab, "CreateOrganization", nil)
			return lab, awstest.Root
		}, "ServiceAccessNotEnabledException", "ServiceAccessNotEnabledException"},
		"member": {func(t *testing.T) (*awstest.Lab, sigv4.Credentials) {
			lab := organized(t)
			return lab, lab.RootOf(t, lab.AddMember(t, "dev"))
		}, "AccountNotManagementOrDelegatedAdministratorException", "AccountNotManagementOrDelegatedAdministratorException"},
		"administrator": {func(t *testing.T) (*awstest.Lab, sigv4.Credentials) {
			lab := organized(t)
			id := lab.AddMember(t, "security")
			organize(t, lab, "RegisterDelegatedAdministrator", map[string]any{"AccountId": id, "ServicePrincipal": iamService})
			return lab, lab.RootOf(t, id)
		}, "CallerIsNotManagementAccountException", ""},
	} {
		lab, caller := test.caller(t)
		for operation, want := range map[string]string{
			"EnableOrganizationsRootSessions": test.enable, "EnableOrganizationsRootCredentialsManagement": test.enable,
			"DisableOrganizationsRootSessions": test.disable, "DisableOrganizationsRootCredentialsManagement": test.disable,
			"ListOrganizationsFeatures": test.disable,
		} {
			_, err := lab.Call(caller, "iam", operation, nil)
			if (err == nil) != (want == "") || err != nil && !strings.HasPrefix(err.Error(), want+": ") {
				t.Errorf("%s: %s, want %q: %v", name, operation, want, err)
			}
		}
	}
}
