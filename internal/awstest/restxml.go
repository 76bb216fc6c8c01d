package awstest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/writ-iam/writ/model"
)

// encodeRESTXML puts members where the model has them: into path, query string,
// headers, and what is left as XML into the body.
func encodeRESTXML(op *model.Operation, params map[string]any) (*http.Request, []byte, error) {
	path, literal, _ := strings.Cut(op.URI, "?")
	query, _ := url.ParseQuery(literal)
	header := http.Header{}
	var body []byte
	for i := range op.Input.Members {
		m := &op.Input.Members[i]
		v, ok := params[m.Name]
		switch {
		case !ok:
		case m.Location == "uri":
			path = strings.ReplaceAll(path, "{"+m.LocationName+"}", url.PathEscape(fmt.Sprint(v)))
			path = strings.ReplaceAll(path, "{"+m.LocationName+"+}", (&url.URL{Path: fmt.Sprint(v)}).EscapedPath())
		case m.Location == "querystring":
			query.Set(m.LocationName, fmt.Sprint(v))
		case m.Location == "headers":
			for key, value := range v.(map[string]any) {
				header.Set(m.LocationName+key, fmt.Sprint(value))
			}
		case m.Location == "header":
			header.Set(m.LocationName, headerValue(m.Shape, v))
		default:
			body = payload(m, v)
		}
	}
	target := "http://localhost" + path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	r := httptest.NewRequest(op.Method, target, bytes.NewReader(body))
	if body != nil {
		header.Set("Content-Length", strconv.Itoa(len(body)))
	}
	r.Header = header
	return r, body, nil
}

func headerValue(shape *model.Shape, v any) string {
	if shape.Type == "timestamp" {
		if t, err := time.Parse(time.RFC3339, fmt.Sprint(v)); err == nil {
			return t.UTC().Format(http.TimeFormat)
		}
	}
	if list, ok := v.([]any); ok {
		texts := make([]string, len(list))
		for i := range list {
			texts[i] = fmt.Sprint(list[i])
		}
		return strings.Join(texts, ",")
	}
	return fmt.Sprint(v)
}

func payload(m *model.Member, v any) []byte {
	if m.Shape.Type == "blob" || m.Shape.Type == "string" {
		return []byte(fmt.Sprint(v))
	}
	var b bytes.Buffer
	name := m.LocationName
	if name == "" {
		name = m.Shape.Name
	}
	element(&b, name, &m.Ref, v)
	return b.Bytes()
}

// element writes one value under a name.
func element(b *bytes.Buffer, name string, r *model.Ref, v any) {
	switch v := v.(type) {
	case map[string]any:
		fmt.Fprintf(b, "<%s%s>", name, attributes(r.Shape, v))
		for i := range r.Shape.Members {
			m := &r.Shape.Members[i]
			if member, ok := v[m.Name]; ok && !m.XMLAttribute {
				element(b, wireName(m), &m.Ref, member)
			}
		}
		fmt.Fprintf(b, "</%s>", name)
	case []any:
		wrapped := !r.Flattened && !r.Shape.Flattened
		each := name
		if wrapped {
			fmt.Fprintf(b, "<%s>", name)
			each = elementName(r.Shape.Member)
		}
		for _, item := range v {
			element(b, each, r.Shape.Member, item)
		}
		if wrapped {
			fmt.Fprintf(b, "</%s>", name)
		}
	default:
		fmt.Fprintf(b, "<%s>", name)
		xml.EscapeText(b, []byte(fmt.Sprint(v)))
		fmt.Fprintf(b, "</%s>", name)
	}
}

func attributes(shape *model.Shape, v map[string]any) (text string) {
	for i := range shape.Members {
		if m := &shape.Members[i]; m.XMLAttribute && v[m.Name] != nil {
			text += fmt.Sprintf(` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" %s="%v"`, m.LocationName, v[m.Name])
		}
	}
	return text
}

func wireName(m *model.Member) string {
	if (m.Flattened || m.Shape.Flattened) && m.Shape.Type == "list" && m.Shape.Member.LocationName != "" {
		return m.Shape.Member.LocationName
	}
	if m.LocationName != "" {
		return m.LocationName
	}
	return m.Name
}

func elementName(r *model.Ref) string {
	if r.LocationName != "" {
		return r.LocationName
	}
	return "member"
}

// decodeRESTXML shows an answer's headers and body together; a body of bytes is
// shown as text.
func decodeRESTXML(op *model.Operation, r *http.Response) (map[string]any, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if r.StatusCode >= 300 {
		return nil, failureS3(op, r, body)
	}
	out := map[string]any{}
	if op.Output == nil {
		return out, nil
	}
	for i := range op.Output.Members {
		m := &op.Output.Members[i]
		switch text := r.Header.Get(m.LocationName); {
		case m.Location == "header" && text != "":
			out[m.Name] = scalarOf(m.Shape, text)
		case m.Location == "headers":
			out[m.Name] = prefixed(r.Header, m.LocationName)
		}
	}
	return out, decodeBody(op, body, out)
}

func decodeBody(op *model.Operation, body []byte, out map[string]any) error {
	if p := op.Output.Lookup(op.Output.Payload); p != nil && (p.Shape.Type == "blob" || p.Shape.Type == "string") {
		out[p.Name] = asDocument(p.Shape, string(body))
		return nil
	}
	if len(body) == 0 {
		return nil
	}
	var root node
	if err := xml.NewDecoder(bytes.NewReader(body)).Decode(&root); err != nil {
		return fmt.Errorf("awstest: %w in %s", err, body)
	}
	if p := op.Output.Lookup(op.Output.Payload); p != nil {
		out[p.Name] = valueXML(&p.Ref, []*node{&root})
		return nil
	}
	maps.Copy(out, structureXML(op.Output, &root))
	return nil
}

// asDocument shows a policy as the JSON that it is.
func asDocument(shape *model.Shape, text string) any {
	var doc any
	if shape.Name == "Policy" && json.Unmarshal([]byte(text), &doc) == nil {
		return doc
	}
	return text
}

func failureS3(op *model.Operation, r *http.Response, body []byte) error {
	f := &Failure{Status: r.StatusCode, RequestID: r.Header.Get("X-Amz-Request-Id")}
	if op.Method == http.MethodHead || len(body) == 0 {
		f.Code, f.Message = fmt.Sprint(r.StatusCode), http.StatusText(r.StatusCode)
		return f
	}
	var root node
	if err := xml.NewDecoder(bytes.NewReader(body)).Decode(&root); err != nil {
		return errors.New("awstest: no <Error> in " + string(body))
	}
	f.Code, f.Message = root.text("Code"), root.text("Message")
	return f
}

func prefixed(h http.Header, prefix string) map[string]any {
	all := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(h)) {
		if key, ok := strings.CutPrefix(strings.ToLower(name), prefix); ok {
			all[key] = h[name][0]
		}
	}
	return all
}

func structureXML(shape *model.Shape, n *node) map[string]any {
	all := map[string]any{}
	for i := range shape.Members {
		m := &shape.Members[i]
		if found := n.all(wireName(m)); len(found) > 0 && m.Location == "" {
			all[m.Name] = valueXML(&m.Ref, found)
		}
		if m.XMLAttribute {
			all[m.Name] = n.attribute(m.LocationName)
		}
	}
	return all
}

// valueXML turns the elements of one name into what encoding/json would make of
// them; there is more than one for flattened lists alone.
func valueXML(r *model.Ref, found []*node) any {
	switch r.Shape.Type {
	case "structure":
		return structureXML(r.Shape, found[0])
	case "list":
		if !r.Flattened && !r.Shape.Flattened {
			found = found[0].all(elementName(r.Shape.Member))
		}
		list := []any{}
		for _, n := range found {
			list = append(list, valueXML(r.Shape.Member, []*node{n}))
		}
		return list
	}
	return scalarOf(r.Shape, found[0].Text)
}

// attribute finds an attribute by its name, whatever stands for its namespace.
func (n *node) attribute(name string) string {
	_, local, _ := strings.Cut(name, ":")
	for _, a := range n.Attrs {
		if a.Name.Local == local && a.Name.Space == "http://www.w3.org/2001/XMLSchema-instance" {
			return a.Value
		}
	}
	return ""
}

func (n *node) all(name string) (found []*node) {
	for i := range n.Children {
		if n.Children[i].XMLName.Local == name {
			found = append(found, &n.Children[i])
		}
	}
	return found
}

func scalarOf(shape *model.Shape, text string) any {
	switch shape.Type {
	case "boolean":
		return text == "true"
	case "integer", "long", "float", "double":
		return json.Number(text)
	case "blob":
		if raw, err := base64.StdEncoding.DecodeString(text); err == nil {
			return string(raw)
		}
	}
	return text
}
