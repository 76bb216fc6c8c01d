package server

import (
	"reflect"

	"github.com/writ-iam/writ/model"
)

// Replace puts another function, of the form that methods have, behind an
// operation. It is for tests of what happens around an operation.
func (s *Server) Replace(service, operation string, f any) {
	m, err := model.Load(service)
	if err != nil {
		panic(err)
	}
	v := reflect.ValueOf(f)
	s.methods[m.Operations[operation]] = &method{input: v.Type().In(1).Elem(), call: v}
}
