package main

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/writ-iam/writ/sigv4"
)

// ask makes a signed call of Writ's own service; body is JSON, or nil.
func ask(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	return call(ctx, "writ", method, path, http.Header{"Content-Type": {"application/json"}}, body)
}

// askEC2 makes a signed call of an operation of EC2.
func askEC2(ctx context.Context, operation string, form url.Values) ([]byte, error) {
	form.Set("Action", operation)
	form.Set("Version", "2016-11-15")
	header := http.Header{"Content-Type": {"application/x-www-form-urlencoded; charset=utf-8"}}
	return call(ctx, "ec2", "POST", "/", header, []byte(form.Encode()))
}

// askCloudTrail makes a signed call of an operation of CloudTrail.
func askCloudTrail(ctx context.Context, operation string, in any) ([]byte, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	header := http.Header{"Content-Type": {"application/x-amz-json-1.1"}, "X-Amz-Target": {"CloudTrail_20131101." + operation}}
	return call(ctx, "cloudtrail", "POST", "/", header, body)
}

// refused is an error that a server answered.
type refused struct{ code, message string }

func (e *refused) Error() string { return e.code + ": " + e.message }

// Code is the error's code alone.
func (e *refused) Code() string { return e.code }

// call makes a signed request, with the AWS variables.
func call(ctx context.Context, service, method, path string, header http.Header, body []byte) ([]byte, error) {
	creds := sigv4.Credentials{AccessKeyID: os.Getenv("AWS_ACCESS_KEY_ID"), SecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY"), SessionToken: os.Getenv("AWS_SESSION_TOKEN")}
	if creds.AccessKeyID == "" {
		return nil, errors.New(`no credentials: eval "$(writ env)" sets them`)
	}
	return callAs(ctx, creds, service, method, path, header, body)
}

func callAs(ctx context.Context, creds sigv4.Credentials, service, method, path string, header http.Header, body []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, or(os.Getenv("AWS_ENDPOINT_URL"), "http://"+defaultAddress)+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if body != nil {
		r.Header = header.Clone() // signing adds to it
	}
	scope := sigv4.Scope{Region: region(), Service: service}
	if err := sigv4.Sign(r, creds, scope, sigv4.HashPayload(body), time.Now()); err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	out, err := io.ReadAll(io.LimitReader(answer.Body, 16<<20))
	if err == nil && answer.StatusCode != http.StatusOK {
		return nil, failure(answer, out)
	}
	return out, err
}

func region() string {
	return or(or(os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION")), "us-east-1")
}

// failure reads an error in JSON or in XML.
func failure(answer *http.Response, body []byte) error {
	var e struct {
		Type    string `json:"__type"`
		Message string
	}
	if json.Unmarshal(body, &e) == nil {
		return &refused{or(or(answer.Header.Get("X-Amzn-Errortype"), e.Type), answer.Status), e.Message}
	}
	var all struct {
		Errors []struct{ Code, Message string } `xml:"Errors>Error"` // of EC2
		Error  *struct{ Code, Message string }  // of IAM and STS
	}
	if xml.Unmarshal(body, &all) != nil {
		return fmt.Errorf("%s", answer.Status)
	}
	if len(all.Errors) > 0 {
		return &refused{all.Errors[0].Code, all.Errors[0].Message}
	}
	if all.Error != nil {
		return &refused{all.Error.Code, all.Error.Message}
	}
	return fmt.Errorf("%s", answer.Status)
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
