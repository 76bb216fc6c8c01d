package server

import "reflect"

// Replace puts another function, of the form that methods have, behind an
// operation. It is for tests of what happens around an operation.
func (s *Server) Replace(service, name string, f any) {
	v := reflect.ValueOf(f)
	s.methods[operation{service, name}] = &method{input: v.Type().In(1).Elem(), call: v}
}
