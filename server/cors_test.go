package server_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/writ-iam/writ/internal/awstest"
)

const app = "https://app.example.com"

// newShared is a lab with a bucket that anybody may read, and that the pages of
// one site may reach by GET.
func newShared(t *testing.T) *awstest.Lab {
	lab := awstest.New(t)
	must := func(operation string, params map[string]any) {
		if _, err := lab.Call(awstest.Root, "s3", operation, params); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"lab", "other"} {
		must("CreateBucket", map[string]any{"Bucket": name})
		must("PutObject", map[string]any{"Bucket": name, "Key": "a.txt", "Body": "hello"})
		must("DeletePublicAccessBlock", map[string]any{"Bucket": name})
		must("PutBucketPolicy", map[string]any{"Bucket": name,
			"Policy": `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::` + name + `/*"}}`})
	}
	must("PutBucketCors", map[string]any{"Bucket": "lab", "CORSConfiguration": map[string]any{"CORSRules": []any{map[string]any{"AllowedOrigins": []any{app},
		"AllowedMethods": []any{"GET", "POST"}, "AllowedHeaders": []any{"x-*"}, "ExposeHeaders": []any{"ETag"}, "MaxAgeSeconds": 60}}}})
	return lab
}

func crossOrigin(lab *awstest.Lab, method, url string, header map[string]string) *http.Response {
	r := httptest.NewRequest(method, url, nil)
	for name, value := range header {
		r.Header.Set(name, value)
	}
	return lab.Do(r)
}

// A page gets in by the rules of the bucket that it asks for, and nowhere else.
func TestCrossOrigin(t *testing.T) {
	lab := newShared(t)
	lab.AllowReset()
	from := func(origin string, more ...string) map[string]string {
		h := map[string]string{"Origin": origin, "Sec-Fetch-Site": "cross-site"}
		for i := 0; i < len(more); i += 2 {
			h[more[i]] = more[i+1]
		}
		return h
	}
	cases := []struct {
		name, method, url string
		header            map[string]string
		status            int
	}{
		{"a page of the site", "GET", "http://localhost/lab/a.txt", from(app), 200},
		{"by the bucket's own name", "GET", "http://lab.localhost/a.txt", from(app), 200},
		{"a page of another site", "GET", "http://localhost/lab/a.txt", from("https://evil.example"), 403},
		{"a method that is not allowed", "DELETE", "http://localhost/lab/a.txt", from(app), 403},
		{"a bucket without rules", "GET", "http://localhost/other/a.txt", from(app), 403},
		{"a link, whose site nobody tells", "GET", "http://localhost/lab/a.txt", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		{"another service by its host", "GET", "http://iam.localhost/lab/a.txt", from(app), 403},
		{"another service by its signature", "GET", "http://localhost/lab/a.txt",
			from(app, "Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=00"), 403},
		{"another service by its form", "POST", "http://localhost/lab/a.txt", from(app, "Content-Type", "application/x-www-form-urlencoded"), 403},
		{"another service by its target", "POST", "http://localhost/lab", from(app, "X-Amz-Target", "CloudTrail_20131101.LookupEvents"), 403},
		{"Writ's own", "POST", "http://localhost/_writ/reset", from(app, "X-Writ-Reset", "true"), 403},
		{"Writ's own, by a bucket's name", "POST", "http://lab.localhost/_writ/reset", from(app, "X-Writ-Reset", "true"), 403},
		{"asking first", "OPTIONS", "http://localhost/lab/a.txt", from(app, "Access-Control-Request-Method", "GET", "Access-Control-Request-Headers", "X-Amz-Date"), 200},
		{"asking for a header that is not allowed", "OPTIONS", "http://localhost/lab/a.txt", from(app, "Access-Control-Request-Method", "GET", "Access-Control-Request-Headers", "Authorization"), 403},
		{"asking for a method that is not", "OPTIONS", "http://localhost/lab/a.txt", from(app, "Access-Control-Request-Method", "PUT"), 403},
		{"asking for none", "OPTIONS", "http://localhost/lab/a.txt", from(app), 403},
		{"asking for Writ's own", "OPTIONS", "http://lab.localhost/_writ/reset", from(app, "Access-Control-Request-Method", "POST"), 403},
	}
	for _, c := range cases {
		answer := crossOrigin(lab, c.method, c.url, c.header)
		if answer.StatusCode != c.status {
			t.Errorf("%s: %d, want %d", c.name, answer.StatusCode, c.status)
		}
		allowed := answer.Header.Get("Access-Control-Allow-Origin")
		if (allowed == app) != (c.status == 200) {
			t.Errorf("%s: Access-Control-Allow-Origin is %q", c.name, allowed)
		}
	}
	answer := crossOrigin(lab, "GET", "http://localhost/lab/a.txt", from(app))
	if answer.Header.Get("Access-Control-Expose-Headers") != "ETag" || answer.Header.Get("Vary") == "" || answer.Header.Get("Etag") == "" {
		t.Errorf("headers %v", answer.Header)
	}
}
