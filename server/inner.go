package server

import (
	"context"
	"fmt"
	"reflect"
	"runtime/debug"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/model"
)

// Call is writ.Inner: the second half of the request path, for calls whose
// Caller no signature has to prove.
//
//	authorize → invoke ⇄ store → audit
func (s *Server) Call(c *writ.Call, service, operation string, in any) (out any, err error) {
	method, err := s.inner(c, service, operation, in)
	if err != nil {
		return nil, err
	}
	s.carryOut(c, method)
	// Whoever gave up waiting does not spare the call its event.
	if err := s.audit.Record(context.WithoutCancel(c.Context), c); err != nil {
		return nil, fmt.Errorf("the event was not written: %w; the call ended with: %v", err, c.Err)
	}
	s.services.iam.Used(c)
	s.metrics.observe(c, innerStatus(c.Err), s.now())
	return c.Output, c.Err
}

// inner finds what carries the operation out. That it is missing is a mistake
// of the service that calls.
func (s *Server) inner(c *writ.Call, service, name string, in any) (*method, error) {
	m, err := model.Load(service)
	if err != nil {
		return nil, err
	}
	c.Operation, c.Input = m.Operations[name], in
	method, ok := s.methods[operation{service, name}]
	if !ok || reflect.TypeOf(in) != reflect.PointerTo(method.input) {
		return nil, fmt.Errorf("server: no inner call %s.%s(%T)", service, name, in)
	}
	return method, nil
}

func (s *Server) carryOut(c *writ.Call, method *method) {
	defer func() {
		if p := recover(); p != nil {
			c.Output, c.Err = nil, &panicError{p, debug.Stack()}
		}
	}()
	if c.Err = s.authz.Authorize(c); c.Err != nil {
		return
	}
	if c.Err = s.audit.Ready(c); c.Err != nil {
		return
	}
	c.Output, c.Err = method.invoke(c)
}

// innerStatus is what the answer would have had over HTTP.
func innerStatus(err error) int {
	if err == nil {
		return 200
	}
	told, _ := writ.AsError(err)
	return told.Status
}
