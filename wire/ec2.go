package wire

import (
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/model"
)

// The ec2 protocol: form parameters in and XML out, as in the query protocol.
// But requests have names of their own and no words around the elements of a
// list, errors have another form, and EC2 tells in its own words what the model
// demands: one fault at a time, and unknown parameters too.

func readEC2(_ *model.Operation, p *plan, req *Request) (node, error) {
	all, err := req.readParams()
	if err != nil {
		return node{}, err
	}
	n, err := tree(slices.DeleteFunc(slices.Clone(all), isEnvelope), 0, 0)
	if err != nil {
		return node{}, err
	}
	return alignEC2(p, &n, "")
}

// isEnvelope says whether a parameter belongs to no operation's input: what
// routes a request and, in a presigned one, its signature.
func isEnvelope(p param) bool {
	return p.name == "Action" || p.name == "Version" || strings.HasPrefix(p.name, "X-Amz-")
}

// alignEC2 makes of the tree of a request what its shape says it is, so that
// the common decoder needs to know nothing of names in requests and flat lists.
// name is the parameter that the tree stands below.
func alignEC2(p *plan, n *node, name string) (node, error) {
	switch {
	case p.shape.Type == "structure":
		return alignStructure(p, n, name)
	case p.shape.Type == "list" && n.kind == branch:
		return alignList(p, n, name)
	case n.kind == branch:
		return *n, unknownParameter(name + "." + n.fields[0].name)
	case len(p.shape.Enum) > 0 && !slices.Contains(p.shape.Enum, n.text):
		return *n, writ.Errorf(http.StatusBadRequest, "InvalidParameterValue", "Invalid value '%s' for %s.", n.text, name[strings.LastIndexByte(name, '.')+1:])
	}
	return *n, nil
}

func alignStructure(p *plan, n *node, name string) (node, error) {
	if n.kind != branch {
		return *n, unknownParameter(name)
	}
	out := node{kind: aligned, fields: make([]field, len(p.members))}
	found := 0
	for i := range p.members {
		m := &p.members[i]
		at := join(name, requestName(m.Member))
		value := n.find(i, requestName(m.Member))
		if value == nil {
			if m.Required {
				return out, writ.Errorf(http.StatusBadRequest, "MissingParameter", "The request must contain the parameter %s", at)
			}
			continue
		}
		found++
		var err error
		if out.fields[i].node, err = alignEC2(m.plan, value, at); err != nil {
			return out, err
		}
	}
	if found < len(n.fields) {
		return out, unknownParameter(join(name, strayName(p, n)))
	}
	return out, nil
}

// maxElements bounds the lists of EC2's requests (EC2 API reference: no list may
// have more than a thousand ids): each may be a decision to make.
const maxElements = 1000

func alignList(p *plan, n *node, name string) (node, error) {
	all, err := numbered(n, false, "")
	if err != nil {
		return *n, err
	}
	if len(all) > maxElements {
		return *n, writ.Errorf(http.StatusBadRequest, "InvalidRequest", "%d exceeds the maximum number of elements of %s that can be specified (%d).", len(all), name, maxElements)
	}
	out := node{kind: list, fields: slices.Clone(all)}
	for i := range all {
		if out.fields[i].node, err = alignEC2(p.elem, &all[i].node, join(name, all[i].name)); err != nil {
			return out, err
		}
	}
	return out, nil
}

// strayName finds the first field that no member has the name of.
func strayName(p *plan, n *node) string {
	for i := range n.fields {
		known := func(m bound) bool { return requestName(m.Member) == n.fields[i].name }
		if !slices.ContainsFunc(p.members, known) {
			return n.fields[i].name
		}
	}
	return ""
}

func unknownParameter(name string) error {
	return writ.Errorf(http.StatusBadRequest, "UnknownParameter", "The parameter %s is not recognized", name)
}

// requestName is a member's name in requests: its name in answers begins with a
// small letter.
func requestName(m *model.Member) string {
	switch {
	case m.QueryName != "":
		return m.QueryName
	case m.LocationName != "":
		return strings.ToUpper(m.LocationName[:1]) + m.LocationName[1:]
	}
	return m.Name
}

func join(prefix, name string) string {
	if prefix == "" {
		return name
	}
	return prefix + "." + name
}

func writeEC2(op *model.Operation, p *plan, out reflect.Value, requestID string) *Response {
	b := openResponse(op)
	b = appendElement(b, "requestId", requestID)
	b = appendMembers(b, p, out)
	return &Response{Status: op.ResponseCode, Header: header("text/xml", requestID), Body: closeResponse(b, op)}
}

func failEC2(_ *Route, e *writ.Error, requestID string) *Response {
	b := append([]byte(nil), "<Response><Errors><Error>"...)
	b = appendElement(b, "Code", e.Code)
	b = appendElement(b, "Message", e.Message)
	b = append(b, "</Error></Errors>"...)
	b = appendElement(b, "RequestID", requestID)
	b = append(b, "</Response>"...)
	return &Response{Status: e.Status, Header: header("text/xml", requestID), Body: b}
}
