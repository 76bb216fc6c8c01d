package imds_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Who may ask what, in which way.
func TestRequests(t *testing.T) {
	m := newMachine(t, map[string]any{"MetadataOptions": map[string]any{"HttpTokens": "required", "HttpPutResponseHopLimit": 1}})
	token := m.token()
	for _, test := range []struct {
		name, method, path string
		headers            []string
		want               int
	}{
		{"with a token", "GET", "/latest/meta-data/", []string{tokenHeader, token}, 200},
		{"HEAD", "HEAD", "/latest/meta-data/instance-id", []string{tokenHeader, token}, 200},
		{"a dated version", "GET", "/2021-07-15/meta-data/instance-id", []string{tokenHeader, token}, 200},
		{"a slash after a value", "GET", "/latest/meta-data/placement/availability-zone/", []string{tokenHeader, token}, 200},
		{"without a token", "GET", "/latest/meta-data/", nil, 401},
		{"an invented token", "GET", "/latest/meta-data/", []string{tokenHeader, "AQAEAJ"}, 401},
		{"two tokens", "GET", "/latest/meta-data/", []string{tokenHeader, token, tokenHeader, token}, 401},
		{"no such category", "GET", "/latest/meta-data/policies", []string{tokenHeader, token}, 404},
		{"no such version", "GET", "/2099-01-01/meta-data/", []string{tokenHeader, token}, 404},
		{"below a value", "GET", "/latest/meta-data/instance-id/x", []string{tokenHeader, token}, 404},
		{"no user data", "GET", "/latest/user-data", []string{tokenHeader, token}, 404},
		{"no tags", "GET", "/latest/meta-data/tags/instance/", []string{tokenHeader, token}, 404},
		{"dots", "GET", "/latest/dynamic/../meta-data/", []string{tokenHeader, token}, 404},
		{"escaped dots", "GET", "/latest/dynamic/%2e%2e/meta-data/", []string{tokenHeader, token}, 404},
		{"an empty part", "GET", "/latest//meta-data/", []string{tokenHeader, token}, 404},
		{"an escaped slash", "GET", "/latest%2Fmeta-data/", []string{tokenHeader, token}, 404},
		{"a backslash", "GET", "/latest/meta-data%5Cinstance-id", []string{tokenHeader, token}, 404},
		{"a site's browser", "GET", "/latest/meta-data/", []string{tokenHeader, token, "Origin", "http://example.com"}, 403},
		{"a browser", "GET", "/latest/meta-data/", []string{tokenHeader, token, "Sec-Fetch-Site", "none"}, 403},
		{"a name", "GET", "/latest/meta-data/", []string{tokenHeader, token, "Host", "rebound.example.com"}, 403},
		{"a name of ours", "GET", "/latest/meta-data/", []string{tokenHeader, token, "Host", "localhost:80"}, 200},
		{"POST", "POST", "/latest/meta-data/", []string{tokenHeader, token}, 405},
		{"GET of the token", "GET", "/latest/api/token", []string{tokenHeader, token}, 405},
		{"a token", "PUT", "/latest/api/token", []string{ttlHeader, "1"}, 200},
		{"the longest token", "PUT", "/latest/api/token", []string{ttlHeader, "21600"}, 200},
		{"a token of no time", "PUT", "/latest/api/token", []string{ttlHeader, "0"}, 400},
		{"a token for too long", "PUT", "/latest/api/token", []string{ttlHeader, "21601"}, 400},
		{"a token for words", "PUT", "/latest/api/token", []string{ttlHeader, "long"}, 400},
		{"a token for how long?", "PUT", "/latest/api/token", nil, 400},
		{"a token through a proxy", "PUT", "/latest/api/token", []string{ttlHeader, "60", "X-Forwarded-For", "192.0.2.1"}, 403},
		{"a token elsewhere", "PUT", "/2021-07-15/api/token", []string{ttlHeader, "60"}, 403},
	} {
		t.Run(test.name, func(t *testing.T) {
			status, body, header := m.ask(test.method, test.path, test.headers...)
			if status != test.want || header.Get("Server") != "EC2ws" {
				t.Errorf("got %d %s, want %d", status, body, test.want)
			}
			if title := fmt.Sprintf("<title>%d - ", test.want); status >= 400 && !strings.Contains(body, title) {
				t.Errorf("the body is %s", body)
			}
		})
	}
}

func TestErrorBody(t *testing.T) {
	m := newMachine(t, nil)
	_, body, header := m.ask("GET", "/latest/meta-data/nothing", tokenHeader, m.token())
	if !strings.Contains(body, "<h1>404 - Not Found</h1>") || !strings.HasPrefix(body, "<?xml") || header.Get("Content-Type") != "text/html" {
		t.Errorf("%v %s", header, body)
	}
}

// A token is good for its time, and for its own instance.
func TestToken(t *testing.T) {
	m := newMachine(t, nil)
	_, token, _ := m.ask("PUT", "/latest/api/token", ttlHeader, "60")
	status, _, header := m.ask("GET", "/latest/meta-data/", tokenHeader, token)
	if left := header.Get(ttlHeader); status != 200 || left != "59" && left != "60" {
		t.Errorf("%d, left %s", status, left)
	}
	m.Advance(time.Minute)
	if status, _, _ := m.ask("GET", "/latest/meta-data/", tokenHeader, token); status != 401 {
		t.Errorf("an expired token gives %d", status)
	}
	token = m.token()
	m.run(nil)
	if status, _, _ := m.ask("GET", "/latest/meta-data/", tokenHeader, token); status != 401 {
		t.Errorf("another instance's token gives %d", status)
	}
}

// IMDSv1 is answered only where the instance allows it, and each way is counted.
func TestVersion1(t *testing.T) {
	m := newMachine(t, map[string]any{"MetadataOptions": map[string]any{"HttpTokens": "optional"}})
	if status, id, _ := m.ask("GET", "/latest/meta-data/instance-id"); status != 200 || id != m.id {
		t.Errorf("got %d %s", status, id)
	}
	if status, _, _ := m.ask("GET", "/latest/meta-data/instance-id", tokenHeader, "wrong"); status != 401 {
		t.Errorf("a wrong token gives %d", status)
	}
	m.call("ec2", "ModifyInstanceMetadataOptions", map[string]any{"InstanceId": m.id, "HttpTokens": "required"})
	if status, _, _ := m.ask("GET", "/latest/meta-data/instance-id"); status != 401 {
		t.Errorf("got %d", status)
	}
	for name, want := range map[string]string{"writ_metadata_no_token_total": "1", "writ_metadata_no_token_rejected_total": "1"} {
		if line := name + `{instance="` + m.id + `"} ` + want; !strings.Contains(m.metrics(), line) {
			t.Errorf("the metrics lack %s", line)
		}
	}
}

// What an operator changes holds for the next request.
func TestOptions(t *testing.T) {
	m := newMachine(t, map[string]any{"TagSpecifications": []any{map[string]any{"ResourceType": "instance", "Tags": []any{
		map[string]any{"Key": "Name", "Value": "lab"}, map[string]any{"Key": "a b", "Value": ""}}}}})
	token := m.token()
	change := func(name, value string) {
		m.call("ec2", "ModifyInstanceMetadataOptions", map[string]any{"InstanceId": m.id, name: value})
	}
	change("InstanceMetadataTags", "enabled")
	if list := m.get("meta-data/tags/instance/"); list != "Name\na b" || m.get("meta-data/tags/instance/Name") != "lab" || m.get("meta-data/tags/instance/a%20b") != "" {
		t.Errorf("tags are %q", list)
	}
	change("HttpEndpoint", "disabled")
	if status, _, _ := m.ask("GET", "/latest/meta-data/", tokenHeader, token); status != 403 {
		t.Errorf("disabled, it answers %d", status)
	}
	if status, _, _ := m.ask("PUT", "/latest/api/token", ttlHeader, "60"); status != 403 {
		t.Errorf("disabled, it answers %d", status)
	}
}

// One instance can't keep the server busy, and does not touch another's share.
func TestRate(t *testing.T) {
	m := newMachine(t, nil)
	token, refused := m.token(), 0
	for range 400 {
		if status, _, _ := m.ask("GET", "/latest/meta-data/instance-id", tokenHeader, token); status == http.StatusServiceUnavailable {
			refused++
		}
	}
	if refused == 0 {
		t.Error("one instance may ask as often as it likes")
	}
	m.run(nil)
	if status, _, _ := m.ask("PUT", "/latest/api/token", ttlHeader, "60"); status != 200 {
		t.Errorf("another instance gets %d", status)
	}
}
