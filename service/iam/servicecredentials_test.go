package iam

import (
	"errors"
	"testing"
	"time"

	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// A service that is shown a credential learns whose it is, and nothing of one
// that is wrong, switched off, out of date or another service's.
func TestServiceCredentialOwner(t *testing.T) {
	s := newService(t, account{ID: "111122223333", Partition: "aws"})
	c := callIn(t.Context(), "111122223333")
	if _, err := s.CreateUser(c, &api.CreateUserInput{UserName: "ada"}); err != nil {
		t.Fatal(err)
	}
	create := func(service string) *api.ServiceSpecificCredential {
		out, err := s.CreateServiceSpecificCredential(c, &api.CreateServiceSpecificCredentialInput{UserName: "ada", ServiceName: service, CredentialAgeDays: new(1)})
		if err != nil {
			t.Fatal(err)
		}
		return out.ServiceSpecificCredential
	}
	owner := func(service, login, password string, now time.Time) string {
		t.Helper()
		var name string
		err := s.db.View(t.Context(), func(tx *store.Tx) error {
			i, err := s.ServiceCredentialOwner(tx, service, login, password, now)
			name = i.Name
			return err
		})
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			t.Fatal(err)
		}
		return name
	}
	git, key := create("codecommit.amazonaws.com"), create("bedrock.amazonaws.com")
	password, token := *git.ServicePassword, *key.ServiceCredentialSecret
	for _, test := range []struct {
		service, login, password string
		now                      time.Time
		want                     string
	}{
		{"codecommit.amazonaws.com", *git.ServiceUserName, password, c.Time, "ada"},
		{"codecommit.amazonaws.com", *git.ServiceUserName, password + "x", c.Time, ""},
		{"codecommit.amazonaws.com", *git.ServiceUserName, "", c.Time, ""},
		{"codecommit.amazonaws.com", "ada", password, c.Time, ""},
		{"codecommit.amazonaws.com", "eve-at-111122223333", password, c.Time, ""},
		{"codecommit.amazonaws.com", *git.ServiceUserName, password, c.Time.Add(24 * time.Hour), ""},
		{"cassandra.amazonaws.com", *git.ServiceUserName, password, c.Time, ""},
		{"bedrock.amazonaws.com", "", token, c.Time, "ada"},
		{"bedrock.amazonaws.com", "", token[4:], c.Time, ""},
		{"bedrock.amazonaws.com", "", "ABSK" + token, c.Time, ""},
		{"logs.amazonaws.com", "", token, c.Time, ""},
	} {
		if got := owner(test.service, test.login, test.password, test.now); got != test.want {
			t.Errorf("%s %s: the owner is %q, want %q", test.service, test.login, got, test.want)
		}
	}
	off := &api.UpdateServiceSpecificCredentialInput{UserName: new("ada"), ServiceSpecificCredentialId: key.ServiceSpecificCredentialId, Status: inactive}
	if _, err := s.UpdateServiceSpecificCredential(c, off); err != nil {
		t.Fatal(err)
	}
	if got := owner("bedrock.amazonaws.com", "", token, c.Time); got != "" {
		t.Errorf("a credential that is switched off stands for %q", got)
	}
	reset := &api.ResetServiceSpecificCredentialInput{UserName: new("ada"), ServiceSpecificCredentialId: git.ServiceSpecificCredentialId}
	if _, err := s.ResetServiceSpecificCredential(c, reset); err != nil {
		t.Fatal(err)
	}
	if got := owner("codecommit.amazonaws.com", *git.ServiceUserName, password, c.Time); got != "" {
		t.Errorf("the password before a reset stands for %q", got)
	}
}
