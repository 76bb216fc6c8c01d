package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/policy/validate"
)

// A policy from somewhere else must not steer the terminal that shows it.
func TestFindingsArePrintable(t *testing.T) {
	src := "{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Allow\", \"Action\": \"s3:\u009b31m\u202e\u007f\", \"Resource\": \"*\"}}"
	for _, text := range []string{src, src + "\x1b[2J", strings.Replace(src, "s3:", `s3:\u001b[2J`, 1)} {
		var b bytes.Buffer
		findings := validate.Document([]byte(text), policy.IdentityPolicy)
		if err := printFindings(&b, "a.json", text, findings); err != nil || len(findings) == 0 {
			t.Fatal(err, findings)
		}
		if strings.ContainsAny(b.String(), "\x1b\u009b\u202e\u007f") {
			t.Errorf("printed %q", b.String())
		}
	}
}

func TestExcerpt(t *testing.T) {
	for _, test := range []struct {
		text       string
		from, to   int
		line, mark string
	}{
		{"ab\n\tcd: 5\nef", 4, 6, " cd: 5", " ^~"},
		{"ab\ncd", 1, 4, "ab", " ^"},
		{"", 0, 0, "", "^"},
		{"ab", 2, 2, "ab", "  ^"},
		{"äöü", 2, 4, "äöü", " ^"},
		{strings.Repeat("x", 100) + "YZ" + strings.Repeat("x", 100), 100, 102, "…" + strings.Repeat("x", 30) + "YZ" + strings.Repeat("x", 30) + "…", strings.Repeat(" ", 31) + "^~"},
	} {
		f := validate.Finding{Start: policy.Position{Offset: test.from}, End: policy.Position{Offset: test.to}}
		if line, mark := excerpt(test.text, f); line != test.line || mark != test.mark {
			t.Errorf("%q: got\n%q\n%q", test.text, line, mark)
		}
	}
}
