package wire

import (
	"reflect"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/model"
)

// protocol is what differs between AWS's protocols; the walk along the model is
// the same for all.
type protocol struct {
	malformed string // error code of a request that cannot be read
	invalid   string // error code of broken constraints
	unsigned  string // error code of a signature that cannot be right
	find      func(s *model.Service, req *Request) (*model.Operation, error)
	read      func(op *model.Operation, p *plan, req *Request) (node, error)
	write     func(op *model.Operation, p *plan, out reflect.Value, requestID string) *Response
	fail      func(route *Route, e *writ.Error, requestID string) *Response
}

var protocols = map[string]*protocol{
	"query":     {"MalformedInput", "ValidationError", "SignatureDoesNotMatch", findAction, readQuery, writeQuery, failQuery},
	"ec2":       {"InvalidParameterValue", "InvalidParameterValue", "AuthFailure", findAction, readEC2, writeEC2, failEC2},
	"json":      {"SerializationException", "ValidationException", "InvalidSignatureException", findTarget, readJSON, writeJSON, failJSON},
	"rest-json": {"SerializationException", "ValidationException", "InvalidSignatureException", findRoute, readREST, writeREST, failREST},
}

func protocolOf(op *model.Operation) *protocol { return protocols[op.Service.Metadata.Protocol] }
