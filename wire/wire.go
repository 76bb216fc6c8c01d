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
	"net/http"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/model"
)

// Response is a whole answer, ready to be sent.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// Decode reads the input of op from req into the struct that into points to,
// and checks every constraint of the model. The error is a *writ.Error with
// AWS's own code and text.
func Decode(op *model.Operation, req *Request, into any) error { panic("wire") }

// Encode renders the output of op; out is a pointer to its struct, and may be
// nil for an operation without output.
func Encode(op *model.Operation, out any, requestID string) *Response { panic("wire") }

// EncodeError renders an error as the service's clients expect it. With a zero
// Route it is rendered in the query protocol, as AWS answers a request that it
// cannot place.
func EncodeError(route Route, e *writ.Error, requestID string) *Response { panic("wire") }
