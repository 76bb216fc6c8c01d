package s3_test

import (
	"encoding/xml"
	"io"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/writ-iam/writ/internal/awstest"
)

// listed is what the tests read of an answer with a list.
type listed struct {
	Contents, Version, DeleteMarker []struct{ Key, VersionId, IsLatest string }
	CommonPrefixes                  []struct{ Prefix string }
	IsTruncated                     bool
	NextMarker, NextKeyMarker       string
	NextVersionIdMarker             string
	NextContinuationToken           string
	Code                            string
}

func list(t testing.TB, l *awstest.Lab, query string) (got listed) {
	t.Helper()
	body, err := io.ReadAll(send(t, l, "GET", "/lab?"+query, nil).Body)
	if err == nil {
		err = xml.Unmarshal(body, &got)
	}
	if err != nil {
		t.Fatalf("%s: %v in %q", query, err, body)
	}
	return got
}

func (g listed) keys() (all []string) {
	for _, c := range g.Contents {
		all = append(all, c.Key)
	}
	return all
}

// path is a key as clients write it into a path.
func path(key string) string { return strings.ReplaceAll(url.QueryEscape(key), "+", "%20") }

// A key is any text of up to 1,024 bytes: it never is a path.
func TestHostileKeys(t *testing.T) {
	l := awstest.New(t)
	send(t, l, "PUT", "/lab", nil)
	send(t, l, "PUT", "/other", nil)
	keys := []string{"..", "../other/x", "a/../b", "a//b", "/", "//", "/a", "a/", ".", "%2e%2e", "a?b#c", "a+b c", "\x00", "a\x00b", "a\x01", "\x7f", "\u202e", "\ufffe",
		"ключ/キー/🔑", strings.Repeat("🔑", 256), strings.Repeat("x", 1024), "a\\b", "a\r\nX-Injected: 1", "<>&\"'"}
	for _, key := range keys {
		if got := outcome(t, send(t, l, "PUT", "/lab/"+path(key), []byte(key))); got != "200" {
			t.Errorf("put %q: %s", key, got)
		}
	}
	for _, key := range keys {
		r := send(t, l, "GET", "/lab/"+path(key), nil)
		if body, err := io.ReadAll(r.Body); err != nil || string(body) != key || r.Header.Get("X-Injected") != "" {
			t.Errorf("get %q: %d %q, %v", key, r.StatusCode, body, err)
		}
	}
	var all []string
	for _, key := range list(t, l, "list-type=2&encoding-type=url").keys() {
		plain, err := url.QueryUnescape(key)
		if err != nil {
			t.Errorf("%q: %v", key, err)
		}
		all = append(all, plain)
	}
	slices.Sort(keys)
	if !slices.Equal(all, keys) {
		t.Errorf("listed %q, want %q", all, keys)
	}
	if got := list(t, l, "list-type=2"); len(got.Contents) != len(keys) {
		t.Errorf("%d keys in plain XML", len(got.Contents))
	}
	if got := outcome(t, send(t, l, "GET", "/other/x", nil)); got != "404 NoSuchKey" {
		t.Errorf("a key got out of its bucket: %s", got)
	}
	for key, want := range map[string]string{strings.Repeat("x", 1025): "400 KeyTooLongError", strings.Repeat("🔑", 256) + "x": "400 KeyTooLongError", "%ff": "400 InvalidURI"} {
		if key != "%ff" {
			key = path(key)
		}
		if got := outcome(t, send(t, l, "PUT", "/lab/"+key, nil)); got != want {
			t.Errorf("put a key of %d bytes: %s, want %s", len(key), got, want)
		}
	}
}

// Whatever is asked of a list: it ends, and is right.
func TestHostileLists(t *testing.T) {
	l := awstest.New(t)
	send(t, l, "PUT", "/lab", nil)
	keys := []string{"a", "a\x01b", "a/b", "a/b/c", "a🔑b", "a🔑c", "b"}
	for _, key := range keys {
		send(t, l, "PUT", "/lab/"+path(key), nil)
	}
	for query, want := range map[string]string{
		"prefix=" + strings.Repeat("x", 2000):    "",
		"prefix=a%01":                            "a\ufffdb",
		"delimiter=%01":                          "a a/b a/b/c a🔑b a🔑c b | a\ufffd",
		"delimiter=%F0%9F%94%91":                 "a a\ufffdb a/b a/b/c b | a🔑",
		"prefix=a%F0%9F%94%91":                   "a🔑b a🔑c",
		"delimiter=/b":                           "a a\ufffdb a🔑b a🔑c b | a/b",
		"delimiter=" + strings.Repeat("x", 2000): "a a\ufffdb a/b a/b/c a🔑b a🔑c b",
		"start-after=zzz&prefix=a":               "",
		"start-after=0&prefix=b":                 "b",
		"start-after=a/b&prefix=a/b":             "a/b/c",
		"start-after=a/&delimiter=/":             "a🔑b a🔑c b",
		"prefix=b&delimiter=b":                   "b",
		"max-keys=2147483647":                    "a a\ufffdb a/b a/b/c a🔑b a🔑c b",
		"max-keys=0":                             "",
		"max-keys=2":                             "a a\ufffdb",
		"max-keys=-1":                            "InvalidArgument",
		"max-keys=2147483648":                    "InvalidArgument",
		"max-keys=x":                             "InvalidArgument",
		"encoding-type=base64":                   "InvalidArgument",
		"continuation-token=x":                   "InvalidArgument",
		"prefix=%ff":                             "InvalidArgument",
		"prefix=a/b%00":                          "",
		"start-after=" + strings.Repeat("%F0%9F%94%91", 600): "",
	} {
		got := list(t, l, "list-type=2&"+query)
		text := strings.Join(got.keys(), " ") + got.Code
		for i, p := range got.CommonPrefixes {
			if i == 0 {
				text += " |"
			}
			text += " " + p.Prefix
		}
		if text != want {
			t.Errorf("%s: %q, want %q", query, text, want)
		}
	}
}
