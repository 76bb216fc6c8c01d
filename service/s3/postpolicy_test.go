package s3

import (
	"testing"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
)

const until = `"expiration": "2040-01-01T00:00:00Z"`

// What a form's policy demands of its fields.
func TestPostPolicy(t *testing.T) {
	for _, c := range []struct {
		conditions string
		fields     map[string]string
		refused    string // "" if the form is as the policy says
	}{
		{`{"bucket": "lab"}, {"key": "a"}`, nil, ""},
		{`["eq", "$bucket", "lab"], ["eq", "$Key", "a"]`, nil, ""},
		{`{"key": "a"}`, nil, "Extra input fields: bucket"},
		{`{"bucket": "other"}, {"key": "a"}`, nil, `Policy Condition failed: ["eq", "$bucket", "other"]`},
		{`{"bucket": "lab"}, ["starts-with", "$key", ""]`, map[string]string{"bucket": "other"}, `Policy Condition failed: ["eq", "$bucket", "lab"]`},
		{`{"bucket": "lab"}, ["starts-with", "$key", "b"]`, nil, `Policy Condition failed: ["starts-with", "$key", "b"]`},
		{`{"bucket": "lab"}, {"key": "a"}, {"acl": "private"}`, nil, `Policy Condition failed: ["eq", "$acl", "private"]`},
		{`{"bucket": "lab"}, {"key": "a"}`, map[string]string{"acl": "private", "tagging": "x"}, "Extra input fields: acl, tagging"},
		{`{"bucket": "lab"}, {"key": "a"}`, map[string]string{"x-ignore-me": "x", "policy": "x", "x-amz-signature": "x"}, ""},
		{`{"bucket": "lab"}, {"key": "a"}, ["starts-with", "$Content-Type", "image/"]`, map[string]string{"content-type": "image/png, image/jpeg"}, ""},
		{`{"bucket": "lab"}, {"key": "a"}, ["starts-with", "$Content-Type", "image/"]`, map[string]string{"content-type": "image/png, text/html"},
			`Policy Condition failed: ["starts-with", "$Content-Type", "image/"]`},
	} {
		p, err := readPostPolicy([]byte(`{` + until + `, "conditions": [` + c.conditions + `]}`))
		if err != nil {
			t.Fatal(err)
		}
		fields := map[string]string{"key": "a"}
		for name, text := range c.fields {
			fields[name] = text
		}
		got := ""
		if err := p.check(&api.PostObjectInput{Bucket: "lab", Key: "a", Fields: fields}); err != nil {
			got = err.Error()
		}
		if want := c.refused; want != "" && got != "AccessDenied: Invalid according to Policy: "+want || want == "" && got != "" {
			t.Errorf("%s with %v: %q, want %q", c.conditions, c.fields, got, want)
		}
	}
}

// Whatever a policy is, it is read or refused in S3's words; what is read has
// sizes that can be.
func FuzzPostPolicy(f *testing.F) {
	f.Add([]byte(`{` + until + `, "conditions": [{"bucket": "lab"}, ["starts-with", "$key", "a"], ["content-length-range", 1, "10"]]}`))
	f.Add([]byte(`{` + until + `, "conditions": [["content-length-range", -1, 1e3], {}, []]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := readPostPolicy(raw)
		if err != nil {
			if told, ok := writ.AsError(err); !ok || told.Code != "InvalidPolicyDocument" {
				t.Fatal(err)
			}
			return
		}
		if p.size.least < 0 || p.size.most > maxObject {
			t.Fatalf("%+v", p)
		}
	})
}
