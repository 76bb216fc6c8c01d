package server

import (
	"strings"
	"testing"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/api/iam"
)

type wrongInput struct{}

func (wrongInput) CreateUser(*writ.Call, *iam.GetUserInput) (*iam.CreateUserOutput, error) {
	return nil, nil
}

type wrongOutput struct{}

func (wrongOutput) CreateUser(*writ.Call, *iam.CreateUserInput) (*iam.CreateUserOutput, bool) {
	return nil, true
}

// UploadSigningCertificate has no entry in iam.authz.json.
type unruled struct{}

func (unruled) UploadSigningCertificate(*writ.Call, *iam.UploadSigningCertificateInput) (*iam.UploadSigningCertificateOutput, error) {
	return nil, nil
}

type right struct{}

func (right) CreateUser(*writ.Call, *iam.CreateUserInput) (*iam.CreateUserOutput, error) {
	return nil, nil
}

func (right) Helper() {}

// The server must not start with a method that would never be reached, or that
// everybody would reach.
func TestMethods(t *testing.T) {
	for _, c := range []struct {
		service any
		message string
	}{
		{wrongInput{}, "not func(*writ.Call, *CreateUserInput) (*CreateUserOutput, error)"},
		{wrongOutput{}, "not func(*writ.Call, *CreateUserInput) (*CreateUserOutput, error)"},
		{unruled{}, "no authorization rule"},
	} {
		if _, err := methods("iam", c.service); err == nil || !strings.Contains(err.Error(), c.message) {
			t.Errorf("%T: %v", c.service, err)
		}
	}
	if found, err := methods("iam", right{}); err != nil || len(found) != 1 {
		t.Errorf("%v, %v", found, err)
	}
}
