// Package wire speaks AWS's protocols: it finds the operation that an HTTP
// request is for, turns bytes into the operation's input, and its output or
// error into bytes.
//
// Its one idea: the model is the codec. A protocol says how bytes are a tree of
// named values and back; which values an operation takes, what they may be, and
// which plain Go struct holds them is walked from the model, once for all
// protocols, by a plan that is made on the first use of a type.
package wire

import (
	"io"
	"net/http"
	"reflect"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/model"
)

// Response is an answer, ready to be sent.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
	Stream io.ReadCloser // in place of Body, if it is not nil; whoever sends it closes it
}

// Encode renders the output of op; out is a pointer to its struct, of which nil
// is an empty one.
func Encode(op *model.Operation, out any, requestID string) *Response {
	v := reflect.ValueOf(out)
	if v.IsNil() {
		v = reflect.New(v.Type().Elem())
	}
	v = v.Elem()
	return protocolOf(op).write(op, mustPlan(op.Output, v.Type()), v, requestID)
}

// EncodeError renders an error in the protocol of the service that the route
// leads to. Without one it is the query protocol, in which AWS answers requests
// that it can not place.
func EncodeError(route Route, e *writ.Error, requestID string) *Response {
	proto, ok := protocols[route.Service.Protocol]
	if !ok {
		proto = protocols["query"]
	}
	r := proto.fail(&route, e, requestID)
	for name, value := range e.Header {
		r.Header.Set(name, value)
	}
	return r
}
