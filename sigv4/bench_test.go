package sigv4

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"testing"
	"time"
)

const benchBody = "Action=CreateUser&Version=2010-05-08&UserName=somebody&Path=%2Fdivision%2F"

// benchRequest is a call as the AWS CLI makes it.
func benchRequest(t testing.TB) *http.Request {
	r := outgoing(t, "POST", "https://iam.amazonaws.com/", benchBody,
		"Content-Type", "application/x-www-form-urlencoded; charset=utf-8", "User-Agent", "aws-cli/2.9.19", "Accept-Encoding", "identity")
	creds := Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: suiteSecret}
	if err := Sign(r, creds, Scope{Region: "us-east-1", Service: "iam"}, HashPayload([]byte(benchBody)), at(t, testStamp)); err != nil {
		t.Fatal(err)
	}
	return incoming(t, r)
}

// verifyAll is everything that a server does for one request.
func verifyAll(r *http.Request, body []byte, keys *Keys, rules Rules, now time.Time) error {
	sum := sha256.Sum256(body)
	s, err := Parse(r)
	if err != nil {
		return err
	}
	if err := s.Check(r, rules, now); err != nil {
		return err
	}
	return s.Verify(r, sum[:], keys.Key(s.AccessKeyID, suiteSecret, s.Scope))
}

func BenchmarkVerify(b *testing.B) {
	r, keys, body, now := benchRequest(b), NewKeys(10), []byte(benchBody), at(b, testStamp)
	rules := Rules{Service: "iam"}
	b.ReportAllocs()
	for b.Loop() {
		if err := verifyAll(r, body, keys, rules, now); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerifyParallel(b *testing.B) {
	r, keys, body, now := benchRequest(b), NewKeys(10), []byte(benchBody), at(b, testStamp)
	rules := Rules{Service: "iam"}
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := verifyAll(r, body, keys, rules, now); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

// BenchmarkBareHashes does what no verification can do without: hash the body
// and the canonical request, and take the HMAC of the string to sign.
func BenchmarkBareHashes(b *testing.B) {
	r, body := benchRequest(b), []byte(benchBody)
	s, err := Parse(r)
	if err != nil {
		b.Fatal(err)
	}
	w := new(scratch)
	if err := w.canonicalRequest(r, &s, []byte(HashPayload(body))); err != nil {
		b.Fatal(err)
	}
	canonical := append([]byte(nil), w.text...)
	text := []byte(Algorithm + "\n" + s.stamp + "\n" + s.scope + "\n" + hex.EncodeToString(make([]byte, sha256.Size)))
	mac := hmac.New(sha256.New, make([]byte, sha256.Size))
	out := make([]byte, 0, sha256.Size)
	b.ReportAllocs()
	for b.Loop() {
		sha256.Sum256(body)
		sha256.Sum256(canonical)
		mac.Reset()
		mac.Write(text)
		out = mac.Sum(out[:0])
	}
}

func BenchmarkNewKey(b *testing.B) {
	scope := Scope{"20260131", "us-east-1", "iam"}
	for b.Loop() {
		NewKey(suiteSecret, scope)
	}
}
