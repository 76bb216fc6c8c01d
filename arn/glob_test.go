package arn_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/writ-iam/writ/arn"
)

func ExampleGlob_MatchARN() {
	queues := arn.NewGlob("arn:aws:sqs:*:111122223333:jobs-*")
	fmt.Println(queues.MatchARN("arn:aws:sqs:eu-west-1:111122223333:jobs-high"))
	fmt.Println(queues.MatchARN("arn:aws:sqs:eu-west-1:444455556666:jobs-high"))
	// Output:
	// true
	// false
}

func TestMatch(t *testing.T) {
	tests := []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true},
		{"", "a", false},
		{"a", "a", true},
		{"a", "A", false},
		{"*", "", true},
		{"*", "a/b:c", true},
		{"**", "a", true},
		{"?", "", false},
		{"?", "a", true},
		{"?", "€", true},
		{"??", "€", false},
		{"?", "\xff", true},
		{"a*", "a", true},
		{"a*b", "ab", true},
		{"a*b", "aXbXb", true},
		{"a*b", "aXbX", false},
		{"*b", "b", true},
		{"*ab*", "xaabx", true},
		{"*a?b*", "xaxbx", true},
		{"*a?b*", "xabx", false},
		{"*?b", "b", false},
		{"*?b", "€b", true},
		{"a*?", "a", false},
		{"a*?", "ab", true},
		{"?*?", "ab", true},
		{"?*?", "a", false},
		{"ab*ba", "aba", false}, // head and tail do not overlap
		{"*?€*", "a€", true},
		{"a?c", "abd", false},
		{"a?", "abc", false},
		{"?b*", "xc", false},
		{"*a?", "ba", false},
		{"*x?y", "xyy", true},
		{"*x?y", "zzz", false},
		{"*x?y*", "zzz", false},
		{"*xy*", "zzz", false},
		{"*x?y*", "xyxzyz", true},
		{"[a-z]", "b", false},
		{"[a-z]", "[a-z]", true},
	}
	for _, test := range tests {
		g := arn.NewGlob(test.pattern)
		if got := g.Match(test.text); got != test.want {
			t.Errorf("%q matches %q: %t", test.pattern, test.text, got)
		}
		if g.String() != test.pattern {
			t.Errorf("%q prints as %q", test.pattern, g)
		}
		if literal := !strings.ContainsAny(test.pattern, "*?"); g.Literal() != literal {
			t.Errorf("%q is literal: %t", test.pattern, !literal)
		}
	}
}

func TestMatchARN(t *testing.T) {
	tests := []struct {
		pattern, text string
		want          bool
	}{
		{"arn:aws:s3:::b/*", "arn:aws:s3:::b/x:y", true},
		{"arn:aws:s3:::b/*", "arn:aws:s3:::c/x", false},
		{"arn:*:sqs:*:*:q", "arn:aws-cn:sqs:cn-north-1:111122223333:q", true},
		{"arn:aws:sqs:*:q", "arn:aws:sqs:eu-west-1:111122223333:q", false},
		{"arn:aws:sqs:*:x:q", "arn:aws:sqs:eu-west-1:111122223333:x:q", false},
		{"arn:aws:s?:::b", "arn:aws:s3:::b", true},
		{"*", "arn:aws:s3:::b", false},
		{"arn:aws:s3:::*", "*", false},
	}
	for _, test := range tests {
		if got := arn.NewGlob(test.pattern).MatchARN(test.text); got != test.want {
			t.Errorf("%q matches %q: %t", test.pattern, test.text, got)
		}
	}
}

func TestMatchFold(t *testing.T) {
	tests := []struct {
		pattern, text string
		want          bool
	}{
		{"s3:get*", "s3:GetObject", true},
		{"s3:*object", "S3:GETOBJECT", true},
		{"s3:?etobject", "s3:GetObject", true},
		{"s3:getobject?", "s3:GetObject", false},
		{"s3:getobject*", "s3:GetObject", true},
		{"s3:*a*b", "s3:aXbXa", false},
		{"S3:GET?BJECT", "s3:getobject", true},
		{"*", "", true},
	}
	for _, test := range tests {
		if got := arn.NewGlob(test.pattern).MatchFold(test.text); got != test.want {
			t.Errorf("%q matches %q: %t", test.pattern, test.text, got)
		}
	}
}

// expression is the pattern as a regular expression.
func expression(pattern string) *regexp.Regexp {
	return regexp.MustCompile("(?s)^" + strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(pattern)) + "$")
}

func FuzzMatch(f *testing.F) {
	f.Add("a*b?c*", "aXXbYcZ")
	f.Add("*?*?", "€ß")
	f.Add("arn:*:s3:::b/*", "arn:aws:s3:::b/k")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if !utf8.ValidString(pattern) || !utf8.ValidString(text) || len(pattern) > 500 {
			t.Skip()
		}
		g, want := arn.NewGlob(pattern), expression(pattern)
		if got := g.Match(text); got != want.MatchString(text) {
			t.Errorf("%q matches %q: %t", pattern, text, got)
		}
		if arn.Match(pattern, text) != g.Match(text) || arn.MatchARN(pattern, text) != g.MatchARN(text) || arn.MatchFold(pattern, text) != g.MatchFold(text) {
			t.Errorf("%q and its Glob do not match %q alike", pattern, text)
		}
		lower, ascii := strings.ToLower(pattern), !strings.ContainsFunc(pattern+text, func(r rune) bool { return r >= 0x80 })
		if ascii && g.MatchFold(text) != expression(lower).MatchString(strings.ToLower(text)) {
			t.Errorf("%q does not fold %q as it should", lower, text)
		}
		if g.MatchARN(text) && !g.Match(text) {
			t.Errorf("%q fits the ARN %q but not the text", pattern, text)
		}
	})
}

// TestMatchIsLinear: a text sixteen times as long takes about sixteen times as
// long, also when every star could be anywhere.
func TestMatchIsLinear(t *testing.T) {
	for _, pattern := range []string{"*a*a*a*a*a*a*a*b", "*?a?*?a?*?a?*?b", strings.Repeat("a*", 100) + "b"} {
		g := arn.NewGlob(pattern)
		short, long := strings.Repeat("a", 20_000), strings.Repeat("a", 320_000)
		if fast, slow := timed(g, short), timed(g, long); slow > 100*fast && slow > 50*time.Millisecond {
			t.Errorf("%s: %v, then %v", pattern, fast, slow)
		}
	}
}

// timed is the quickest of three.
func timed(g arn.Glob, text string) time.Duration {
	best := time.Hour
	for range 3 {
		start := time.Now()
		g.Match(text)
		best = min(best, time.Since(start))
	}
	return best
}

func BenchmarkMatchARN(b *testing.B) {
	for name, pattern := range map[string]string{
		"prefix": "arn:aws:s3:::reports/2026/*",
		"fields": "arn:*:s3:*:*:reports/*",
		"stars":  "arn:aws:s3:::*ports/*/data/*?",
	} {
		b.Run(name, func(b *testing.B) {
			g := arn.NewGlob(pattern)
			b.ReportAllocs()
			for b.Loop() {
				g.MatchARN("arn:aws:s3:::reports/2026/11/data/part-0001.parquet")
			}
		})
	}
}
