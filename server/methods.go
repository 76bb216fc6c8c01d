package server

import (
	"fmt"
	"reflect"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/model"
)

// method carries out one operation. The method set of a service is its routing
// table, as in net/rpc: an exported method named as an operation of the model,
//
//	func (s *Service) CreateUser(c *writ.Call, in *iam.CreateUserInput) (*iam.CreateUserOutput, error)
type method struct {
	input reflect.Type
	call  reflect.Value
}

func (m *method) newInput() any { return reflect.New(m.input).Interface() }

func (m *method) invoke(c *writ.Call) (any, error) {
	out := m.call.Call([]reflect.Value{reflect.ValueOf(c), reflect.ValueOf(c.Input)})
	if err, _ := reflect.TypeAssert[error](out[1]); err != nil {
		return nil, err
	}
	return out[0].Interface(), nil
}

// operation names what a method carries out.
type operation struct{ service, name string }

// methods finds the operations that a service implements, by name. A modeled name
// with a wrong form, and an operation that nothing authorizes, are errors: the
// server does not start with one. The models themselves are not decoded for it.
func methods(name string, service any) (map[string]*method, error) {
	rules, err := model.Outline(name)
	if err != nil {
		return nil, err
	}
	found := map[string]*method{}
	for f, v := range reflect.ValueOf(service).Methods() {
		r, modeled := rules[f.Name]
		if !modeled {
			continue
		}
		if err := checkForm(f.Name, v.Type()); err != nil {
			return nil, fmt.Errorf("server: %s.%s: %w", name, f.Name, err)
		}
		if r == nil || r.Exempt == "" && len(r.Checks) == 0 {
			return nil, fmt.Errorf("server: %s.%s has no authorization rule and no exemption", name, f.Name)
		}
		found[f.Name] = &method{input: v.Type().In(1).Elem(), call: v}
	}
	return found, nil
}

// method finds what carries an operation out; nil if nothing does.
func (s *Server) method(op *model.Operation) *method {
	return s.methods[operation{op.Service.Name, op.Name}]
}

// checkForm wants func(*writ.Call, *NameInput) (*NameOutput, error).
func checkForm(name string, t reflect.Type) error {
	if t.NumIn() == 2 && t.NumOut() == 2 &&
		t.In(0) == reflect.TypeFor[*writ.Call]() && isStruct(t.In(1), name+"Input") &&
		isStruct(t.Out(0), name+"Output") && t.Out(1) == reflect.TypeFor[error]() {
		return nil
	}
	return fmt.Errorf("the method has the form %v, not func(*writ.Call, *%[2]sInput) (*%[2]sOutput, error)", t, name)
}

func isStruct(t reflect.Type, name string) bool {
	return t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct && t.Elem().Name() == name
}
