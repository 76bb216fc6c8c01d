package server_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/sigv4"
	"github.com/writ-iam/writ/store/events"
)

// request makes a query request of IAM, signed by creds as of a time.
func request(t *testing.T, creds sigv4.Credentials, body string, now time.Time) *http.Request {
	t.Helper()
	return requestOf(t, "iam", creds, body, now)
}

func requestOf(t *testing.T, service string, creds sigv4.Credentials, body string, now time.Time) *http.Request {
	t.Helper()
	r := httptest.NewRequest("POST", "http://localhost/", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	if creds.AccessKeyID == "" {
		return r
	}
	scope := sigv4.Scope{Region: "us-east-1", Service: service}
	if err := sigv4.Sign(r, creds, scope, sigv4.HashPayload([]byte(body)), now); err != nil {
		t.Fatal(err)
	}
	return r
}

const listUsers = "Action=ListUsers&Version=2010-05-08"

// unserved is an operation of EC2.
const unserved = "Action=AcceptAddressTransfer&Version=2016-11-15"

// TestRefusals goes through the request path from left to right: each request
// is right up to the step that refuses it.
func TestRefusals(t *testing.T) {
	lab := awstest.New(t)
	wrong := sigv4.Credentials{AccessKeyID: "test", SecretAccessKey: "wrong"}
	unknown := sigv4.Credentials{AccessKeyID: "AKIAQAAAAAAAPDY5XHGG", SecretAccessKey: "test"}
	now := lab.Now()
	cases := []struct {
		name    string
		request *http.Request
		status  int
		code    string
	}{
		{"too large", request(t, awstest.Root, listUsers+"&Padding="+strings.Repeat("x", 1<<20), now), 413, "RequestEntityTooLarge"},
		{"no service", httptest.NewRequest("POST", "http://localhost/", nil), 403, "MissingAuthenticationToken"},
		{"unknown action", request(t, awstest.Root, "Action=Nope&Version=2010-05-08", now), 400, "InvalidAction"},
		{"two actions", request(t, awstest.Root, listUsers+"&Action=DeleteUser", now), 400, ""},
		{"unsigned", request(t, sigv4.Credentials{}, listUsers, now), 403, "MissingAuthenticationToken"},
		{"unknown key", request(t, unknown, listUsers, now), 403, "InvalidClientTokenId"},
		{"wrong secret", request(t, wrong, listUsers, now), 403, "SignatureDoesNotMatch"},
		{"old signature", request(t, awstest.Root, listUsers, now.Add(-time.Hour)), 403, "SignatureDoesNotMatch"},
		{"not implemented", requestOf(t, "ec2", awstest.Root, unserved, now), 501, "NotImplemented"},
		{"bad input", request(t, awstest.Root, "Action=CreateUser&Version=2010-05-08", now), 400, "ValidationError"},
		{"no such user", request(t, awstest.Root, "Action=GetUser&Version=2010-05-08&UserName=bob", now), 404, "NoSuchEntity"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			answer := lab.Do(c.request)
			body, _ := io.ReadAll(answer.Body)
			if answer.StatusCode != c.status || !strings.Contains(string(body), "<Code>"+c.code) {
				t.Errorf("%d %s, want %d %s", answer.StatusCode, body, c.status, c.code)
			}
			if answer.Header.Get("X-Amzn-Requestid") == "" {
				t.Error("no request id")
			}
		})
	}
}

// An error does not tell what the signature should have been, nor anything of the key.
func TestWrongSignatureTellsNothing(t *testing.T) {
	lab := awstest.New(t)
	wrong := sigv4.Credentials{AccessKeyID: "test", SecretAccessKey: "wrong"}
	body, _ := io.ReadAll(lab.Do(request(t, wrong, listUsers, lab.Now())).Body)
	right := request(t, awstest.Root, listUsers, lab.Now()).Header.Get("Authorization")
	_, signature, _ := strings.Cut(right, "Signature=")
	if bytes.Contains(body, []byte(signature)) || bytes.Contains(body, []byte("Canonical")) {
		t.Errorf("%s", body)
	}
}

// Every outcome leaves its event: with the account if the caller is known, in
// the installation's log if not.
func TestEveryOutcomeIsRecorded(t *testing.T) {
	lab := awstest.New(t)
	now := lab.Now()
	cases := []struct {
		name    string
		request *http.Request
		account string
		code    string
	}{
		{"success", request(t, awstest.Root, listUsers, now), awstest.Account, ""},
		{"no such user", request(t, awstest.Root, "Action=GetUser&Version=2010-05-08&UserName=bob", now), awstest.Account, "NoSuchEntity"},
		{"bad input", request(t, awstest.Root, "Action=CreateUser&Version=2010-05-08", now), awstest.Account, "ValidationError"},
		{"not implemented", requestOf(t, "ec2", awstest.Root, unserved, now), awstest.Account, "Server.NotImplemented"},
		{"wrong secret", request(t, sigv4.Credentials{AccessKeyID: "test", SecretAccessKey: "wrong"}, listUsers, now), "", "SignatureDoesNotMatch"},
		{"unsigned", request(t, sigv4.Credentials{}, listUsers, now), "", "MissingAuthenticationToken"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			id := lab.Do(c.request).Header.Get("X-Amzn-Requestid")
			event := find(t, lab, c.account, id)
			if got, _ := event["errorCode"].(string); got != c.code {
				t.Errorf("errorCode %q, want %q", got, c.code)
			}
		})
	}
}

// find returns the event of a request.
func find(t *testing.T, lab *awstest.Lab, account, requestID string) map[string]any {
	t.Helper()
	page, _, err := lab.Events.Lookup(t.Context(), events.Query{Account: account, Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range page {
		var event map[string]any
		if err := json.Unmarshal(entry.Event, &event); err != nil {
			t.Fatal(err)
		}
		if event["requestID"] == requestID {
			return event
		}
	}
	t.Fatalf("no event of request %s in the log of %q", requestID, account)
	return nil
}
