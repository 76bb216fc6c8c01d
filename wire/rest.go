package wire

import (
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/model"
)

// The rest protocols: the operation and some of its members are in method, path,
// query string and headers; the rest is JSON (Writ's own service) or XML (S3).

// restRequest is where the members of an input may be.
type restRequest struct {
	labels map[string]string
	query  url.Values
	header http.Header
	body   node // what the body says, if it says more than one value
	raw    []byte
	form   *Form // nil if the operation takes none
}

// parser reads a body.
type parser func(op *model.Operation, p *plan, body []byte) (node, error)

// readREST lines the values up with the members, so that a member that is read
// from the path can not be had from the body.
func readREST(op *model.Operation, p *plan, req *Request, parse parser) (n node, err error) {
	r := restRequest{header: req.HTTP.Header, form: req.form}
	var ok bool
	if r.labels, ok = matchPath(op.URI, req.path()); !ok {
		return n, malformed("The path is not " + op.URI + ".")
	}
	if r.query, err = url.ParseQuery(req.HTTP.URL.RawQuery); err != nil {
		return n, malformed("The query string contains a syntax error.")
	}
	if p.stream < 0 {
		if r.raw, err = req.ReadBody(); err != nil {
			return n, err
		}
	}
	if len(r.raw) > 0 && readsTree(p) {
		if r.body, err = parse(op, p, r.raw); err != nil {
			return n, err
		}
	}
	n = node{kind: aligned, fields: make([]field, len(p.members))}
	for i := range p.members {
		n.fields[i].node = r.locate(p, i)
	}
	return n, nil
}

// readsTree says whether a member comes from a body that is a tree of values.
func readsTree(p *plan) bool {
	return slices.ContainsFunc(p.members, func(m bound) bool {
		return m.Location == "" && (m.Name != p.shape.Payload || !isScalar(m.Shape))
	})
}

func (r *restRequest) locate(p *plan, i int) node {
	m := &p.members[i]
	switch m.Location {
	case "uri":
		if text, ok := r.labels[m.wire]; ok {
			return node{kind: raw, text: text}
		}
		return node{}
	case "querystring":
		return rawValues(m.Shape, r.query[m.wire])
	case "header":
		return headerValues(m.Shape, r.header[m.header])
	case "headers":
		return prefixed(m.wire, r.header)
	case "form":
		return r.form.field(m.wire)
	case "fields":
		return r.form.all()
	}
	switch {
	case m.Streaming:
		return node{}
	case m.Name == p.shape.Payload && !isScalar(m.Shape):
		return r.body
	case m.Name == p.shape.Payload && len(r.raw) > 0:
		return node{kind: octets, text: string(r.raw)}
	}
	if value := r.body.member(i, m); value != nil {
		return *value
	}
	return node{}
}

// headerValues is rawValues for headers, of which those that hold a list are taken
// apart (RFC 9110, section 5.6.1). Most of those that there could be are not there.
func headerValues(s *model.Shape, values []string) node {
	if len(values) == 0 {
		return node{}
	}
	if s.Type != "list" {
		return rawValues(s, values)
	}
	var all []string
	for _, v := range values {
		for element := range strings.SplitSeq(v, ",") {
			all = append(all, strings.TrimSpace(element))
		}
	}
	return rawValues(s, all)
}

// rawValues makes a node of the values that stand under one name. Of a scalar
// there must be one: which of two counts should never matter.
func rawValues(s *model.Shape, values []string) node {
	switch {
	case len(values) == 0:
		return node{}
	case s.Type == "list":
		n := node{kind: list}
		for _, v := range values {
			n.fields = append(n.fields, field{node: node{kind: raw, text: v}})
		}
		return n
	case len(values) > 1:
		return node{kind: list}
	}
	return node{kind: raw, text: values[0]}
}

// prefixed makes a map of the headers whose names begin with prefix.
func prefixed(prefix string, h http.Header) node {
	n := node{kind: object}
	for name := range h {
		if len(name) > len(prefix) && strings.EqualFold(name[:len(prefix)], prefix) {
			n.fields = append(n.fields, field{strings.ToLower(name[len(prefix):]), node{kind: raw, text: h.Get(name)}})
		}
	}
	return n
}

// printer renders what of an output goes into the body: all of it, or the
// payload m if m is not nil.
type printer func(op *model.Operation, p *plan, m *bound, v reflect.Value) []byte

func writeREST(op *model.Operation, p *plan, out reflect.Value, r *Response, print printer) *Response {
	for i := range p.members {
		m := &p.members[i]
		f, ok := m.get(out)
		if !ok {
			continue
		}
		switch m.Location {
		case "header":
			r.Header[m.header] = []string{headerText(&m.Ref, f)}
		case "headers":
			for _, key := range f.MapKeys() {
				// (Not by Set: what a client reads back has no capitals.)
				r.Header[m.wire+key.String()] = []string{headerText(m.Shape.Value, f.MapIndex(key))}
			}
		case "statusCode":
			r.Status = int(f.Int())
		case "":
			if m.Name == p.shape.Payload {
				r.setPayload(op, m, f, print)
			}
		}
	}
	if p.shape.Payload == "" && op.Output != nil && readsTree(p) {
		r.Body = print(op, p, nil, out)
	}
	return r
}

// headerText keeps an answer's headers apart: no line breaks.
func headerText(r *model.Ref, v reflect.Value) string {
	if r.Shape.Type == "timestamp" {
		return string(appendTime(nil, outFormat(r, "rfc822"), instant(v)))
	}
	if r.Shape.Type == "string" {
		return strings.Map(func(c rune) rune {
			if c < ' ' || c == 0x7F {
				return ' '
			}
			return c
		}, v.String())
	}
	return string(appendXMLScalar(nil, r, v))
}

func (r *Response) setPayload(op *model.Operation, m *bound, v reflect.Value, print printer) {
	switch {
	case m.Streaming:
		r.setStream(v.Interface().(io.ReadCloser))
	case m.Shape.Type == "blob":
		r.Header.Set("Content-Type", "application/octet-stream")
		r.Body = v.Bytes()
	case m.Shape.Type == "string":
		r.Header.Set("Content-Type", "text/plain")
		r.Body = []byte(v.String())
	default:
		r.Body = print(op, m.plan, m, v)
	}
}

// setStream leaves the type of a body to the service, which says it with the
// other headers; one that is not said is unknown.
func (r *Response) setStream(stream io.ReadCloser) {
	r.Stream = stream
	if r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", "application/octet-stream")
	}
}

func readRESTJSON(op *model.Operation, p *plan, req *Request) (node, error) {
	return readREST(op, p, req, func(_ *model.Operation, _ *plan, body []byte) (node, error) { return parseJSON(body) })
}

func writeRESTJSON(op *model.Operation, p *plan, out reflect.Value, requestID string) *Response {
	r := &Response{Status: op.ResponseCode, Header: header("application/json", requestID)}
	return writeREST(op, p, out, r, func(_ *model.Operation, p *plan, m *bound, v reflect.Value) []byte {
		if m != nil {
			return clientStyle.value(nil, p, &m.Ref, v)
		}
		return clientStyle.object(make([]byte, 0, 1024), p, v)
	})
}

func failREST(route *Route, e *writ.Error, requestID string) *Response {
	r := &Response{Status: e.Status, Header: header("application/json", requestID), Body: appendErrorMembers([]byte{'{'}, route, e)}
	r.Header["X-Amzn-Errortype"] = []string{e.Code}
	return r
}

// matchPath matches a request's escaped path with the path of a template like
// /a/{B}/c, in which {B+} takes the rest with its slashes.
func matchPath(template, path string) (labels map[string]string, ok bool) {
	if !strings.HasPrefix(path, "/") {
		return nil, false
	}
	template, _, _ = strings.Cut(template, "?")
	labels = map[string]string{}
	for template != "" {
		var want, have string
		want, template = cutSegment(template)
		if name, greedy := strings.CutSuffix(want, "+}"); greedy {
			have, path = path, ""
			want = name + "}"
		} else {
			have, path = cutSegment(path)
		}
		if !matchSegment(want, have, labels) {
			return nil, false
		}
	}
	return labels, path == ""
}

// cutSegment splits "/a/b" into "a" and "/b".
func cutSegment(path string) (segment, rest string) {
	path = strings.TrimPrefix(path, "/")
	if i := strings.IndexByte(path, '/'); i >= 0 {
		return path[:i], path[i:]
	}
	return path, ""
}

func matchSegment(want, have string, labels map[string]string) bool {
	name, isLabel := strings.CutPrefix(want, "{")
	if !isLabel {
		return want == have
	}
	value, err := url.PathUnescape(strings.TrimPrefix(have, "/"))
	labels[strings.TrimSuffix(name, "}")] = value
	return err == nil && value != ""
}
