package server

import (
	"reflect"
	"testing"

	"github.com/writ-iam/writ"
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

type right struct{}

func (right) CreateUser(*writ.Call, *iam.CreateUserInput) (*iam.CreateUserOutput, error) {
	return nil, nil
}

func (right) Helper() {}

func TestMethods(t *testing.T) {
	for _, wrong := range []any{wrongInput{}, wrongOutput{}} {
		if found := methods(wrong); len(found) != 0 {
			t.Errorf("%T: %v", wrong, found)
		}
	}
	if found := methods(right{}); len(found) != 1 {
		t.Error(found)
	}
}

// No method is named as an operation without carrying it out, none has the form
// of one without being one, and none is without a rule: nobody could call it.
func TestMethodsAreOperations(t *testing.T) {
	for _, service := range new(services).list() {
		served, err := model.Load(service.name)
		if err != nil {
			t.Fatal(err)
		}
		found := methods(service.impl)
		for m := range reflect.TypeOf(service.impl).Methods() {
			op := served.Operations[m.Name]
			if (op != nil) != (found[m.Name] != nil) {
				t.Errorf("%s.%s has the form %v", service.name, m.Name, m.Type)
			}
			if op != nil && op.Rule == nil {
				t.Errorf("%s.%s has no authorization rule", service.name, m.Name)
			}
		}
	}
}

// The generated structs and the embedded models are of one version: whatever
// is routed can be decoded and encoded.
func TestTypesFitTheirShapes(t *testing.T) {
	for _, service := range new(services).list() {
		served, err := model.Load(service.name)
		if err != nil {
			t.Fatal(err)
		}
		for name, m := range methods(service.impl) {
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
