package main

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/writ-iam/writ/sigv4"
)

// target is where calls go and in whose name.
type target struct {
	address string
	creds   sigv4.Credentials
}

// versions are those that the query protocol names.
var versions = map[string]string{"sts": "2011-06-15", "iam": "2010-05-08"}

// signed makes the bytes of a signed request as the Go SDK sends it. parameters
// come in pairs.
func (s target) signed(service, action string, parameters ...string) ([]byte, error) {
	form := url.Values{"Action": {action}, "Version": {versions[service]}}
	for i := 0; i < len(parameters); i += 2 {
		form.Set(parameters[i], parameters[i+1])
	}
	body := form.Encode()
	r, err := http.NewRequest("POST", "http://"+s.address+"/", strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header = http.Header{
		"Content-Type":          {"application/x-www-form-urlencoded"},
		"User-Agent":            {"aws-sdk-go-v2/1.47.7 ua/2.1 os/linux lang/go#1.26 md/GOOS#linux md/GOARCH#amd64 api/" + service + "#1.64.8"},
		"Amz-Sdk-Invocation-Id": {"6b5b0f4e-4c0e-4a5d-9d3e-0c8b7a1f2e3d"},
		"Amz-Sdk-Request":       {"attempt=1; max=3"},
		"Accept-Encoding":       {"gzip"},
	}
	scope := sigv4.Scope{Region: "us-east-1", Service: service}
	if err := sigv4.Sign(r, s.creds, scope, sigv4.HashPayload([]byte(body)), time.Now()); err != nil {
		return nil, err
	}
	var raw bytes.Buffer
	err = r.Write(&raw)
	return raw.Bytes(), err
}

// users makes requests that create users numbered from first on.
func (s target) users(first, n int) ([][]byte, error) {
	requests := make([][]byte, n)
	for i := range requests {
		var err error
		if requests[i], err = s.signed("iam", "CreateUser", "UserName", userName(first+i)); err != nil {
			return nil, err
		}
	}
	return requests, nil
}

// fill creates users numbered from first on and returns how long it took.
func (s target) fill(first, n int) (time.Duration, error) {
	requests, err := s.users(first, n)
	if err != nil {
		return 0, err
	}
	p, err := dialAll(s.address)
	if err != nil {
		return 0, err
	}
	defer p.Close()
	return p.sendAll(requests)
}
