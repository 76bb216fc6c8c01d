package wire

import (
	"net/http"
	"reflect"
	"sync"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/model"
)

// The query protocol (IAM, STS): form parameters in, XML out.

func readQuery(_ *model.Operation, _ *plan, req *Request) (node, error) {
	all, err := req.readParams()
	if err != nil {
		return node{}, err
	}
	return tree(all, 0, 0)
}

func writeQuery(op *model.Operation, p *plan, out reflect.Value, requestID string) *Response {
	b := openResponse(op)
	if op.Wrapper != "" {
		b = openXML(b, op.Wrapper)
		b = appendMembers(b, p, out)
		b = closeXML(b, op.Wrapper)
	} else {
		b = appendMembers(b, p, out)
	}
	b = append(b, "<ResponseMetadata>"...)
	b = appendElement(b, "RequestId", requestID)
	b = append(b, "</ResponseMetadata>"...)
	return &Response{Status: op.ResponseCode, Header: header("text/xml", requestID), Body: closeResponse(b, op)}
}

func openResponse(op *model.Operation) []byte {
	b := make([]byte, 0, 512)
	b = append(b, '<')
	b = append(b, op.Name...)
	b = append(b, `Response xmlns="`...)
	b = escapeXML(b, op.Service.Metadata.XMLNamespace)
	return append(b, `">`...)
}

func closeResponse(b []byte, op *model.Operation) []byte {
	b = append(b, "</"...)
	b = append(b, op.Name...)
	return append(b, "Response>"...)
}

// faultNamespace is how AWS marks errors of requests that reached no service.
const faultNamespace = "http://webservices.amazon.com/AWSFault/2005-15-09"

func failQuery(route *Route, e *writ.Error, requestID string) *Response {
	namespace, side := route.Service.XMLNamespace, "Sender"
	if namespace == "" || route.Operation == nil {
		namespace = faultNamespace
	}
	if e.Status >= 500 {
		side = "Receiver"
	}
	b := append([]byte(nil), `<ErrorResponse xmlns="`...)
	b = escapeXML(b, namespace)
	b = append(b, `"><Error>`...)
	b = appendElement(b, "Type", side)
	b = appendElement(b, "Code", e.Code)
	if e.Message != "" {
		b = appendElement(b, "Message", e.Message)
	}
	eachField(route, e, func(m *bound, v reflect.Value) { b = appendXML(b, m.wire, m.plan, &m.Ref, v) })
	b = append(b, "</Error>"...)
	b = appendElement(b, "RequestId", requestID)
	b = append(b, "</ErrorResponse>"...)
	return &Response{Status: e.Status, Header: header("text/xml", requestID), Body: b}
}

// header makes the headers that every answer has.
func header(contentType, requestID string) http.Header {
	return http.Header{"Content-Type": {contentType}, "X-Amzn-Requestid": {requestID}}
}

// exceptions finds a service's error shapes by their code.
var exceptions sync.Map // *model.Service to map[string]*model.Shape

func exception(s *model.Service, code string) *model.Shape {
	byCode, ok := exceptions.Load(s)
	if !ok {
		all := map[string]*model.Shape{}
		for _, shape := range s.Shapes {
			if shape.Exception {
				all[shape.Error.Code] = shape
			}
		}
		byCode, _ = exceptions.LoadOrStore(s, all)
	}
	return byCode.(map[string]*model.Shape)[code]
}
