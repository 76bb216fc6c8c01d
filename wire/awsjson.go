package wire

import (
	"reflect"
	"strings"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/model"
)

// The json protocol (CloudTrail): a JSON object in, one out, and the operation
// in the header X-Amz-Target.

func readJSON(_ *model.Operation, _ *plan, req *Request) (node, error) {
	body, err := req.ReadBody()
	if err != nil {
		return node{}, err
	}
	return parseJSON(body)
}

func writeJSON(op *model.Operation, p *plan, out reflect.Value, requestID string) *Response {
	var b []byte
	if op.Output != nil {
		b = clientStyle.object(make([]byte, 0, 1024), p, out)
	}
	return &Response{Status: op.ResponseCode, Header: header(jsonType(&op.Service.Metadata), requestID), Body: b}
}

func jsonType(m *model.Metadata) string {
	if m.JSONVersion == "1.0" {
		return "application/x-amz-json-1.0"
	}
	return "application/x-amz-json-1.1"
}

func failJSON(route *Route, e *writ.Error, requestID string) *Response {
	b := append(appendName([]byte{'{'}, "__type", true), AppendString(nil, e.Code)...)
	return &Response{Status: e.Status, Header: header(jsonType(&route.Service), requestID), Body: appendErrorMembers(b, route, e)}
}

// appendErrorMembers writes the message, spelled as the model of the error has
// it, the error's other members, and the closing brace. AWS leaves an empty
// message out.
func appendErrorMembers(b []byte, route *Route, e *writ.Error) []byte {
	first := len(b) == 1
	if e.Message != "" {
		b = AppendString(appendName(b, messageName(route, e.Code), first), e.Message)
		first = false
	}
	eachField(route, e, func(m *bound, v reflect.Value) {
		b = appendName(b, m.wire, first)
		b = clientStyle.value(b, m.plan, &m.Ref, v)
		first = false
	})
	return append(b, '}')
}

func messageName(route *Route, code string) string {
	if s := modeled(route, code); s != nil {
		for i := range s.Members {
			if strings.EqualFold(s.Members[i].Name, "message") {
				return wireName(&s.Members[i])
			}
		}
	}
	return "message"
}

// modeled returns the shape of an error, nil if the service has none of that code.
func modeled(route *Route, code string) *model.Shape {
	if route.Operation == nil {
		return nil
	}
	return exception(route.Operation.Service, code)
}

// eachField calls yield for the members of an error beside its message, in the
// model's order. Fields that the model does not have are not told to anyone.
func eachField(route *Route, e *writ.Error, yield func(*bound, reflect.Value)) {
	shape := modeled(route, e.Code)
	if shape == nil || len(e.Fields) == 0 {
		return
	}
	for i := range shape.Members {
		m := &shape.Members[i]
		value, ok := e.Fields[m.Name]
		if !ok || strings.EqualFold(m.Name, "message") {
			continue
		}
		v := reflect.ValueOf(value)
		yield(&bound{Member: m, plan: mustPlan(m.Shape, v.Type()), wire: wireName(m)}, v)
	}
}
