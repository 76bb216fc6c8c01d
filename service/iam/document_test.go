package iam

import (
	"net/url"
	"testing"
)

func TestSizeLeavesOutWhiteSpace(t *testing.T) {
	for text, want := range map[string]int{
		"":                              0,
		"{ \"a\" :\r\n\t\"b\" }":        9,
		"é\u00a0ü":                      2,
		`{"Version":"2012-10-17"}`:      24,
		"{\"Version\": \"2012-10-17\"}": 24,
	} {
		if got := size(text); got != want {
			t.Errorf("size(%q) = %d, want %d", text, got, want)
		}
	}
}

func TestEncoded(t *testing.T) {
	for text, want := range map[string]string{
		`{"Action": "s3:*"}`: "%7B%22Action%22%3A%20%22s3%3A%2A%22%7D",
		"a-b_c.d~e/+é":       "a-b_c.d~e%2F%2B%C3%A9",
	} {
		got := encoded(text)
		if got != want {
			t.Errorf("encoded(%q) = %q, want %q", text, got, want)
		}
		if back, err := url.PathUnescape(got); err != nil || back != text {
			t.Errorf("%q decodes to %q, %v", got, back, err)
		}
	}
}
