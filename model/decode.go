package model

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
)

// The types of this file are the JSON of a model as it lies on disk; link turns
// them into the linked types of model.go.

type fileModel struct {
	Metadata   Metadata                  `json:"metadata"`
	Operations map[string]*fileOperation `json:"operations"`
	Shapes     map[string]*fileShape     `json:"shapes"`
	Pagination map[string]*Paginator     `json:"pagination"`
}

type fileOperation struct {
	Name string `json:"name"`
	HTTP struct {
		Method       string `json:"method"`
		RequestURI   string `json:"requestUri"`
		ResponseCode int    `json:"responseCode"`
	} `json:"http"`
	Input    *fileRef   `json:"input"`
	Output   *fileRef   `json:"output"`
	Errors   []*fileRef `json:"errors"`
	AuthType string     `json:"authtype"`
	Cut      bool       `json:"cut"`
}

type fileRef struct {
	Shape           string          `json:"shape"`
	ResultWrapper   string          `json:"resultWrapper"`
	Location        string          `json:"location"`
	LocationName    string          `json:"locationName"`
	QueryName       string          `json:"queryName"`
	Flattened       bool            `json:"flattened"`
	Box             bool            `json:"box"`
	XMLAttribute    bool            `json:"xmlAttribute"`
	XMLNamespace    json.RawMessage `json:"xmlNamespace"`
	TimestampFormat string          `json:"timestampFormat"`
	Idempotency     bool            `json:"idempotencyToken"`
}

type fileShape struct {
	Type            string     `json:"type"`
	Members         memberList `json:"members"`
	Required        []string   `json:"required"`
	Payload         string     `json:"payload"`
	Member          *fileRef   `json:"member"`
	Key             *fileRef   `json:"key"`
	Value           *fileRef   `json:"value"`
	Flattened       bool       `json:"flattened"`
	Min             *float64   `json:"min"`
	Max             *float64   `json:"max"`
	Pattern         string     `json:"pattern"`
	RE2             string     `json:"re2"`     // the pattern in Go's syntax, where the two differ
	Message         string     `json:"message"` // AWS's own text for values outside the pattern
	Enum            []string   `json:"enum"`
	Sensitive       bool       `json:"sensitive"`
	Unrecorded      bool       `json:"unrecorded"` // of patches only
	Box             bool       `json:"box"`
	Union           bool       `json:"union"`
	Document        bool       `json:"document"`
	TimestampFormat string     `json:"timestampFormat"`
	Exception       bool       `json:"exception"`
	Fault           bool       `json:"fault"`
	Error           struct {
		Code   string `json:"code"`
		Status int    `json:"httpStatusCode"`
	} `json:"error"`
}

// memberList keeps the order of a structure's members, which a map would lose
// and on which query XML depends.
type memberList []fileMember

type fileMember struct {
	name string
	ref  *fileRef
}

func (l *memberList) UnmarshalJSON(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	if _, err := d.Token(); err != nil {
		return err
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		ref := new(fileRef)
		if err := d.Decode(ref); err != nil {
			return err
		}
		*l = append(*l, fileMember{name.(string), ref})
	}
	return nil
}

// NameList is a name or a list of names.
type NameList []string

// UnmarshalJSON accepts both forms.
func (n *NameList) UnmarshalJSON(data []byte) error {
	if data[0] == '[' {
		return json.Unmarshal(data, (*[]string)(n))
	}
	*n = NameList{""}
	return json.Unmarshal(data, &(*n)[0])
}

// linker resolves the names of one file's shapes.
type linker struct {
	file   *fileModel
	shapes map[string]*Shape
}

func link(name string, f *fileModel) (*Service, error) {
	l := &linker{file: f, shapes: make(map[string]*Shape, len(f.Shapes))}
	s := &Service{Name: name, Metadata: f.Metadata, Operations: make(map[string]*Operation, len(f.Operations)), Shapes: l.shapes}
	s.Metadata.complete()
	for n := range f.Shapes {
		l.shapes[n] = &Shape{Name: n}
	}
	for n, fs := range f.Shapes {
		if err := l.shape(l.shapes[n], fs); err != nil {
			return nil, fmt.Errorf("shape %s: %w", n, err)
		}
	}
	for n, fo := range f.Operations {
		op, err := l.operation(fo)
		if err != nil {
			return nil, fmt.Errorf("operation %s: %w", n, err)
		}
		op.Service, op.Paginator = s, f.Pagination[n]
		s.Operations[n] = op
	}
	return s, nil
}

func (l *linker) operation(f *fileOperation) (op *Operation, err error) {
	op = &Operation{Name: f.Name, Method: f.HTTP.Method, URI: f.HTTP.RequestURI, ResponseCode: f.HTTP.ResponseCode, Unsigned: f.AuthType == "none", Cut: f.Cut}
	if op.ResponseCode == 0 {
		op.ResponseCode = http.StatusOK
	}
	if op.Input, err = l.optional(f.Input); err != nil {
		return nil, err
	}
	if op.Output, err = l.optional(f.Output); err != nil {
		return nil, err
	}
	if f.Output != nil {
		op.Wrapper = f.Output.ResultWrapper
	}
	for _, e := range f.Errors {
		shape, err := l.optional(e)
		if err != nil {
			return nil, err
		}
		op.Errors = append(op.Errors, shape)
	}
	return op, nil
}

func (l *linker) optional(f *fileRef) (*Shape, error) {
	if f == nil {
		return nil, nil
	}
	r, err := l.ref(f)
	if err != nil {
		return nil, err
	}
	return r.Shape, nil
}

func (l *linker) ref(f *fileRef) (*Ref, error) {
	if f == nil {
		return nil, nil
	}
	s, ok := l.shapes[f.Shape]
	if !ok {
		return nil, fmt.Errorf("no shape %q", f.Shape)
	}
	r := &Ref{Shape: s, Location: f.Location, LocationName: f.LocationName, QueryName: f.QueryName, Flattened: f.Flattened,
		Box: f.Box, XMLAttribute: f.XMLAttribute, TimestampFormat: f.TimestampFormat, Idempotency: f.Idempotency}
	r.XMLNamespace = namespace(f.XMLNamespace)
	return r, nil
}

// namespace reads an xmlNamespace, which is a URI or an object that holds one.
func namespace(raw json.RawMessage) string {
	var uri string
	var object struct{ URI string }
	if json.Unmarshal(raw, &uri) != nil && json.Unmarshal(raw, &object) == nil {
		uri = object.URI
	}
	return uri
}

func (l *linker) shape(s *Shape, f *fileShape) (err error) {
	s.Type, s.Payload, s.Flattened = f.Type, f.Payload, f.Flattened
	s.Min, s.Max, s.Enum = f.Min, f.Max, f.Enum
	s.Unrecorded = f.Unrecorded
	s.Sensitive, s.Box, s.Union, s.Document = f.Sensitive, f.Box, f.Union, f.Document
	s.TimestampFormat = f.TimestampFormat
	if f.Exception {
		s.Exception, s.Error = true, errorInfo(s.Name, f)
	}
	s.setPattern(f.Pattern, f.RE2)
	s.Message = f.Message
	if s.Member, err = l.ref(f.Member); err != nil {
		return err
	}
	if s.Key, err = l.ref(f.Key); err != nil {
		return err
	}
	if s.Value, err = l.ref(f.Value); err != nil {
		return err
	}
	return l.members(s, f)
}

func (l *linker) members(s *Shape, f *fileShape) error {
	for _, m := range f.Members {
		r, err := l.ref(m.ref)
		if err != nil {
			return err
		}
		s.Members = append(s.Members, Member{Ref: *r, Name: m.name})
	}
	for _, name := range f.Required {
		m := s.Lookup(name)
		if m == nil {
			return fmt.Errorf("required member %q does not exist", name)
		}
		m.Required = true
	}
	return nil
}

func errorInfo(name string, f *fileShape) ErrorInfo {
	e := ErrorInfo{Code: f.Error.Code, Status: f.Error.Status, Fault: f.Fault}
	if e.Code == "" {
		e.Code = name
	}
	if e.Status == 0 {
		e.Status = http.StatusBadRequest
		if e.Fault {
			e.Status = http.StatusInternalServerError
		}
	}
	return e
}
