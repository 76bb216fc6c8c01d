package iam_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/store"
)

// organized is an organization that the lab's account is in.
type organized struct{ is *writ.Organization }

func (o organized) Organization(_ *store.Tx, account, _ string) (*writ.Organization, error) {
	if account != awstest.Account {
		return nil, store.ErrNotFound
	}
	return o.is, nil
}

// Features are the organization's, go on and off, and going on twice is no error.
func TestRootAccess(t *testing.T) {
	lab := awstest.NewOrganized(t, organized{&writ.Organization{ID: "o-aa111bb222", ManagementAccount: awstest.Account, AllFeatures: true, Trusted: true}})
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
		if diff := cmp.Diff(step.want, append([]any(nil), got...)); diff != "" || out["OrganizationId"] != "o-aa111bb222" {
			t.Errorf("%s: %v %s", step.operation, out["OrganizationId"], diff)
		}
	}
}

func TestRootAccessRefused(t *testing.T) {
	for _, test := range []struct {
		is              writ.Organization
		enable, disable string // "" is allowed
	}{
		{writ.Organization{ManagementAccount: awstest.Account, Trusted: true}, "OrganizationNotInAllFeaturesModeException", "OrganizationNotInAllFeaturesModeException"},
		{writ.Organization{ManagementAccount: awstest.Account, AllFeatures: true}, "ServiceAccessNotEnabledException", "ServiceAccessNotEnabledException"},
		{writ.Organization{ManagementAccount: "111111111111", AllFeatures: true, Trusted: true}, "AccountNotManagementOrDelegatedAdministratorException", "AccountNotManagementOrDelegatedAdministratorException"},
		{writ.Organization{ManagementAccount: "111111111111", AllFeatures: true, Trusted: true, Administrators: []string{awstest.Account}}, "CallerIsNotManagementAccountException", ""},
	} {
		test.is.ID = "o-aa111bb222"
		lab := awstest.NewOrganized(t, organized{&test.is})
		for operation, want := range map[string]string{
			"EnableOrganizationsRootSessions": test.enable, "EnableOrganizationsRootCredentialsManagement": test.enable,
			"DisableOrganizationsRootSessions": test.disable, "DisableOrganizationsRootCredentialsManagement": test.disable,
			"ListOrganizationsFeatures": test.disable,
		} {
			_, err := lab.Call(awstest.Root, "iam", operation, nil)
			if (err == nil) != (want == "") || err != nil && !strings.HasPrefix(err.Error(), want+": ") {
				t.Errorf("%s, want %q: %v", operation, want, err)
			}
		}
	}
}
