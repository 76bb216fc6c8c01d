package server_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/writ-iam/writ/internal/awstest"
)

func TestDoor(t *testing.T) {
	lab := awstest.New(t)
	cases := []struct {
		name   string
		host   string
		header map[string]string
		status int
	}{
		{"address", "127.0.0.1:4810", nil, 200},
		{"IPv6 address", "[::1]:4810", nil, 200},
		{"localhost", "localhost:4810", nil, 200},
		{"a name below localhost", "iam.localhost:4810", nil, 200},
		{"AWS's endpoint", "iam.amazonaws.com", nil, 200},
		{"AWS's endpoint in China", "sts.cn-north-1.amazonaws.com.cn", nil, 200},
		{"a name of somebody else", "attacker.example", nil, 421},
		{"AWS's name as a prefix", "amazonaws.com.attacker.example", nil, 421},
		{"the own page", "localhost:4810", map[string]string{"Origin": "http://localhost:4810", "Sec-Fetch-Site": "same-origin"}, 200},
		{"a page of another site", "localhost:4810", map[string]string{"Origin": "https://attacker.example"}, 403},
		{"a link of another site", "localhost:4810", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		{"another port of this machine", "localhost:4810", map[string]string{"Origin": "http://localhost:8080"}, 403},
	}
	for _, c := range cases {
		r := httptest.NewRequest("GET", "/_writ/health", nil)
		r.Host = c.host
		for name, value := range c.header {
			r.Header.Set(name, value)
		}
		if got := lab.Do(r).StatusCode; got != c.status {
			t.Errorf("%s: %d, want %d", c.name, got, c.status)
		}
	}
}

// Only a server that was told so can be reset, and only with the header that no
// form can send.
func TestReset(t *testing.T) {
	lab := awstest.New(t)
	reset := func(header string) int {
		r := httptest.NewRequest("POST", "http://localhost/_writ/reset", nil)
		r.Header.Set("X-Writ-Reset", header)
		return lab.Do(r).StatusCode
	}
	if got := reset("true"); got != http.StatusNotFound {
		t.Errorf("a server without reset answers %d", got)
	}
	lab.AllowReset()
	if got := reset(""); got != http.StatusForbidden {
		t.Errorf("without the header: %d", got)
	}
	if _, err := lab.Call(awstest.Root, "iam", "CreateUser", map[string]any{"UserName": "bob"}); err != nil {
		t.Fatal(err)
	}
	if got := reset("true"); got != http.StatusNoContent {
		t.Errorf("reset: %d", got)
	}
	if _, err := lab.Call(awstest.Root, "iam", "GetUser", map[string]any{"UserName": "bob"}); err == nil {
		t.Error("bob has survived the reset")
	}
}
