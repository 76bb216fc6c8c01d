package audit

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/model"
)

// Whatever is named like a secret must be marked as one in the model, or be
// known here to be none: what is not marked is written into events.
func TestSecretsAreMarked(t *testing.T) {
	like := regexp.MustCompile(`(?i)secret|password|private|token|seed|png|assertion|userdata|keymaterial|code$`)
	none := []string{
		"NextToken", "ContinuationToken", "NextContinuationToken", // sealed, and good for nothing but the next page
		"GlobalEndpointTokenVersion",  // v1Token or v2Token
		"Code",                        // of an error
		"SubjectFromWebIdentityToken", // the subject's name
		"RemovePrivateKey",            // a key's id
		"AssertionEncryptionMode",
		"ClientToken",                        // a caller's own name for a request
		"HttpRedirectCode",                   // a status
		"HttpTokens",                         // required or optional
		"ErrorCode",                          // of an invalid policy
		"PaginationToken",                    // a position, sealed
		"PrivateDnsName", "PrivateIpAddress", // of an instance
	}
	for _, name := range model.Names() {
		m, err := model.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, op := range m.Operations {
			if op.Rule == nil {
				continue // never served
			}
			for _, s := range []*model.Shape{op.Input, op.Output} {
				walk(s, nil, func(member string, leaf *model.Shape) {
					if leaf.Type == "string" && like.MatchString(member) && !leaf.Sensitive && !leaf.Unrecorded && !slices.Contains(none, member) && !slices.Contains(none, name+"."+member) {
						t.Errorf("%s.%s: %s would be in events", name, op.Name, member)
					}
				})
			}
		}
	}
}

// Every operation that is served has an event, with what CloudTrail files it under.
func TestEveryOperationHasAnEvent(t *testing.T) {
	for _, name := range model.Names() {
		m, err := model.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, op := range m.Operations {
			if op.Rule == nil {
				continue
			}
			c := call(t, name, op.Name, john())
			c.Err = writ.ValidationError("no")
			e := newEvent(c, c.Caller.Account)
			e.finish(c)
			a := attributes(&e)
			if a[0].Value != op.Name || a[1].Value != m.Metadata.EndpointPrefix+".amazonaws.com" || e.ReadOnly != op.Rule.ReadOnly() || strings.TrimPrefix(e.ErrorCode, "Client.") != "ValidationError" {
				t.Errorf("%s.%s: %+v", name, op.Name, e)
			}
			if named := strings.HasPrefix(op.Name, "Get") || strings.HasPrefix(op.Name, "List") || strings.HasPrefix(op.Name, "Lookup"); named && !e.ReadOnly && !op.Rule.Issues {
				t.Errorf("%s.%s is recorded as a change", name, op.Name)
			}
			if changes := strings.HasPrefix(op.Name, "Create") || strings.HasPrefix(op.Name, "Put") || strings.HasPrefix(op.Name, "Delete") || strings.HasPrefix(op.Name, "Update"); changes && e.ReadOnly {
				t.Errorf("%s.%s is recorded as a read", name, op.Name)
			}
		}
	}
}

// walk calls yield for each scalar below a shape with the name of its member.
func walk(s *model.Shape, above []*model.Shape, yield func(string, *model.Shape)) {
	if s == nil || slices.Contains(above, s) {
		return
	}
	above = append(above, s)
	for i := range s.Members {
		m := &s.Members[i]
		yield(m.Name, m.Shape)
		walk(m.Shape, above, yield)
	}
	for _, r := range []*model.Ref{s.Member, s.Value} {
		if r != nil {
			walk(r.Shape, above, yield)
		}
	}
}
