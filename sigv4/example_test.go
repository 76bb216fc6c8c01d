package sigv4_test

import (
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/writ-iam/writ/sigv4"
)

var example = sigv4.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}

// A server that lets in who knows the secret.
func Example() {
	keys := sigv4.NewKeys(1000)
	authenticate := func(r *http.Request, body []byte) error {
		sig, err := sigv4.Parse(r)
		if err != nil {
			return err
		}
		if err := sig.Check(r, sigv4.Rules{Service: "iam"}, time.Now()); err != nil {
			return err
		}
		if sig.AccessKeyID != example.AccessKeyID {
			return sigv4.UnknownKey()
		}
		hash := sha256.Sum256(body)
		return sig.Verify(r, hash[:], keys.Key(sig.AccessKeyID, example.SecretAccessKey, sig.Scope))
	}
	const body = "Action=ListUsers&Version=2010-05-08"
	r := httptest.NewRequest("POST", "https://iam.amazonaws.com/", strings.NewReader(body))
	fmt.Println(authenticate(r, []byte(body)))

	sigv4.Sign(r, example, sigv4.Scope{Region: "us-east-1", Service: "iam"}, sigv4.HashPayload([]byte(body)), time.Now())
	fmt.Println(authenticate(r, []byte(body)))
	fmt.Println(authenticate(r, []byte("Action=DeleteUser"))) // altered on the way
	// Output:
	// MissingAuthenticationToken: Request is missing Authentication Token
	// <nil>
	// SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.
}

func ExampleSign() {
	r, _ := http.NewRequest("GET", "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08", nil)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	now := time.Date(2015, 8, 30, 12, 36, 0, 0, time.UTC)
	scope := sigv4.Scope{Region: "us-east-1", Service: "iam"}
	if err := sigv4.Sign(r, example, scope, sigv4.HashPayload(nil), now); err != nil {
		panic(err)
	}
	fmt.Println(r.Header.Get("Authorization"))
	// Output:
	// AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7
}

func ExamplePresign() {
	r, _ := http.NewRequest("GET", "https://sts.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15", nil)
	now := time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)
	scope := sigv4.Scope{Region: "us-east-1", Service: "sts"}
	if err := sigv4.Presign(r, example, scope, sigv4.HashPayload(nil), time.Minute, now); err != nil {
		panic(err)
	}
	fmt.Println(r.URL.Query().Get("X-Amz-Credential"), r.URL.Query().Get("X-Amz-Expires"))
	// Output:
	// AKIDEXAMPLE/20260131/us-east-1/sts/aws4_request 60
}

// A body that is too long to be read beforehand.
func ExampleSignature_Body() {
	const content = "a long object"
	r := httptest.NewRequest("PUT", "https://bucket.s3.amazonaws.com/key", strings.NewReader(content))
	sigv4.Sign(r, example, sigv4.Scope{Region: "us-east-1", Service: "s3"}, sigv4.HashPayload([]byte(content)), time.Now())

	sig, _ := sigv4.Parse(r)
	if err := sig.Check(r, sigv4.Rules{Service: "s3", S3: true}, time.Now()); err != nil {
		panic(err)
	}
	if err := sig.Verify(r, nil, sigv4.NewKey(example.SecretAccessKey, sig.Scope)); err != nil {
		panic(err)
	}
	body, _ := sig.Body(r)
	data, err := io.ReadAll(body) // good only if err is nil
	fmt.Printf("%s %v\n", data, err)
	// Output:
	// a long object <nil>
}
