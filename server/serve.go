package server

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/google/uuid"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/wire"
)

// maxBody bounds a request's body. The largest input of the services here is a
// policy document of 131,072 characters, each of which may take three bytes in a form.
const maxBody = 1 << 20

// maxDocument bounds the documents of S3: lists of 10,000 parts, of 1,000 keys of
// 1,024 bytes each.
const maxDocument = 3 << 20

// ServeHTTP answers one request of an AWS client.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &writ.Call{ID: uuid.NewString(), Time: s.now().UTC(), Source: s.source(r), Context: r.Context()}
	send(w, s.serve(w, r, c))
}

// serve is the whole path of a request:
//
//	wire bytes → resolve → authenticate → decode → authorize → invoke ⇄ store → encode → audit
//
// Who has no credentials yet but a provider's word is authenticated once that is
// decoded (SignIn).
// Each step is one call into the package of that name and fills the next fields
// of the Call. Wherever the path ends, finish writes the event and the answer.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, c *writ.Call) (answer *wire.Response) {
	var route wire.Route
	defer func() {
		if p := recover(); p != nil {
			c.Err = &panicError{p, debug.Stack()}
		}
		answer = s.finish(c, route)
	}()

	request := wire.Open(w, r, maxBody)
	if route, c.Err = s.router.Resolve(request); c.Err != nil {
		return
	}
	c.Operation, c.Scope = route.Operation, route.Scope

	if c.Err = s.authenticate(c, w, request); c.Err != nil {
		return
	}
	method := s.method(c.Operation)
	if method == nil {
		c.Err = writ.NotImplemented("%s %s is not implemented.", c.Operation.Service.Metadata.ServiceID, c.Operation.Name)
		return
	}
	c.Input = method.newInput()
	if c.Err = wire.Decode(c.Operation, request, c.Input); c.Err != nil {
		return
	}
	if c.Err = s.gate.SignIn(c); c.Err != nil {
		return
	}
	if c.Err = s.authz.Authorize(c); c.Err != nil {
		return
	}
	if c.Err = dryRun(c); c.Err != nil {
		return
	}
	if c.Err = s.audit.Ready(c); c.Err != nil {
		return
	}
	c.Output, c.Err = method.invoke(c)
	return
}

// authenticate finds the caller. S3's bodies may be large: they are read after
// the signature was checked, and prove themselves while they are.
func (s *Server) authenticate(c *writ.Call, w http.ResponseWriter, request *wire.Request) error {
	if c.Operation.Service.Metadata.Protocol != "rest-xml" {
		body, err := request.ReadBody()
		if err != nil {
			return err
		}
		_, err = s.authn.Authenticate(c, request.HTTP, sum(body))
		return err
	}
	if c.Operation.TakesForm() {
		return s.authenticateForm(c, w, request)
	}
	payload, err := s.authn.Authenticate(c, request.HTTP, nil)
	if err != nil {
		return err
	}
	request.SetPayload(payload, maxDocument)
	patient(w, request.HTTP.ContentLength)
	return nil
}

// authenticateForm finds the caller behind a browser's form, which signs in its
// first fields and says what its file may be.
func (s *Server) authenticateForm(c *writ.Call, w http.ResponseWriter, request *wire.Request) error {
	form, err := request.ReadForm()
	if err != nil {
		return err
	}
	if err := s.authn.AuthenticateForm(c, request.HTTP, form.Fields); err != nil {
		return err
	}
	patient(w, request.HTTP.ContentLength)
	return nil
}

// finish encodes what came of the call and records it. An answer whose event
// had to be durable and is not never goes out.
func (s *Server) finish(c *writ.Call, route wire.Route) (answer *wire.Response) {
	defer func() {
		if p := recover(); p != nil {
			c.Err = &panicError{p, debug.Stack()}
			answer = wire.EncodeError(route, s.told(c), c.ID)
		}
	}()
	answer = s.encode(c, route)
	// A client that has hung up does not spare itself the event.
	if err := s.audit.Record(context.WithoutCancel(c.Context), c); err != nil {
		c.Err = fmt.Errorf("the event was not written: %w; the call ended with: %v", err, c.Err)
		answer = wire.EncodeError(route, s.told(c), c.ID)
	}
	s.services.iam.Used(c)
	s.nag(c)
	s.metrics.observe(c, answer.Status, s.now())
	return answer
}

func (s *Server) encode(c *writ.Call, route wire.Route) *wire.Response {
	if c.Err != nil {
		return wire.EncodeError(route, s.told(c), c.ID)
	}
	return wire.Encode(c.Operation, c.Output, c.ID)
}

// told is what the caller learns of the call's error; what it does not learn is
// logged, once, here. That a client has hung up is no failure: anybody could fill
// the log with it.
func (s *Server) told(c *writ.Call) *writ.Error {
	e, known := writ.AsError(c.Err)
	switch {
	case known:
	case errors.Is(c.Err, context.Canceled) && c.Context.Err() != nil:
		s.log.Debug("the client has hung up", "requestId", c.ID)
	default:
		s.log.Error("internal failure", "requestId", c.ID, slog.Any("error", c.Err))
	}
	return e
}

func sum(body []byte) []byte {
	hash := sha256.Sum256(body)
	return hash[:]
}
