package server

import (
	"strings"
	"testing"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/api/cloudtrail"
	"github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/model"
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

// CancelQuery has no entry in cloudtrail.authz.json.
type unruled struct{}

func (unruled) CancelQuery(*writ.Call, *cloudtrail.CancelQueryInput) (*cloudtrail.CancelQueryOutput, error) {
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
		name    string
		service any
		message string
	}{
		{"iam", wrongInput{}, "not func(*writ.Call, *CreateUserInput) (*CreateUserOutput, error)"},
		{"iam", wrongOutput{}, "not func(*writ.Call, *CreateUserInput) (*CreateUserOutput, error)"},
		{"cloudtrail", unruled{}, "no authorization rule"},
	} {
		if _, err := methods(c.name, c.service); err == nil || !strings.Contains(err.Error(), c.message) {
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
		served, err := model.Load(service.name)
		if err != nil {
			t.Fatal(err)
		}
		for name, m := range found {
			op := served.Operations[name]
			if err := wire.Fits(op.Input, m.input); err != nil {
				t.Errorf("%s.%s: %v", service.name, op.Name, err)
			}
			if err := wire.Fits(op.Output, m.call.Type().Out(0).Elem()); err != nil {
				t.Errorf("%s.%s: %v", service.name, op.Name, err)
			}
		}
	}
}
