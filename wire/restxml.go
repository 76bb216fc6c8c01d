package wire

import (
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/model"
)

// The rest-xml protocol (S3). Many of its operations share a method and a path:
// each demands something more of the request, a query parameter or a header.

// findDemanding finds the operation that demands the most of all that fit, so
// that PUT /bucket/key?partNumber=1&uploadId=x is UploadPart and not PutObject.
func findDemanding(s *model.Service, req *Request) (best *model.Operation, err error) {
	query, err := url.ParseQuery(req.HTTP.URL.RawQuery)
	if path, unescape := url.PathUnescape(req.path()); err != nil || unescape != nil || !utf8.ValidString(path) {
		return nil, writ.Errorf(http.StatusBadRequest, "InvalidURI", "Couldn't parse the specified URI.")
	}
	for _, d := range demandsOf(s)[req.HTTP.Method] {
		if !d.met(query, req.HTTP.Header) {
			continue
		}
		if _, ok := matchPath(d.op.URI, req.path()); ok {
			return d.op, known(d, query)
		}
	}
	return nil, writ.Errorf(http.StatusMethodNotAllowed, "MethodNotAllowed", "The specified method is not allowed against this resource.")
}

// demanding is an operation with what it wants of query string and headers.
type demanding struct {
	op      *model.Operation
	literal []param  // of the query string; with any value if it is ""
	query   []string // parameters that have to be there
	header  []string // in canonical form
}

func (d *demanding) count() int { return len(d.literal) + len(d.query) + len(d.header) }

// met says whether a request has all of it.
func (d *demanding) met(query url.Values, h http.Header) bool {
	return !slices.ContainsFunc(d.literal, func(p param) bool { return !query.Has(p.name) || p.value != "" && query.Get(p.name) != p.value }) &&
		!slices.ContainsFunc(d.query, func(name string) bool { return !query.Has(name) }) &&
		!slices.ContainsFunc(d.header, func(name string) bool { return len(h[name]) == 0 || h[name][0] == "" })
}

// names says whether a parameter is among the literal ones.
func (d *demanding) names(parameter string) bool {
	return slices.ContainsFunc(d.literal, func(p param) bool { return p.name == parameter })
}

var demands sync.Map // *model.Service to map[string][]*demanding, by method

// demandsOf are the operations of a service by method, those that demand the most
// first, of equals in the order of names.
func demandsOf(s *model.Service) map[string][]*demanding {
	if made, ok := demands.Load(s); ok {
		return made.(map[string][]*demanding)
	}
	all := map[string][]*demanding{}
	for _, name := range slices.Sorted(maps.Keys(s.Operations)) {
		if op := s.Operations[name]; !op.Deprecated {
			all[op.Method] = append(all[op.Method], newDemanding(op))
		}
	}
	for _, some := range all {
		slices.SortStableFunc(some, func(a, b *demanding) int { return b.count() - a.count() })
	}
	demands.Store(s, all)
	return all
}

func newDemanding(op *model.Operation) *demanding {
	_, literal, _ := strings.Cut(op.URI, "?")
	d := &demanding{op: op}
	d.literal, _ = appendParams(nil, literal)
	for i := range op.Input.Members {
		m := &op.Input.Members[i]
		switch {
		case !m.Required:
		case m.Location == "querystring":
			d.query = append(d.query, m.LocationName)
		case m.Location == "header":
			d.header = append(d.header, http.CanonicalHeaderKey(m.LocationName))
		}
	}
	return d
}

// known refuses sub-resources that no operation has: what is asked of
// /bucket?something must not be done to the bucket itself. Parameters with
// values are ignored, as S3 does.
func known(d *demanding, query url.Values) error {
	for name, values := range query {
		if values[0] != "" || d.names(name) || isParameter(d.op, name) {
			continue
		}
		return writ.NotImplemented("A parameter you provided implies functionality that is not implemented: %s", name)
	}
	return nil
}

func isParameter(op *model.Operation, name string) bool {
	return strings.HasPrefix(strings.ToLower(name), "x-") || slices.ContainsFunc(op.Input.Members, func(m model.Member) bool {
		return m.Location == "querystring" && m.LocationName == name
	})
}

// unreadableArgument is the error of a parameter or header that can't be read: it
// has nothing to do with XML.
func unreadableArgument(m *bound, text string) error {
	if m.Shape.Type == "integer" || m.Shape.Type == "long" {
		text = "Provided " + m.wire + " not an integer or within integer range"
	}
	e := writ.Errorf(http.StatusBadRequest, "InvalidArgument", "%s", text)
	e.Fields = map[string]any{"ArgumentName": m.wire}
	return e
}

func readRESTXML(op *model.Operation, p *plan, req *Request) (node, error) {
	return readREST(op, p, req, func(op *model.Operation, p *plan, body []byte) (n node, err error) {
		if err := checkDigests(req.HTTP.Header, body); err != nil {
			return n, err
		}
		return parseXML(body)
	})
}

func writeRESTXML(op *model.Operation, p *plan, out reflect.Value, requestID string) *Response {
	r := writeREST(op, p, out, &Response{Status: op.ResponseCode, Header: headerS3(requestID)}, printXML)
	if r.Body != nil && r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", "application/xml")
	}
	if r.Header.Get("Content-Range") != "" {
		r.Status = http.StatusPartialContent // RFC 9110, section 15.3.7
	}
	return r
}

const declaration = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

func printXML(op *model.Operation, p *plan, m *bound, v reflect.Value) []byte {
	name := op.Element
	switch {
	case m != nil && m.LocationName != "":
		name = m.LocationName
	case m != nil:
		name = m.Shape.Name
	case name == "":
		name = op.Name + "Result"
	}
	b := append(make([]byte, 0, 1024), declaration...)
	b = append(b, '<')
	b = append(b, name...)
	b = append(b, ` xmlns="http://s3.amazonaws.com/doc/2006-03-01/">`...)
	b = appendMembers(b, p, v)
	return closeXML(b, name)
}

// failRESTXML tells every field of an error, as S3 does: the name of the
// bucket, the key that is not there.
func failRESTXML(_ *Route, e *writ.Error, requestID string) *Response {
	r := &Response{Status: e.Status, Header: headerS3(requestID)}
	if e.Status == http.StatusNotModified {
		return r
	}
	code, message := e.Code, e.Message
	if code == "InternalFailure" {
		code, message = "InternalError", "We encountered an internal error. Please try again."
	}
	b := append([]byte(declaration), "<Error>"...)
	b = appendElement(b, "Code", code)
	b = appendElement(b, "Message", message)
	for _, name := range slices.Sorted(maps.Keys(e.Fields)) {
		if text, ok := e.Fields[name].(string); ok {
			b = appendElement(b, name, text)
		}
	}
	b = appendElement(b, "RequestId", requestID)
	b = appendElement(b, "HostId", requestID)
	r.Body = append(b, "</Error>"...)
	r.Header.Set("Content-Type", "application/xml")
	return r
}

// headerS3 makes the headers that every answer of S3 has.
func headerS3(requestID string) http.Header {
	return http.Header{"X-Amz-Request-Id": {requestID}, "X-Amz-Id-2": {requestID}}
}
