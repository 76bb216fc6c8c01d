package server

import (
	"strings"
	"testing"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/wire"
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

// The generated structs and the embedded models are of one version: whatever
// is routed can be decoded and encoded.
func TestTypesFitTheirShapes(t *testing.T) {
	for _, service := range new(services).list() {
		found, err := methods(service.name, service.impl)
		if err != nil {
			t.Fatal(err)
		}
		for op, m := range found {
			if err := wire.Fits(op.Input, m.input); err != nil {
				t.Errorf("%s.%s: %v", service.name, op.Name, err)
			}
			if err := wire.Fits(op.Output, m.call.Type().Out(0).Elem()); err != nil {
				t.Errorf("%s.%s: %v", service.name, op.Name, err)
			}
		}
	}
}
