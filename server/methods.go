package server

import (
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

// methods finds the operations that a service implements, by their form. No
// model is decoded for it: what the model does not know nobody can ask for, and
// what has no rule is refused to everybody.
func methods(service any) map[string]*method {
	found := map[string]*method{}
	for f, v := range reflect.ValueOf(service).Methods() {
		if isOperation(f.Name, v.Type()) {
			found[f.Name] = &method{input: v.Type().In(1).Elem(), call: v}
		}
	}
	return found
}

// method finds what carries an operation out; nil if nothing does.
func (s *Server) method(op *model.Operation) *method {
	return s.methods[operation{op.Service.Name, op.Name}]
}

// isOperation looks for func(*writ.Call, *NameInput) (*NameOutput, error).
func isOperation(name string, t reflect.Type) bool {
	return t.NumIn() == 2 && t.NumOut() == 2 &&
		t.In(0) == reflect.TypeFor[*writ.Call]() && isStruct(t.In(1), name+"Input") &&
		isStruct(t.Out(0), name+"Output") && t.Out(1) == reflect.TypeFor[error]()
}

func isStruct(t reflect.Type, name string) bool {
	return t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct && t.Elem().Name() == name
}
