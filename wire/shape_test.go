package wire

import (
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/model"
)

// The shapes of this file have what the protocols know and no embedded model
// uses yet: flattened lists and maps, other names, members in headers, payloads.

func shape(typ string) *model.Shape { return &model.Shape{Name: typ, Type: typ} }

func ref(s *model.Shape, change ...func(*model.Ref)) *model.Ref {
	r := &model.Ref{Shape: s}
	for _, f := range change {
		f(r)
	}
	return r
}

func named(name string) func(*model.Ref) { return func(r *model.Ref) { r.LocationName = name } }
func flat(r *model.Ref)                  { r.Flattened = true }
func format(f string) func(*model.Ref)   { return func(r *model.Ref) { r.TimestampFormat = f } }
func in(where, name string) func(*model.Ref) {
	return func(r *model.Ref) { r.Location, r.LocationName = where, name }
}

func listOf(member *model.Ref) *model.Shape {
	return &model.Shape{Name: "L", Type: "list", Member: member}
}

func mapOf(key, value *model.Ref) *model.Shape {
	return &model.Shape{Name: "M", Type: "map", Key: key, Value: value}
}

func structure(members ...model.Member) *model.Shape {
	return &model.Shape{Name: "S", Type: "structure", Members: members}
}

func member(name string, r *model.Ref) model.Member { return model.Member{Ref: *r, Name: name} }

func madeUp(protocol string, in, out *model.Shape) *model.Operation {
	s := &model.Service{Metadata: model.Metadata{Protocol: protocol, XMLNamespace: "urn:x"}, Shapes: map[string]*model.Shape{}}
	return &model.Operation{Service: s, Name: "Do", Method: "POST", URI: "/things/{Name}/{Rest+}", ResponseCode: 200, Input: in, Output: out}
}

type oddities struct {
	Flat    []string
	Named   []string
	Counts  map[string]int
	Ratio   *float64
	Data    []byte
	Big     *int64
	Seconds *time.Time
	Mail    *time.Time
	FlatMap map[string]string
}

func odd() *model.Shape {
	return structure(
		member("Flat", ref(listOf(ref(shape("string"), named("Item"))), flat)),
		member("Named", ref(listOf(ref(shape("string"), named("Entry"))), named("Renamed"))),
		member("Counts", ref(mapOf(ref(shape("string"), named("Name")), ref(shape("integer"), named("Count"))))),
		member("Ratio", ref(shape("double"))),
		member("Data", ref(shape("blob"))),
		member("Big", ref(shape("long"))),
		member("Seconds", ref(shape("timestamp"), format("unixTimestamp"))),
		member("Mail", ref(shape("timestamp"), format("rfc822"))),
		member("FlatMap", ref(mapOf(ref(shape("string")), ref(shape("string"))), flat)),
	)
}

func oddValue() *oddities {
	return &oddities{Flat: []string{"a", "b"}, Named: []string{"c"}, Counts: map[string]int{"x": 1, "y": -2}, Ratio: new(0.25),
		Data: []byte{0xFF, 0}, Big: new(int64(1) << 40), Seconds: new(moment.Add(500 * time.Millisecond)), Mail: new(moment), FlatMap: map[string]string{"k": "v"}}
}

func TestQueryOddities(t *testing.T) {
	op := madeUp("query", odd(), odd())
	req := form(t, "Item.1=a&Item.2=b&Renamed.Entry.1=c&Counts.entry.1.Name=x&Counts.entry.1.Count=1&Counts.entry.2.Name=y&Counts.entry.2.Count=-2"+
		"&Ratio=0.25&Data=%2FwA%3D&Big=1099511627776&Seconds=1767323045.5&Mail=Fri%2C+02+Jan+2026+03%3A04%3A05+GMT&FlatMap.1.key=k&FlatMap.1.value=v")
	var got oddities
	if err := Decode(op, req, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(*oddValue(), got); diff != "" {
		t.Errorf("input (-want +got)\n%s", diff)
	}
	want := `<DoResponse xmlns="urn:x"><Item>a</Item><Item>b</Item><Renamed><Entry>c</Entry></Renamed>` +
		`<Counts><entry><Name>x</Name><Count>1</Count></entry><entry><Name>y</Name><Count>-2</Count></entry></Counts>` +
		`<Ratio>0.25</Ratio><Data>/wA=</Data><Big>1099511627776</Big><Seconds>1767323045.500</Seconds><Mail>Fri, 02 Jan 2026 03:04:05 GMT</Mail>` +
		`<FlatMap><key>k</key><value>v</value></FlatMap><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></DoResponse>`
	if got := string(Encode(op, oddValue(), "id").Body); got != want {
		t.Errorf("output\n got %s\nwant %s", got, want)
	}
}

func TestJSONOddities(t *testing.T) {
	op := madeUp("json", odd(), odd())
	const text = `{"Item":["a","b"],"Renamed":["c"],"Counts":{"x":1,"y":-2},"Ratio":0.25,"Data":"/wA=","Big":1099511627776,` +
		`"Seconds":1767323045.500,"Mail":"Fri, 02 Jan 2026 03:04:05 GMT","FlatMap":{"k":"v"}}`
	var got oddities
	if err := Decode(op, received(t, "POST", "/", text), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(*oddValue(), got); diff != "" {
		t.Errorf("input (-want +got)\n%s", diff)
	}
	if got := string(Encode(op, oddValue(), "id").Body); got != text {
		t.Errorf("output\n got %s\nwant %s", got, text)
	}
	events := `{"flat":["a","b"],"named":["c"],"counts":{"x":1,"y":-2},"ratio":0.25,"data":"/wA=","big":1099511627776,` +
		`"seconds":"Jan 2, 2026 3:04:05 AM","mail":"Jan 2, 2026 3:04:05 AM","flatMap":{"k":"v"}}`
	if got := string(Parameters(op.Input, oddValue())); got != events {
		t.Errorf("event\n got %s\nwant %s", got, events)
	}
}

func TestMapConstraints(t *testing.T) {
	bounded := &model.Shape{Name: "B", Type: "string", Max: new(3.0)}
	op := madeUp("json", structure(member("Names", ref(mapOf(ref(bounded), ref(bounded))))), nil)
	const at = "' at 'names' failed to satisfy constraint: Map "
	for body, want := range map[string]string{
		`{"Names": {"long": "v", "k": "v"}}`: "400 ValidationException: 1 validation error detected: Value '{k=v, long=v}" + at + "keys must satisfy constraint: [Member must have length less than or equal to 3]",
		`{"Names": {"k": "long"}}`:           "400 ValidationException: 1 validation error detected: Value '{k=long}" + at + "value must satisfy constraint: [Member must have length less than or equal to 3]",
		`{"Names": {"k": null}}`:             "400 ValidationException: 1 validation error detected: Value null at 'names.k.member' failed to satisfy constraint: Member must not be null",
		`{"Names": {"k": {}}}`:               "400 SerializationException: Start of structure or map found where not expected.",
		`{"Names": []}`:                      "400 SerializationException: Start of list found where not expected",
		`{"Names": 1}`:                       "400 SerializationException: Expected null",
		`{"Names": {"k": "v"}}`:              `{"names":{"k":"v"}}`,
	} {
		if got := decoded(op, received(t, "POST", "/", body)); got != want {
			t.Errorf("%s\n got %s\nwant %s", body, got, want)
		}
	}
	op = madeUp("query", op.Input, nil)
	for body, want := range map[string]string{
		"Names=":              `{"names":{}}`,
		"Names.entry.1.key=k": "400 MalformedInput: An entry of a map has no key or no value.",
		"Names.entry.1.key=k&Names.entry.1.value=v&Names.entry.2.key=k&Names.entry.2.value=v": "400 MalformedInput: A map has the key k more than once.",
	} {
		if got := decoded(op, form(t, body)); got != want {
			t.Errorf("%s\n got %s\nwant %s", body, got, want)
		}
	}
}

func TestNothingSecretIsShown(t *testing.T) {
	hidden := &model.Shape{Name: "H", Type: "string", Sensitive: true, Max: new(3.0)}
	s := structure(member("One", ref(hidden)), member("Many", ref(listOf(ref(hidden)))),
		member("Mapped", ref(mapOf(ref(shape("string")), ref(hidden)))), member("Open", ref(shape("string"))))
	got := decoded(madeUp("json", s, nil), received(t, "POST", "/", `{"One": "secret", "Many": ["secret"], "Mapped": {"k": "secret"}}`))
	if strings.Contains(got, "secret") || !strings.HasPrefix(got, "400 ValidationException: 3 validation errors detected: Value at 'one' ") {
		t.Errorf("error %s", got)
	}
	in := reflect.New(goType(s))
	in.Elem().Field(0).Set(reflect.ValueOf(new("secret")))
	in.Elem().Field(1).Set(reflect.ValueOf([]string{"secret"}))
	in.Elem().Field(2).Set(reflect.ValueOf(map[string]string{"k": "secret"}))
	in.Elem().Field(3).Set(reflect.ValueOf(new("open")))
	if got := string(Parameters(s, in.Interface())); got != `{"open":"open"}` {
		t.Errorf("event %s", got)
	}
}

type located struct {
	Name   string
	Rest   string
	Page   *int
	Tags   []string
	Token  *string
	When   *time.Time
	Meta   map[string]string
	Status *int
	Text   *string
}

func locatedShape() *model.Shape {
	return structure(
		model.Member{Ref: *ref(shape("string"), in("uri", "Name")), Name: "Name", Required: true},
		model.Member{Ref: *ref(shape("string"), in("uri", "Rest")), Name: "Rest", Required: true},
		member("Page", ref(shape("integer"), in("querystring", "page"))),
		member("Tags", ref(listOf(ref(shape("string"))), in("querystring", "tag"))),
		member("Token", ref(shape("string"), in("header", "X-Token"))),
		member("When", ref(shape("timestamp"), in("header", "X-When"))),
		member("Meta", ref(mapOf(ref(shape("string")), ref(shape("string"))), in("headers", "X-Meta-"))),
		member("Status", ref(shape("integer"), in("statusCode", ""))),
		member("Text", ref(shape("string"), named("text"))),
	)
}

func TestRESTLocations(t *testing.T) {
	op := madeUp("rest-json", locatedShape(), locatedShape())
	req := received(t, "POST", "/things/a%2Fb/c/d%20e?page=2&tag=x&tag=y&text=no", `{"text":"body","Name":"no","page":9,"X-Token":"no"}`,
		"X-Token: t", "X-When: Fri, 02 Jan 2026 03:04:05 GMT", "X-Meta-One: 1")
	want := located{Name: "a/b", Rest: "c/d e", Page: new(2), Tags: []string{"x", "y"}, Token: new("t"), When: new(moment), Meta: map[string]string{"one": "1"}, Text: new("body")}
	var got located
	if err := Decode(op, req, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("input (-want +got)\n%s", diff)
	}
	want.Status, want.Token = new(202), new("a\r\nX-Evil: 1")
	prefix := "X-Meta-" // what follows it keeps its case
	r := Encode(op, &want, "id")
	if r.Status != 202 || string(r.Body) != `{"text":"body"}` || !slices.Equal(r.Header[prefix+"one"], []string{"1"}) ||
		r.Header.Get("X-When") != "Fri, 02 Jan 2026 03:04:05 GMT" || r.Header.Get("X-Token") != "a  X-Evil: 1" {
		t.Errorf("output %+v %s", r, r.Body)
	}
}

func TestRESTRefuses(t *testing.T) {
	op := madeUp("rest-json", locatedShape(), nil)
	for url, want := range map[string]string{
		"/things//c":                "400 SerializationException: The path is not /things/{Name}/{Rest+}.",
		"/things/a":                 "400 SerializationException: The path is not /things/{Name}/{Rest+}.",
		"/things/a/b?page=1&page=2": "400 SerializationException: Start of list found where not expected",
		"/things/a/b?page=x":        "400 SerializationException: x can not be converted to an Integer",
		"/things/a/b?%zz":           "400 SerializationException: The query string contains a syntax error.",
	} {
		req := received(t, "POST", "/", "")
		path, query, _ := strings.Cut(url, "?")
		req.HTTP.URL.Path, req.HTTP.URL.RawQuery = path, query
		if got := decoded(op, req); got != want {
			t.Errorf("%s\n got %s\nwant %s", url, got, want)
		}
	}
}

func TestPayloads(t *testing.T) {
	nested := structure(member("A", ref(shape("string"))))
	for _, c := range []struct {
		typ               *model.Shape
		body, contentType string
		value             any
	}{
		{shape("blob"), "\xff\x00", "application/octet-stream", []byte{0xFF, 0}},
		{shape("string"), "text", "text/plain", new("text")},
		{nested, `{"A":"x"}`, "application/json", reflect.New(goType(nested)).Interface()},
	} {
		s := structure(member("Body", ref(c.typ)))
		s.Payload = "Body"
		op := madeUp("rest-json", s, s)
		op.URI = "/"
		into := reflect.New(goType(s))
		if err := Decode(op, received(t, "POST", "/", c.body), into.Interface()); err != nil {
			t.Error(err)
		}
		if c.typ.Type != "structure" && !reflect.DeepEqual(into.Elem().Field(0).Interface(), c.value) {
			t.Errorf("%s in: %v", c.typ.Type, into.Elem().Field(0))
		}
		r := Encode(op, into.Interface(), "id")
		if string(r.Body) != c.body || r.Header.Get("Content-Type") != c.contentType {
			t.Errorf("%s out: %q %s", c.typ.Type, r.Body, r.Header.Get("Content-Type"))
		}
	}
}

func TestErrors(t *testing.T) {
	failure := func(message string) *model.Shape {
		s := structure(member(message, ref(shape("string"))), member("Reason", ref(shape("string"), named("reason"))), member("Codes", ref(listOf(ref(shape("integer"))))))
		s.Exception, s.Error = true, model.ErrorInfo{Code: "Violation", Status: 409}
		return s
	}
	e := &writ.Error{Code: "Violation", Status: 409, Message: `a <"b">`, Fields: map[string]any{"Reason": "why", "Codes": []int{1, 2}, "Unmodeled": 1}}
	for _, c := range []struct{ protocol, message, contentType, want string }{
		{"query", "message", "text/xml", `<ErrorResponse xmlns="urn:x"><Error><Type>Sender</Type><Code>Violation</Code><Message>a &lt;&quot;b&quot;&gt;</Message>` +
			`<reason>why</reason><Codes><member>1</member><member>2</member></Codes></Error><RequestId>id</RequestId></ErrorResponse>`},
		{"json", "Message", "application/x-amz-json-1.1", `{"__type":"Violation","Message":"a <\"b\">","reason":"why","Codes":[1,2]}`},
		{"rest-json", "message", "application/json", `{"message":"a <\"b\">","reason":"why","Codes":[1,2]}`},
	} {
		op := madeUp(c.protocol, nil, nil)
		op.Service.Shapes["E"] = failure(c.message)
		r := EncodeError(Route{Service: op.Service.Metadata, Operation: op}, e, "id")
		if string(r.Body) != c.want || r.Status != 409 || r.Header.Get("Content-Type") != c.contentType || r.Header.Get("x-amzn-RequestId") != "id" {
			t.Errorf("%s\n got %s\nwant %s\n%v", c.protocol, r.Body, c.want, r.Header)
		}
		if kind := r.Header.Get("x-amzn-errortype"); (kind == "Violation") != (c.protocol == "rest-json") {
			t.Errorf("%s: error type header %q", c.protocol, kind)
		}
	}
}

func TestErrorsOfNoService(t *testing.T) {
	internal, _ := writ.AsError(http.ErrAbortHandler)
	want := `<ErrorResponse xmlns="http://webservices.amazon.com/AWSFault/2005-15-09"><Error><Type>Receiver</Type><Code>InternalFailure</Code>` +
		`<Message>The request processing has failed because of an unknown error, exception or failure.</Message></Error><RequestId>id</RequestId></ErrorResponse>`
	if r := EncodeError(Route{}, internal, "id"); string(r.Body) != want {
		t.Errorf("got %s", r.Body)
	}
	silent := writ.Errorf(400, "SerializationException", "")
	if r := EncodeError(Route{Service: model.Metadata{Protocol: "json", JSONVersion: "1.0"}}, silent, "id"); string(r.Body) != `{"__type":"SerializationException"}` ||
		r.Header.Get("Content-Type") != "application/x-amz-json-1.0" {
		t.Errorf("got %s %v", r.Body, r.Header)
	}
}

func TestFits(t *testing.T) {
	s := odd()
	if err := Fits(s, reflect.TypeFor[oddities]()); err != nil {
		t.Error(err)
	}
	if err := Fits(nil, reflect.TypeFor[struct{}]()); err != nil {
		t.Error(err)
	}
	one := structure(member("A", ref(shape("string"))))
	required := structure(model.Member{Ref: *ref(shape("string")), Name: "A", Required: true})
	for name, err := range map[string]error{
		"no struct":        Fits(one, reflect.TypeFor[string]()),
		"too many fields":  Fits(one, reflect.TypeFor[struct{ A, B *string }]()),
		"other field":      Fits(one, reflect.TypeFor[struct{ B *string }]()),
		"no pointer":       Fits(one, reflect.TypeFor[struct{ A string }]()),
		"other type":       Fits(one, reflect.TypeFor[struct{ A *int }]()),
		"needless pointer": Fits(required, reflect.TypeFor[struct{ A *string }]()),
		"no list":          Fits(structure(member("A", ref(listOf(ref(shape("string")))))), reflect.TypeFor[struct{ A string }]()),
		"no map":           Fits(structure(member("A", ref(mapOf(ref(shape("string")), ref(shape("string")))))), reflect.TypeFor[struct{ A map[int]string }]()),
		"not empty":        Fits(nil, reflect.TypeFor[struct{ A string }]()),
	} {
		if err == nil {
			t.Errorf("%s: fits", name)
		}
	}
}

// TestNilOutput is for operations whose services have nothing to say.
func TestNilOutput(t *testing.T) {
	for protocol, want := range map[string]string{
		"query":     `<DoResponse xmlns="urn:x"><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></DoResponse>`,
		"json":      "",
		"rest-json": "",
	} {
		if got := string(Encode(madeUp(protocol, nil, nil), (*struct{})(nil), "id").Body); got != want {
			t.Errorf("%s: %s", protocol, got)
		}
	}
}

func TestUnknownServicesAreRefusedAtStart(t *testing.T) {
	if _, err := NewRouter("us-east-1", nil, "nope"); err == nil {
		t.Error("a router to no service")
	}
}

// leaf contains itself.
type leaf struct {
	Name     string
	Children []leaf
}

func TestRecursiveShapes(t *testing.T) {
	s := structure(model.Member{Ref: *ref(shape("string")), Name: "Name", Required: true}, member("Children", ref(listOf(nil))))
	s.Members[1].Shape.Member = ref(s)
	op := madeUp("json", s, s)
	const text = `{"Name":"a","Children":[{"Name":"b","Children":[]},{"Name":"c"}]}`
	var got leaf
	if err := Decode(op, received(t, "POST", "/", text), &got); err != nil {
		t.Fatal(err)
	}
	if body := string(Encode(op, &got, "id").Body); body != text {
		t.Errorf("got %s", body)
	}
}
