// Package model holds the models of AWS services as data: their operations,
// shapes, constraints, errors and paginators, and for each operation the rule
// by which it is authorized.
//
// Its one idea: whatever AWS says about its API is read from here and written
// down nowhere else. The codec in wire, the generated types in api, the
// authorization in authz and the routing in server all walk the same model.
//
// A service's data is three files under data/: <svc>.json is AWS's own model,
// <svc>.patch.json corrects it, each correction with its reason, and
// <svc>.authz.json says what each operation needs permission for. They are
// embedded, and decoded when a service is first asked for.
package model

import "slices"

// Service is the model of one service, decoded and patched. It is immutable.
type Service struct {
	Name       string // "iam": its data file, its api package, its prefix in `writ coverage`
	Metadata   Metadata
	Operations map[string]*Operation
	Shapes     map[string]*Shape
}

// Metadata is what a model says of its service as a whole.
type Metadata struct {
	APIVersion      string   `json:"apiVersion"`
	EndpointPrefix  string   `json:"endpointPrefix"`
	SigningName     string   `json:"signingName"` // in credential scopes; the endpoint prefix if the model has none
	Protocol        string   `json:"protocol"`    // query, json, rest-json, rest-xml, ec2
	JSONVersion     string   `json:"jsonVersion"` // 1.0 or 1.1
	TargetPrefix    string   `json:"targetPrefix"`
	XMLNamespace    string   `json:"xmlNamespace"`
	GlobalEndpoint  string   `json:"globalEndpoint"` // "" for regional services
	ServiceFullName string   `json:"serviceFullName"`
	ServiceID       string   `json:"serviceId"`
	Auth            []string `json:"auth"`
	// Anonymous says that every operation may be called without a signature, so
	// that policies alone decide.
	Anonymous bool `json:"anonymous"`
	// Faults is the error that tells of a broken constraint by its Reason, of
	// services that have one; "" for all others.
	Faults string `json:"faults"`
}

// complete fills in what a model leaves out.
func (m *Metadata) complete() {
	if m.SigningName == "" {
		m.SigningName = m.EndpointPrefix
	}
}

// Operation is one API method of a service. (What a policy allows is an Action;
// see Rule.)
type Operation struct {
	Service      *Service
	Name         string
	Method, URI  string // HTTP binding; URI may hold {Labels}
	ResponseCode int    // of success; 200 if the model does not say
	Input        *Shape // nil if the operation takes nothing
	Output       *Shape // nil if it returns nothing
	Wrapper      string // element around the output in the query protocol
	Element      string // root element of the output in the rest-xml protocol; "" if the model names none
	Errors       []*Shape
	Paginator    *Paginator // nil if the operation does not page
	Unsigned     bool       // needs no signature
	Deprecated   bool       // another operation has taken its place
	Cut          bool       // only the name is kept, see internal/gen/cut: it can't be served
	Rule         *Rule      // nil only if <svc>.authz.json has no entry: such an operation is never served
}

// TakesForm says whether the operation is called by the forms of browsers, which
// sign in fields of their own.
func (o *Operation) TakesForm() bool {
	return o.Input != nil && slices.ContainsFunc(o.Input.Members, func(m Member) bool { return m.Location == "form" })
}

// EventSource names the service in CloudTrail: "iam.amazonaws.com".
func (o *Operation) EventSource() string {
	return o.Service.Metadata.EndpointPrefix + ".amazonaws.com"
}

// Shape is one type of a model.
type Shape struct {
	Name      string
	Type      string   // structure, list, map, string, integer, long, float, double, boolean, timestamp, blob
	Members   []Member // of a structure, in the model's order
	Payload   string   // the member that is the body (rest protocols)
	Member    *Ref     // of a list
	Key       *Ref     // of a map
	Value     *Ref
	Flattened bool

	Min, Max        *float64 // length of strings, lists, maps and blobs; value of numbers
	Pattern         string   // as the model writes it, for messages
	Message         string   // what AWS says of a value outside Pattern, {member} for its name; "" for the usual text
	match           func() func(string) bool
	Enum            []string
	Sensitive       bool // neither in messages nor in events
	Unrecorded      bool // in messages, not in events
	Box             bool
	Union           bool
	Document        bool
	TimestampFormat string

	Exception bool
	Error     ErrorInfo // of exceptions
}

// Lookup returns the structure's member of that name, nil if there is none.
func (s *Shape) Lookup(name string) *Member {
	for i := range s.Members {
		if s.Members[i].Name == name {
			return &s.Members[i]
		}
	}
	return nil
}

// Ref is the use of a shape in another.
type Ref struct {
	Shape           *Shape
	Location        string // uri, querystring, header, headers, statusCode, form, fields; "" for the body
	LocationName    string // its name on the wire, "" for the member's own
	QueryName       string
	Flattened       bool
	Box             bool
	XMLAttribute    bool
	XMLNamespace    string
	TimestampFormat string
	Idempotency     bool // clients fill it in when the user did not
	Streaming       bool // of a payload: read or written as it comes, never held as a whole
}

// Member is a named Ref in a structure.
type Member struct {
	Ref
	Name     string
	Required bool
}

// ErrorInfo says how an exception looks on the wire.
type ErrorInfo struct {
	Code   string // "NoSuchEntity"; the shape's name if the model has none
	Status int    // 0 in the model means 400, or 500 if the fault is the server's
	Fault  bool
}

// Paginator is how an operation pages (paginators-1.json of the SDKs).
type Paginator struct {
	InputToken  NameList `json:"input_token"`
	OutputToken NameList `json:"output_token"`
	LimitKey    string   `json:"limit_key"`
	MoreResults string   `json:"more_results"`
	ResultKey   NameList `json:"result_key"`
}
