package server_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/sigv4"
)

// sink is a ResponseWriter that keeps the status alone.
type sink struct {
	header http.Header
	status int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) Write(p []byte) (int, error) { return len(p), nil }
func (s *sink) WriteHeader(status int)      { s.status = status }

// benchmark answers one call of root again and again: the request path without
// HTTP, all in memory.
func benchmark(b *testing.B, service, body string) {
	lab := awstest.New(b)
	r := httptest.NewRequest("POST", "http://localhost/", nil)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	answer(b, lab, r, service, body)
}

// answer has a lab answer a request of root again and again.
func answer(b *testing.B, lab *awstest.Lab, r *http.Request, service, body string) {
	scope := sigv4.Scope{Region: "us-east-1", Service: service}
	if err := sigv4.Sign(r, awstest.Root, scope, sigv4.HashPayload([]byte(body)), lab.Now()); err != nil {
		b.Fatal(err)
	}
	handler, reader := lab.Server.Handler(), bytes.NewReader(nil)
	r.Body, r.ContentLength = io.NopCloser(reader), int64(len(body))
	b.ReportAllocs()
	for b.Loop() {
		reader.Reset([]byte(body))
		w := sink{header: http.Header{}}
		if handler.ServeHTTP(&w, r); w.status != http.StatusOK {
			b.Fatal(w.status)
		}
	}
}

func BenchmarkGetCallerIdentity(b *testing.B) {
	benchmark(b, "sts", "Action=GetCallerIdentity&Version=2011-06-15")
}

func BenchmarkListUsers(b *testing.B) {
	benchmark(b, "iam", listUsers)
}

// BenchmarkPutObject writes a small object, whose bytes go to a file.
func BenchmarkPutObject(b *testing.B) {
	lab := awstest.New(b)
	if _, err := lab.Call(awstest.Root, "s3", "CreateBucket", map[string]any{"Bucket": "lab"}); err != nil {
		b.Fatal(err)
	}
	r := httptest.NewRequest("PUT", "http://localhost/lab/key", nil)
	r.Header.Set("Content-Length", "1")
	answer(b, lab, r, "s3", "x")
}
