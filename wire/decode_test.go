package wire

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/api/organizations"
	"github.com/writ-iam/writ/checksum"
	"github.com/writ-iam/writ/model"
)

// recursive are the types of shapes that contain themselves, which reflect can't make.
var recursive = map[string]reflect.Type{"HandshakeResource": reflect.TypeFor[organizations.HandshakeResource]()}

// goType makes the type that the generator would write for a shape, so that
// tests can go through all operations.
func goType(s *model.Shape) reflect.Type {
	switch {
	case s == nil:
		return reflect.TypeFor[struct{}]()
	case recursive[s.Name] != nil:
		return recursive[s.Name]
	case s.Type == "list":
		return reflect.SliceOf(goType(s.Member.Shape))
	case s.Type == "map":
		return reflect.MapOf(reflect.TypeFor[string](), goType(s.Value.Shape))
	case s.Type != "structure":
		return scalars[s.Type]
	}
	var fields []reflect.StructField
	for _, m := range s.Members {
		f := reflect.StructField{Name: strings.ToUpper(m.Name[:1]) + m.Name[1:], Type: goType(m.Shape)}
		if m.Streaming {
			f.Type = reflect.TypeFor[io.Reader]()
		} else if !m.Required && !nilable(m.Shape.Type) {
			f.Type = reflect.PointerTo(f.Type)
		}
		fields = append(fields, f)
	}
	return reflect.StructOf(fields)
}

// decoded decodes into a made-up struct and returns it, or the error's text.
func decoded(op *model.Operation, req *Request) string {
	into := reflect.New(goType(op.Input))
	err := Decode(op, req, into.Interface())
	var e *writ.Error
	if errors.As(err, &e) {
		return fmt.Sprintf("%d %s", e.Status, e)
	}
	return string(Parameters(op.Input, into.Interface()))
}

func TestDecodeRefuses(t *testing.T) {
	const fails = "failed to satisfy constraint: Member must"
	for _, c := range []struct{ op, form, want string }{
		{"iam CreateUser", "", "400 ValidationError: 1 validation error detected: Value null at 'userName' " + fails + " not be null"},
		{"iam CreateUser", "UserName=", "400 ValidationError: 1 validation error detected: Value '' at 'userName' " + fails + " have length greater than or equal to 1"},
		{"iam CreateUser", "UserName=" + strings.Repeat("a", 65),
			"400 ValidationError: 1 validation error detected: Value '" + strings.Repeat("a", 65) + "' at 'userName' " + fails + " have length less than or equal to 64"},
		{"iam CreateUser", "UserName=a+b", "400 ValidationError: The specified value for userName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-"},
		{"iam CreateUser", "UserName=a&Path=b", "400 ValidationError: The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters."},
		{"iam ListUsers", "PathPrefix=b", "400 ValidationError: The specified value for pathPrefix is invalid. It must begin with the / character and contain only alphanumeric characters and/or / characters."},
		{"iam CreateUser", "UserName=a+b&Tags.member.1.Key=k",
			"400 ValidationError: 1 validation error detected: Value null at 'tags.1.member.value' " + fails + " not be null"},
		{"iam CreateUser", "UserName=u&Tags.member.1.Key=%23&Tags.member.1.Value=%40%23",
			`400 ValidationError: 2 validation errors detected: Value '#' at 'tags.1.member.key' ` + fails + ` satisfy regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]+; ` +
				`Value '@#' at 'tags.1.member.value' ` + fails + ` satisfy regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]*`},
		{"iam UpdateAccessKey", "AccessKeyId=AKIAIOSFODNN7EXAMPLE&Status=Off",
			"400 ValidationError: 1 validation error detected: Value 'Off' at 'status' " + fails + " satisfy enum value set: [Active, Inactive, Expired]"},
		{"iam ChangePassword", "OldPassword=&NewPassword=x",
			"400 ValidationError: 2 validation errors detected: Value at 'oldPassword' " + fails + ` satisfy regular expression pattern: [\u0009\u000A\u000D\u0020-\u00FF]+; ` +
				"Value at 'oldPassword' " + fails + " have length greater than or equal to 1"},
		{"iam ListUsers", "MaxItems=0", "400 ValidationError: 1 validation error detected: Value '0' at 'maxItems' " + fails + " have value greater than or equal to 1"},
		{"iam ListUsers", "MaxItems=1001", "400 ValidationError: 1 validation error detected: Value '1001' at 'maxItems' " + fails + " have value less than or equal to 1000"},
		{"iam SimulateCustomPolicy", "PolicyInputList.member.1=p&ActionNames.member.1=a&ActionNames.member.2=iam%3AGetUser",
			"400 ValidationError: 1 validation error detected: Value '[a, iam:GetUser]' at 'actionNames' " + fails +
				" satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 3]"},
		{"sts AssumeRole", "RoleArn=&RoleSessionName=ci",
			`400 ValidationError: 2 validation errors detected: Value '' at 'roleArn' ` + fails + ` satisfy regular expression pattern: [\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+; ` +
				`Value '' at 'roleArn' ` + fails + ` have length greater than or equal to 20`},
		{"sts AssumeRole", "RoleArn=" + strings.Repeat("%C3%A9", 2049) + "&RoleSessionName=ci",
			"400 ValidationError: 1 validation error detected: Value '" + strings.Repeat("é", 2049) + "' at 'roleArn' " + fails + " have length less than or equal to 2048"},
		{"sts AssumeRole", "RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr&RoleSessionName=ci" + manyTags(51),
			"400 ValidationError: 1 validation error detected: Value at 'tags' " + fails + " have length less than or equal to 50"},
		{"sts GetSessionToken", "TokenCode=1234567", "400 ValidationError: 1 validation error detected: Value '1234567' at 'tokenCode' " + fails + " have length less than or equal to 6"},

		{"iam ListUsers", "MaxItems=", "400 MalformedInput: missing value for decimal type"},
		{"iam ListUsers", "MaxItems=abc", "400 MalformedInput: abc can not be converted to an Integer"},
		{"iam ListUsers", "MaxItems=900.0", "400 MalformedInput: 900.0 can not be converted to an Integer"},
		{"iam ListUsers", "MaxItems=2147483648", "400 MalformedInput: 2147483648 can not be converted to an Integer"},
		{"iam ListUsers", "MaxItems.x=1", "400 MalformedInput: A value has members."},
		{"iam CreateUser", "UserName=u&Tags=x", "400 MalformedInput: Expected list or null"},
		{"iam CreateUser", "UserName=u&Tags.Member.1.Key=k", "400 MalformedInput: A list has members other than member.N."},
		{"iam CreateUser", "UserName=u&Tags.member.0.Key=k", "400 MalformedInput: Members of a list are numbered from 1; 0 is no such number."},
		{"iam CreateUser", "UserName=u&Tags.member.01.Key=k", "400 MalformedInput: Members of a list are numbered from 1; 01 is no such number."},
		{"iam CreateUser", "UserName=u&Tags.member.9999999999.Key=k", "400 MalformedInput: Members of a list are numbered from 1; 9999999999 is no such number."},
		{"iam CreateUser", "UserName=u&Tags.member.1=k", "400 MalformedInput: A structure is given as a value."},
		{"iam CreateUser", "UserName=u&UserName.x=k", "400 MalformedInput: The parameter UserName is a value and has members."},
		{"iam CreateUser", "UserName=u&" + strings.Repeat("a.", 100) + "a=1", "400 MalformedInput: The request nests too deep."},
		{"iam CreateLoginProfile", "UserName=u&Password=p&PasswordResetRequired=yes", "400 MalformedInput: yes can not be converted to a Boolean"},
	} {
		service, name, _ := strings.Cut(c.op, " ")
		if got := decoded(operation(t, service, name), form(t, c.form)); got != c.want {
			t.Errorf("%s %.80s\n got %s\nwant %s", c.op, c.form, got, c.want)
		}
	}
}

func manyTags(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "&Tags.member.%d.Key=k&Tags.member.%d.Value=v", i+1, i+1)
	}
	return b.String()
}

func TestDecodeTakes(t *testing.T) {
	for _, c := range []struct{ op, form, want string }{
		{"iam CreateUser", "UserName=u&Tags=", `{"userName":"u","tags":[]}`},
		{"iam CreateUser", "UserName=u&Tags.member.999999999.Key=k&Tags.member.999999999.Value=", `{"userName":"u","tags":[{"key":"k","value":""}]}`},
		{"iam CreateUser", "UserName=u&TagsX.member.1.Key=k&Tags-a=1", `{"userName":"u"}`},
		{"iam ListUsers", "MaxItems=%2B0100", `{"maxItems":100}`},
	} {
		service, name, _ := strings.Cut(c.op, " ")
		if got := decoded(operation(t, service, name), form(t, c.form)); got != c.want {
			t.Errorf("%s %s\n got %s\nwant %s", c.op, c.form, got, c.want)
		}
	}
}

func TestDecodeJSON(t *testing.T) {
	const code = "400 SerializationException: "
	for _, c := range []struct{ body, want string }{
		{`{"MaxResults": 1.9}`, `{"maxResults":1}`},
		{`{"MaxResults": 1e1}`, `{"maxResults":10}`},
		{`{"NextToken": "\ud83d\ude00"}`, `{"nextToken":"😀"}`},
		{`{"LookupAttributes": []}`, `{"lookupAttributes":[]}`},
		{`{"LookupAttributes": [null]}`, "400 ValidationException: 1 validation error detected: Value null at 'lookupAttributes.1.member' failed to satisfy constraint: Member must not be null"},
		{`{"LookupAttributes": [{}, {}]}`, "400 ValidationException: 4 validation errors detected: " +
			"Value null at 'lookupAttributes.1.member.attributeKey' failed to satisfy constraint: Member must not be null; " +
			"Value null at 'lookupAttributes.1.member.attributeValue' failed to satisfy constraint: Member must not be null; " +
			"Value null at 'lookupAttributes.2.member.attributeKey' failed to satisfy constraint: Member must not be null; " +
			"Value null at 'lookupAttributes.2.member.attributeValue' failed to satisfy constraint: Member must not be null"},
		{`{"LookupAttributes": [null], "NextToken": 1}`, code + "NUMBER_VALUE can not be converted to a String"}, // before any constraint
		{`{"MaxResults": "1"}`, code + "STRING_VALUE can not be converted to an Integer"},
		{`{"MaxResults": true}`, code + "TRUE_VALUE can not be converted to an Integer"},
		{`{"MaxResults": 99999999999}`, code + "NUMBER_VALUE can not be converted to an Integer"},
		{`{"MaxResults": [1]}`, code + "Start of list found where not expected"},
		{`{"MaxResults": {}}`, code + "Start of structure or map found where not expected."},
		{`{"NextToken": false}`, code + "FALSE_VALUE can not be converted to a String"},
		{`{"StartTime": "2026-01-02T03:04:05Z"}`, code + "STRING_VALUE can not be converted to a Timestamp"},
		{`{"StartTime": 1e300}`, code + "NUMBER_VALUE can not be converted to a Timestamp"},
		{`{"LookupAttributes": {}}`, code + "Start of structure or map found where not expected."},
		{`{"LookupAttributes": "x"}`, code + "Expected list or null"},
		{`{"LookupAttributes": ["x"]}`, code + "Expected null"},
		{`{"LookupAttributes": [[]]}`, code + "Start of list found where not expected"},
		{`[]`, code + "Start of list found where not expected"},
		{``, code}, {`{`, code}, {`null`, code}, {`"x"`, code}, {`{} {}`, code}, {`{"A":1,}`, code},
		{`{"MaxResults": 1, "MaxResults": 2}`, code},
		{"{\"NextToken\": \"\xff\"}", code},
		{strings.Repeat(`{"a":`, 100) + "1" + strings.Repeat("}", 100), code + "The request nests too deep."},
	} {
		op := operation(t, "cloudtrail", "LookupEvents")
		if got := decoded(op, received(t, "POST", "/", c.body)); got != c.want {
			t.Errorf("%.80s\n got %s\nwant %s", c.body, got, c.want)
		}
	}
}

func TestDecodeRefusesXML(t *testing.T) {
	const refused = "400 MalformedXML: The XML you provided was not well-formed or did not validate against our published schema"
	entity := `<!DOCTYPE d [<!ENTITY e "eeeeeeee">]><Delete><Object><Key>&e;</Key></Object></Delete>`
	for _, body := range []string{
		"", "x", "<Delete>", "<Delete></Delete><Delete/>", "<Delete/>x", `<?php x?><Delete/>`, entity,
		"<Delete>text</Delete>", "<Delete><Object>text</Object></Delete>", "<Delete><Object><Key><b>x</b></Key></Object></Delete>",
		"<Delete><Object><Key>a</Key><Key>b</Key></Object></Delete>", "<Delete><Object><Key>a</Key></Object><Quiet>perhaps</Quiet></Delete>",
		"<Delete><Object></Object></Delete>", "<Delete/>", "<Delete><Object><Key>\x01</Key></Object></Delete>",
		"<Delete><Object><Key>\xff</Key></Object></Delete>", strings.Repeat("<a>", 100) + strings.Repeat("</a>", 100),
	} {
		if got := decoded(operation(t, "s3", "DeleteObjects"), received(t, "POST", "/bucket?delete", body)); got != refused {
			t.Errorf("%.80s\n got %s", body, got)
		}
	}
}

// What a body is not, its digests tell.
func TestDigests(t *testing.T) {
	const body = "<Delete><Object><Key>a</Key></Object></Delete>"
	op := operation(t, "s3", "DeleteObjects")
	for header, want := range map[string]string{
		"Content-MD5: rL0Y20zC+Fzt72VPzMSk2A==":   "400 BadDigest: The Content-MD5 you specified did not match what we received.",
		"Content-MD5: x":                          "400 InvalidDigest: The Content-MD5 you specified was invalid.",
		"x-amz-checksum-crc32: AAAAAA==":          "400 BadDigest: The CRC32 you specified did not match the calculated checksum.",
		"x-amz-checksum-sha256: AAAAAA==":         "400 InvalidRequest: Value for x-amz-checksum-sha256 header is invalid.",
		"x-amz-checksum-crc32: " + digestOf(body): `{"bucket":"bucket","delete":{"objects":[{"key":"a"}]}}`,
	} {
		if got := decoded(op, received(t, "POST", "/bucket?delete", body, header)); got != want {
			t.Errorf("%s\n got %s\nwant %s", header, got, want)
		}
	}
}

func digestOf(body string) string {
	h := checksum.CRC32.New()
	h.Write([]byte(body))
	return checksum.Encode(h)
}

// TestEveryOperationsMinimum decodes, for each operation of each service, an
// input that has just what is required, and encodes the zero output.
func TestEveryOperationsMinimum(t *testing.T) {
	for _, name := range model.Names() {
		s, err := model.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, op := range s.Operations {
			n := node{kind: object}
			if op.Input != nil {
				n = minimum(op.Input)
			}
			d := decoder{protocol: protocolOf(op)}
			into := reflect.New(goType(op.Input))
			if err := d.structure(mustPlan(op.Input, into.Type().Elem()), &n, into.Elem()); err != nil {
				t.Errorf("%s: %v", op.Name, err)
			}
			if err := d.verdict(); err != nil && !strings.Contains(err.Error(), "pattern") && !strings.Contains(err.Error(), "specified value") {
				t.Errorf("%s: %v", op.Name, err)
			}
			if r := Encode(op, reflect.New(goType(op.Output)).Interface(), requestID); r.Status != op.ResponseCode {
				t.Errorf("%s: status %d", op.Name, r.Status)
			}
		}
	}
}

// minimum makes the least JSON value that a shape allows, patterns apart.
func minimum(s *model.Shape) node {
	least := 0
	if s.Min != nil {
		least = int(*s.Min)
	}
	switch s.Type {
	case "structure":
		n := node{kind: object}
		for _, m := range s.Members {
			if m.Required {
				n.fields = append(n.fields, field{wireName(&m), minimum(m.Shape)})
			}
		}
		return n
	case "list":
		n := node{kind: list}
		for range least {
			n.fields = append(n.fields, field{node: minimum(s.Member.Shape)})
		}
		return n
	case "map":
		n := node{kind: object}
		for i := range least {
			n.fields = append(n.fields, field{fmt.Sprint("key", i), minimum(s.Value.Shape)})
		}
		return n
	case "boolean":
		return node{kind: boolTrue}
	case "string":
		if len(s.Enum) > 0 {
			return node{kind: text, text: s.Enum[0]}
		}
		return node{kind: text, text: strings.Repeat("a", least)}
	case "blob":
		return node{kind: text}
	}
	return node{kind: number, text: fmt.Sprint(least)}
}

func FuzzDecodeQuery(f *testing.F) {
	f.Add("UserName=u&Path=%2F&Tags.member.1.Key=k&Tags.member.1.Value=v")
	f.Add("UserName=u&Tags.member.3=&Tags.member.2.Key.x=1&PermissionsBoundary=%C3%A9")
	op := operation(f, "iam", "CreateUser")
	f.Fuzz(func(t *testing.T, body string) { again(t, op, form(t, body)) })
}

func FuzzDecodeJSON(f *testing.F) {
	f.Add(`{"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": "x"}], "StartTime": 1.5, "MaxResults": 5}`)
	f.Add(`{"NextToken": "\u0000", "MaxResults": 1e2, "EndTime": -1}`)
	op := operation(f, "cloudtrail", "LookupEvents")
	f.Fuzz(func(t *testing.T, body string) { again(t, op, received(t, "POST", "/", body)) })
}

func FuzzDecodeXML(f *testing.F) {
	f.Add(`<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Object><Key>a&amp;b</Key></Object><Object><Key>c</Key><VersionId>1</VersionId></Object><Quiet>true</Quiet></Delete>`)
	f.Add(`<?xml version="1.0"?><!-- --><Delete><Object/><Object><Key/></Object></Delete>`)
	op := operation(f, "s3", "DeleteObjects")
	f.Fuzz(func(t *testing.T, body string) { again(t, op, received(t, "POST", "/bucket?delete", body)) })
}

func FuzzDecodeREST(f *testing.F) {
	f.Add(explainURL)
	f.Add("/requests/%2F/explanation")
	op := operation(f, "writ", "ExplainRequest")
	f.Fuzz(func(t *testing.T, path string) {
		req := received(t, "GET", "/", "")
		req.HTTP.URL.RawPath, req.HTTP.URL.Path = "", path
		again(t, op, req)
	})
}

// again decodes twice: the same request must mean the same, and what is
// accepted must be clean enough to be shown.
func again(t *testing.T, op *model.Operation, req *Request) {
	first := decoded(op, req)
	if second := decoded(op, req); first != second {
		t.Errorf("once %q, once %q", first, second)
	}
	if strings.ToValidUTF8(first, "") != first {
		t.Errorf("%q is broken text", first)
	}
}
