package wire

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/writ-iam/writ/api/cloudtrail"
	"github.com/writ-iam/writ/api/ec2"
	"github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/api/sts"
	api "github.com/writ-iam/writ/api/writ"
)

// pair is the input and output of an operation.
type pair struct{ in, out any }

var structs = map[string]pair{
	"iam CreateUser":              {iam.CreateUserInput{}, iam.CreateUserOutput{}},
	"iam DeleteUser":              {iam.DeleteUserInput{}, iam.DeleteUserOutput{}},
	"iam ListUsers":               {iam.ListUsersInput{}, iam.ListUsersOutput{}},
	"iam GetAccountSummary":       {iam.GetAccountSummaryInput{}, iam.GetAccountSummaryOutput{}},
	"iam CreateLoginProfile":      {iam.CreateLoginProfileInput{}, iam.CreateLoginProfileOutput{}},
	"iam CreateAccessKey":         {iam.CreateAccessKeyInput{}, iam.CreateAccessKeyOutput{}},
	"sts AssumeRole":              {sts.AssumeRoleInput{}, sts.AssumeRoleOutput{}},
	"cloudtrail LookupEvents":     {cloudtrail.LookupEventsInput{}, cloudtrail.LookupEventsOutput{}},
	"ec2 RunInstances":            {ec2.RunInstancesInput{}, ec2.RunInstancesOutput{}},
	"ec2 ModifyInstanceAttribute": {ec2.ModifyInstanceAttributeInput{}, ec2.ModifyInstanceAttributeOutput{}},
	"writ ExplainRequest":         {api.ExplainRequestInput{}, api.ExplainRequestOutput{}},
}

const requestID = "7a62c49f-347e-4fc4-9331-6e8eEXAMPLE"

// TestTables goes through testdata: bytes to input, output to bytes, and both
// to what the audit shows of them. The structs are given as encoding/json
// prints them.
func TestTables(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no tables", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			sections := map[string]string{}
			for _, f := range archive.Files {
				sections[f.Name] = string(f.Data)
			}
			testTable(t, sections)
		})
	}
}

func testTable(t *testing.T, sections map[string]string) {
	name := strings.TrimSpace(sections["operation"])
	service, operationName, _ := strings.Cut(name, " ")
	op := operation(t, service, operationName)
	if request, ok := sections["request"]; ok {
		in := read(t, structs[name].in, sections["input"])
		got := reflect.New(reflect.TypeOf(structs[name].in)).Interface()
		if err := Decode(op, parseRequest(t, request), got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(in, got); diff != "" {
			t.Errorf("input (-want +got)\n%s", diff)
		}
		same(t, "requestParameters", sections, string(Parameters(op.Input, in)))
	}
	if output, ok := sections["output"]; ok {
		out := read(t, structs[name].out, output)
		same(t, "responseElements", sections, string(Parameters(op.Output, out)))
		r := Encode(op, out, requestID)
		if id := r.Header.Get("x-amzn-RequestId"); id != requestID {
			t.Errorf("request id %q", id)
		}
		same(t, "response", sections, fmt.Sprintf("%d %s\n%s", r.Status, r.Header.Get("Content-Type"), r.Body))
	}
}

// read makes a pointer to a struct like the given one.
func read(t *testing.T, like any, text string) any {
	t.Helper()
	v := reflect.New(reflect.TypeOf(like)).Interface()
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		t.Fatal(err)
	}
	return v
}

// same compares without the line breaks and indents that make a section legible.
func same(t *testing.T, section string, sections map[string]string, got string) {
	t.Helper()
	if want := squeeze(sections[section]); squeeze(got) != want {
		t.Errorf("%s\n got %s\nwant %s", section, got, want)
	}
}

func squeeze(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		b.WriteString(strings.TrimSpace(line))
	}
	return b.String()
}

// parseRequest reads a request line, headers, and a body whose lines are one.
func parseRequest(t *testing.T, text string) *Request {
	t.Helper()
	head, body, _ := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	method, url, _ := strings.Cut(lines[0], " ")
	return received(t, method, url, squeeze(body), lines[1:]...)
}
