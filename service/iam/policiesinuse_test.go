package iam

import (
	"slices"
	"strings"
	"testing"

	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// The quota on policies in use counts each once, attached or a boundary, and a
// policy that is in use already may be used further.
func TestPoliciesInUseQuota(t *testing.T) {
	s := newService(t, account{ID: reported, Partition: "aws"})
	s.quotas = Quotas.With(map[string]int{"PolicyVersionsInUsePerAccount": 2})
	c := callIn(t.Context(), reported)
	for _, name := range []string{"ada", "bob"} {
		if _, err := s.CreateUser(c, &api.CreateUserInput{UserName: name}); err != nil {
			t.Fatal(err)
		}
	}
	attach := func(user, policy string) error {
		_, err := s.AttachUserPolicy(c, &api.AttachUserPolicyInput{UserName: user, PolicyArn: "arn:aws:iam::aws:policy/" + policy})
		return err
	}
	bound := func(user, policy string) error {
		_, err := s.PutUserPermissionsBoundary(c, &api.PutUserPermissionsBoundaryInput{UserName: user, PermissionsBoundary: "arn:aws:iam::aws:policy/" + policy})
		return err
	}
	for _, step := range []struct {
		err  error
		want string
	}{
		{attach("ada", "ReadOnlyAccess"), ""},
		{bound("ada", "PowerUserAccess"), ""},
		{attach("bob", "ReadOnlyAccess"), ""},
		{attach("bob", "PowerUserAccess"), ""},
		{attach("bob", "AdministratorAccess"), "LimitExceeded: Cannot exceed quota for PolicyVersionsInUsePerAccount: 2"},
		{bound("bob", "AdministratorAccess"), "LimitExceeded: Cannot exceed quota for PolicyVersionsInUsePerAccount: 2"},
	} {
		if (step.err == nil) != (step.want == "") || step.err != nil && step.err.Error() != step.want {
			t.Errorf("%v, want %q", step.err, step.want)
		}
	}
	var used []string
	err := s.db.View(t.Context(), func(tx *store.Tx) error {
		for arn, err := range policiesInUse(tx, reported, anyUse, "", "") {
			if err != nil {
				return err
			}
			used = append(used, arn[strings.LastIndexByte(arn, '/')+1:])
		}
		return nil
	})
	if want := []string{"PowerUserAccess", "ReadOnlyAccess"}; err != nil || !slices.Equal(used, want) {
		t.Errorf("in use are %v, %v, want %v", used, err, want)
	}
}
