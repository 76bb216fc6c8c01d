package s3_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/sigv4"
)

// A bucket may be named by the host, and its settings and objects are the same.
func TestHostStyle(t *testing.T) {
	lab := awstest.New(t)
	do := func(method, url, body string) (int, string) {
		r := httptest.NewRequest(method, url, strings.NewReader(body))
		r.Header.Set("Content-Length", strconv.Itoa(len(body)))
		if err := sigv4.Sign(r, awstest.Root, sigv4.Scope{Region: "us-east-1", Service: "s3"}, sigv4.HashPayload([]byte(body)), lab.Now()); err != nil {
			t.Fatal(err)
		}
		answer := lab.Do(r)
		text, _ := io.ReadAll(answer.Body)
		return answer.StatusCode, string(text)
	}
	for _, c := range []struct{ method, url, body, want string }{
		{"PUT", "http://lab.localhost:4810/", "", ""},
		{"PUT", "http://lab.localhost:4810/a/b.txt", "hello", ""},
		{"GET", "http://lab.s3.amazonaws.com/a/b.txt", "", "hello"},
		{"GET", "http://localhost:4810/lab/a/b.txt", "", "hello"},
		{"GET", "http://lab.localhost:4810/?publicAccessBlock", "", "<BlockPublicPolicy>true</BlockPublicPolicy>"},
		{"GET", "http://lab.localhost:4810/?acl", "", `xsi:type="CanonicalUser"`},
		{"GET", "http://lab.localhost:4810/a/b.txt?acl", "", "<Permission>FULL_CONTROL</Permission>"},
	} {
		status, body := do(c.method, c.url, c.body)
		if status != http.StatusOK || !strings.Contains(body, c.want) {
			t.Errorf("%s %s: %d %s", c.method, c.url, status, body)
		}
	}
}
