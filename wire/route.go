package wire

import (
	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/model"
)

// Route is where a request leads. Of a request that leads nowhere it says as
// much as was found, so that the error can be told in the right protocol.
type Route struct {
	Service   model.Metadata   // zero if the request names no service
	Operation *model.Operation // nil if it names no operation of the service
	Scope     writ.Scope       // partition and region; the account is not known yet
}

// Router finds the operations of a set of services.
type Router struct{}

// NewRouter routes to the named services of package model. Requests that name
// no region act in the given one.
func NewRouter(region string, services ...string) (*Router, error) { panic("wire") }

// Resolve finds the operation that a request is for, from its credential scope,
// host, target header, parameters and path. Nothing it says is proved: that the
// credentials fit it is for the signature check. The error is a *writ.Error.
func (r *Router) Resolve(req *Request) (Route, error) { panic("wire") }
