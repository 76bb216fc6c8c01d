package awstest

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/writ-iam/writ/model"
)

// Failure is an error that the server answered with.
type Failure struct {
	Status    int
	Code      string
	Message   string
	Reason    string // "" for errors that have none
	RequestID string
}

func (f *Failure) Error() string {
	if f.Reason != "" {
		return f.Code + ": " + f.Message + " Reason: " + f.Reason
	}
	return f.Code + ": " + f.Message
}

// decode reads an answer as the AWS CLI shows it: JSON by the members' names.
func decode(op *model.Operation, r *http.Response) (map[string]any, error) {
	if op.Service.Metadata.Protocol == "rest-xml" {
		return decodeRESTXML(op, r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if op.Service.Metadata.Protocol == "query" {
		return decodeXML(op, r, body)
	}
	if op.Service.Metadata.Protocol == "ec2" {
		return decodeEC2(op, r, body)
	}
	return decodeJSON(r, body)
}

func decodeJSON(r *http.Response, body []byte) (map[string]any, error) {
	out := map[string]any{}
	if len(body) > 0 {
		if err := json.Unmarshal(body, &out); err != nil {
			return nil, fmt.Errorf("awstest: %w in %s", err, body)
		}
	}
	if r.StatusCode < 300 {
		return out, nil
	}
	f := &Failure{Status: r.StatusCode, RequestID: r.Header.Get("X-Amzn-Requestid")}
	f.Code, _ = out["__type"].(string)
	if f.Code == "" {
		f.Code = r.Header.Get("X-Amzn-Errortype")
	}
	f.Code = f.Code[strings.LastIndexByte(f.Code, '#')+1:]
	f.Message, _ = out["message"].(string)
	if f.Message == "" {
		f.Message, _ = out["Message"].(string)
	}
	f.Reason, _ = out["Reason"].(string)
	return nil, f
}

// node is an XML element with what is in it.
type node struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []node     `xml:",any"`
}

func (n *node) child(name string) *node {
	for i := range n.Children {
		if n.Children[i].XMLName.Local == name {
			return &n.Children[i]
		}
	}
	return nil
}

func (n *node) text(name string) string {
	if c := n.child(name); c != nil {
		return c.Text
	}
	return ""
}

func decodeXML(op *model.Operation, r *http.Response, body []byte) (map[string]any, error) {
	var root node
	if err := xml.NewDecoder(bytes.NewReader(body)).Decode(&root); err != nil {
		return nil, fmt.Errorf("awstest: %w in %s", err, body)
	}
	if r.StatusCode >= 300 {
		e := root.child("Error")
		if e == nil {
			return nil, errors.New("awstest: no <Error> in " + string(body))
		}
		return nil, &Failure{Status: r.StatusCode, Code: e.text("Code"), Message: e.text("Message"), RequestID: root.text("RequestId")}
	}
	if op.Output == nil || op.Wrapper == "" {
		return map[string]any{}, nil
	}
	result := root.child(op.Wrapper)
	if result == nil {
		return nil, errors.New("awstest: no <" + op.Wrapper + "> in " + string(body))
	}
	out, _ := value(op.Output, result).(map[string]any)
	return out, nil
}

// value turns an element into what encoding/json would make of it.
func value(shape *model.Shape, n *node) any {
	switch shape.Type {
	case "structure":
		return structure(shape, n)
	case "list":
		all := []any{}
		for i := range n.Children {
			all = append(all, value(shape.Member.Shape, &n.Children[i]))
		}
		return all
	case "map":
		all := map[string]any{}
		for i := range n.Children {
			entry := &n.Children[i]
			all[entry.text("key")] = value(shape.Value.Shape, entry.child("value"))
		}
		return all
	case "boolean":
		return n.Text == "true"
	case "integer", "long", "float", "double":
		return json.Number(n.Text)
	case "blob":
		return blob(n.Text)
	}
	return document(shape, n.Text)
}

// blob is shown as text if it is one, else in base64.
func blob(encoded string) string {
	if raw, err := base64.StdEncoding.DecodeString(encoded); err == nil && utf8.Valid(raw) {
		return string(raw)
	}
	return encoded
}

func structure(shape *model.Shape, n *node) map[string]any {
	all := map[string]any{}
	for _, m := range shape.Members {
		if c := n.child(cmp.Or(m.LocationName, m.Name)); c != nil {
			all[m.Name] = value(m.Shape, c)
		}
	}
	return all
}

// document shows policy documents, which IAM answers URL-encoded, as JSON, like
// the AWS CLI does.
func document(shape *model.Shape, text string) any {
	if shape.Name != "policyDocumentType" {
		return text
	}
	plain, err := url.QueryUnescape(text)
	var doc any
	if err != nil || json.Unmarshal([]byte(plain), &doc) != nil {
		return text
	}
	return doc
}

// pick follows a path like .Users[0].Arn into an output.
func pick(out any, path string) (string, error) {
	for _, step := range strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' }) {
		switch v := out.(type) {
		case map[string]any:
			out = v[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(v) {
				return "", fmt.Errorf("awstest: no element %s in %v", step, v)
			}
			out = v[i]
		default:
			return "", fmt.Errorf("awstest: no %s at %q", step, path)
		}
	}
	if out == nil {
		return "", fmt.Errorf("awstest: nothing at %q", path)
	}
	return fmt.Sprint(out), nil
}
