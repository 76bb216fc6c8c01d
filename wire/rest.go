package wire

import (
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/model"
)

// The rest-json protocol (Writ's own service): the operation and some of its
// members are in method, path, query string and headers; the rest is JSON.

// restRequest is where the members of an input may be.
type restRequest struct {
	labels map[string]string
	query  url.Values
	header http.Header
	body   node // of a JSON body
	raw    []byte
}

// readREST lines the values up with the members, so that a member that is read
// from the path can not be had from the body.
func readREST(op *model.Operation, p *plan, req *Request) (n node, err error) {
	r := restRequest{header: req.HTTP.Header, raw: req.Body}
	var ok bool
	if r.labels, ok = matchPath(op.URI, req.HTTP.URL.EscapedPath()); !ok {
		return n, malformed("The path is not " + op.URI + ".")
	}
	if r.query, err = url.ParseQuery(req.HTTP.URL.RawQuery); err != nil {
		return n, malformed("The query string contains a syntax error.")
	}
	if len(req.Body) > 0 && readsJSON(p) {
		if r.body, err = parseJSON(req.Body); err != nil {
			return n, err
		}
	}
	n = node{kind: aligned, fields: make([]field, len(p.members))}
	for i := range p.members {
		n.fields[i].node = r.locate(p, i)
	}
	return n, nil
}

// readsJSON says whether a member comes from a JSON body.
func readsJSON(p *plan) bool {
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
		return rawValues(m.Shape, r.header.Values(m.wire))
	case "headers":
		return prefixed(m.wire, r.header)
	}
	switch {
	case m.Name == p.shape.Payload && !isScalar(m.Shape):
		return r.body
	case m.Name == p.shape.Payload && len(r.raw) > 0:
		return node{kind: octets, text: string(r.raw)}
	}
	if value := r.body.find(i, m.wire); value != nil {
		return *value
	}
	return node{}
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

func writeREST(op *model.Operation, p *plan, out reflect.Value, requestID string) *Response {
	r := &Response{op.ResponseCode, header("application/json", requestID), nil}
	payload := false
	for i := range p.members {
		m := &p.members[i]
		f, ok := m.get(out)
		if payload = payload || m.Name == p.shape.Payload; !ok {
			continue
		}
		switch m.Location {
		case "header":
			r.Header.Set(m.wire, headerText(&m.Ref, f))
		case "headers":
			for _, key := range f.MapKeys() {
				r.Header.Set(m.wire+key.String(), headerText(m.Shape.Value, f.MapIndex(key)))
			}
		case "statusCode":
			r.Status = int(f.Int())
		case "":
			if m.Name == p.shape.Payload {
				r.Body = appendPayload(r.Header, m, f)
			}
		}
	}
	if !payload && op.Output != nil {
		r.Body = clientStyle.object(make([]byte, 0, 1024), p, out)
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

func appendPayload(h http.Header, m *bound, v reflect.Value) []byte {
	switch m.Shape.Type {
	case "blob":
		h.Set("Content-Type", "application/octet-stream")
		return v.Bytes()
	case "string":
		h.Set("Content-Type", "text/plain")
		return []byte(v.String())
	}
	return clientStyle.value(nil, m.plan, &m.Ref, v)
}

func failREST(route *Route, e *writ.Error, requestID string) *Response {
	r := &Response{e.Status, header("application/json", requestID), appendErrorMembers([]byte{'{'}, route, e)}
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
