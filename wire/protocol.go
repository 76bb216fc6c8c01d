package wire

import (
	"net/http"
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
	schema    bool // what breaks a constraint in the body makes it malformed
}

var protocols = map[string]*protocol{
	"query":     {"MalformedInput", "ValidationError", "SignatureDoesNotMatch", findAction, readQuery, writeQuery, failQuery, false},
	"ec2":       {"InvalidParameterValue", "InvalidParameterValue", "AuthFailure", findAction, readEC2, writeEC2, failEC2, false},
	"json":      {"SerializationException", "ValidationException", "InvalidSignatureException", findTarget, readJSON, writeJSON, failJSON, false},
	"rest-json": {"SerializationException", "ValidationException", "InvalidSignatureException", findRoute, readRESTJSON, writeRESTJSON, failREST, false},
	"rest-xml":  {"MalformedXML", "InvalidArgument", "AuthorizationHeaderMalformed", findDemanding, readRESTXML, writeRESTXML, failRESTXML, true},
}

// unreadable is the error of a request that cannot be read. S3 has one text for
// whatever is wrong.
func (p *protocol) unreadable(text string) error {
	if p.schema {
		text = "The XML you provided was not well-formed or did not validate against our published schema"
	}
	return writ.Errorf(http.StatusBadRequest, p.malformed, "%s", text)
}

func protocolOf(op *model.Operation) *protocol { return protocols[op.Service.Metadata.Protocol] }
