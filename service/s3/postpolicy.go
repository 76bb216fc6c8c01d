package s3

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
)

// postPolicy is what a signed form may say (S3 API Reference, "Creating a POST
// policy"). Every field must be in a condition, but for those that only sign or
// that nobody reads.
type postPolicy struct {
	expiration time.Time
	conditions []postCondition
	size       sizes
}

// postCondition is one demand on a field, or on the bucket.
type postCondition struct {
	operator, field, want string
	text                  string // as it is written, for messages
}

// permitted holds a form against its policy, and returns how long the file may
// be. Anonymous forms have none: what they may do, others have to allow.
func permitted(c *writ.Call, in *api.PostObjectInput) (sizes, error) {
	whole := sizes{0, maxObject}
	if !c.Signed.Form {
		return whole, nil
	}
	raw, err := base64.StdEncoding.DecodeString(in.Fields["policy"])
	if err != nil {
		return whole, invalidPolicy("Invalid Policy: Invalid Base64 Encoding.")
	}
	p, err := readPostPolicy(raw)
	if err != nil {
		return whole, err
	}
	if !c.Time.Before(p.expiration) {
		return whole, outside("Policy expired.")
	}
	return p.size, p.check(in)
}

func (p *postPolicy) check(in *api.PostObjectInput) error {
	values := map[string]string{"bucket": in.Bucket, "key": in.Key}
	for name, text := range in.Fields {
		if name != "bucket" || text != in.Bucket {
			values[name] = text
		}
	}
	covered := map[string]bool{}
	for i := range p.conditions {
		if !p.conditions[i].holds(values) {
			return outside("Policy Condition failed: " + p.conditions[i].text)
		}
		covered[p.conditions[i].field] = true
	}
	var extra []string
	for name := range values {
		if !covered[name] && name != "policy" && name != "x-amz-signature" && name != "file" && !strings.HasPrefix(name, "x-ignore-") {
			extra = append(extra, name)
		}
	}
	if extra != nil {
		slices.Sort(extra)
		return outside("Extra input fields: " + strings.Join(extra, ", "))
	}
	return nil
}

func (p *postCondition) holds(values map[string]string) bool {
	have, ok := values[p.field]
	if !ok {
		return false
	}
	if p.operator == "eq" {
		return have == p.want
	}
	if p.field != "content-type" {
		return strings.HasPrefix(have, p.want)
	}
	for one := range strings.SplitSeq(have, ",") {
		if !strings.HasPrefix(strings.TrimSpace(one), p.want) {
			return false
		}
	}
	return true
}

// readPostPolicy reads the policy's JSON.
func readPostPolicy(raw []byte) (*postPolicy, error) {
	var doc struct {
		Expiration *string           `json:"expiration"`
		Conditions []json.RawMessage `json:"conditions"`
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&doc); err != nil {
		return nil, invalidPolicy("Invalid Policy: Invalid JSON.")
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, invalidPolicy("Invalid Policy: Invalid JSON.")
	}
	if doc.Expiration == nil {
		return nil, invalidPolicy("Invalid Policy: Policy missing expiration.")
	}
	if doc.Conditions == nil {
		return nil, invalidPolicy("Invalid Policy: Policy missing conditions.")
	}
	p := &postPolicy{size: sizes{0, maxObject}}
	var err error
	if p.expiration, err = time.Parse(time.RFC3339, *doc.Expiration); err != nil {
		return nil, invalidPolicy("Invalid Policy: Invalid 'expiration' value: '" + *doc.Expiration + "'")
	}
	for _, c := range doc.Conditions {
		if err := p.add(c); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// add reads one condition: {"field": "value"} or [operator, "$field", "value"].
func (p *postPolicy) add(raw json.RawMessage) error {
	var object map[string]string
	if json.Unmarshal(raw, &object) == nil && len(object) == 1 {
		for field, want := range object {
			text, _ := json.Marshal([]string{"eq", "$" + field, want})
			p.conditions = append(p.conditions, postCondition{"eq", strings.ToLower(field), want, spaced(text)})
		}
		return nil
	}
	var list []any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if d.Decode(&list) != nil || len(list) != 3 {
		return invalidPolicy("Invalid Policy: Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.")
	}
	operator, _ := list[0].(string)
	if operator = strings.ToLower(operator); operator == "content-length-range" {
		return p.limit(list[1], list[2])
	}
	field, okField := list[1].(string)
	want, okWant := list[2].(string)
	field, dollar := strings.CutPrefix(field, "$")
	if !okField || !okWant || !dollar || operator != "eq" && operator != "starts-with" {
		return invalidPolicy("Invalid Policy: Invalid Condition: unknown operation '" + operator + "'.")
	}
	p.conditions = append(p.conditions, postCondition{operator, strings.ToLower(field), want, spaced(raw)})
	return nil
}

func (p *postPolicy) limit(least, most any) error {
	from, okFrom := whole(least)
	to, okTo := whole(most)
	if !okFrom || !okTo || from < 0 || to < from {
		return invalidPolicy("Invalid Policy: Invalid Condition: content-length-range.")
	}
	p.size = sizes{max(p.size.least, from), min(p.size.most, to)}
	return nil
}

// whole reads a number, which some clients write as a text.
func whole(v any) (int64, bool) {
	if text, ok := v.(string); ok {
		v = json.Number(text)
	}
	number, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	n, err := number.Int64()
	return n, err == nil
}

// spaced writes a condition as S3 does.
func spaced(raw []byte) string {
	var list []string
	if json.Unmarshal(raw, &list) != nil {
		return string(raw)
	}
	for i := range list {
		quoted, _ := json.Marshal(list[i])
		list[i] = string(quoted)
	}
	return "[" + strings.Join(list, ", ") + "]"
}

func invalidPolicy(message string) error {
	return writ.Errorf(400, "InvalidPolicyDocument", "%s", message)
}

func outside(why string) error { return writ.AccessDenied("%s", "Invalid according to Policy: "+why) }
