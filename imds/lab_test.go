package imds_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/sigv4"
)

// machine is an instance of a lab, which has a role, and its metadata service.
type machine struct {
	*testing.T
	*awstest.Lab
	id   string
	host map[string]any // what GetInstanceHost says
}

const trust = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}`

// newMachine starts a lab and an instance in it; options are of RunInstances.
func newMachine(t *testing.T, options map[string]any) *machine {
	m := &machine{T: t, Lab: awstest.New(t)}
	m.call("iam", "CreateRole", map[string]any{"RoleName": "reader", "AssumeRolePolicyDocument": trust})
	m.call("iam", "PutRolePolicy", map[string]any{"RoleName": "reader", "PolicyName": "read", "PolicyDocument": `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:ListUsers","Resource":"*"}}`})
	m.call("iam", "CreateInstanceProfile", map[string]any{"InstanceProfileName": "profile"})
	m.call("iam", "AddRoleToInstanceProfile", map[string]any{"InstanceProfileName": "profile", "RoleName": "reader"})
	m.run(options)
	return m
}

// run starts an instance with the profile.
func (m *machine) run(options map[string]any) {
	m.Helper()
	in := map[string]any{"MinCount": 1, "MaxCount": 1, "ImageId": m.image(), "IamInstanceProfile": map[string]any{"Name": "profile"}}
	for name, v := range options {
		in[name] = v
		if v == nil {
			delete(in, name)
		}
	}
	out := m.call("ec2", "RunInstances", in)
	m.id = out["Instances"].([]any)[0].(map[string]any)["InstanceId"].(string)
	m.host = m.call("writ", "GetInstanceHost", map[string]any{"InstanceId": m.id})
}

func (m *machine) image() any {
	return m.call("ec2", "DescribeImages", nil)["Images"].([]any)[0].(map[string]any)["ImageId"]
}

func (m *machine) call(service, operation string, params map[string]any) map[string]any {
	m.Helper()
	out, err := m.Call(awstest.Root, service, operation, params)
	if err != nil {
		m.Fatal(err)
	}
	return out
}

// ask makes a request of the metadata service. headers are pairs.
func (m *machine) ask(method, path string, headers ...string) (status int, body string, header http.Header) {
	m.Helper()
	return m.askAt(m.host["metadataEndpoint"].(string), method, path, headers...)
}

func (m *machine) askAt(base, method, path string, headers ...string) (int, string, http.Header) {
	m.Helper()
	r, err := http.NewRequestWithContext(m.Context(), method, base+path, bytes.NewReader(nil))
	if err != nil {
		m.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
		r.Header.Add(headers[i], headers[i+1])
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		m.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		m.Fatal(err)
	}
	return answer.StatusCode, string(text), answer.Header
}

const (
	tokenHeader = "X-aws-ec2-metadata-token"
	ttlHeader   = "X-aws-ec2-metadata-token-ttl-seconds"
)

// token begins a session of IMDSv2.
func (m *machine) token() string {
	m.Helper()
	status, token, _ := m.ask("PUT", "/latest/api/token", ttlHeader, "21600")
	if status != http.StatusOK {
		m.Fatalf("no token: %d %s", status, token)
	}
	return token
}

// get reads metadata with a token.
func (m *machine) get(path string) string {
	m.Helper()
	status, body, _ := m.ask("GET", "/latest/"+path, tokenHeader, m.token())
	if status != http.StatusOK {
		m.Fatalf("%s: %d %s", path, status, body)
	}
	return body
}

// given are credentials as the service hands them out.
type given struct {
	Code, Message, Type, AccessKeyId, SecretAccessKey, Token string
	LastUpdated, Expiration                                  time.Time
}

func (g given) sign() sigv4.Credentials {
	return sigv4.Credentials{AccessKeyID: g.AccessKeyId, SecretAccessKey: g.SecretAccessKey, SessionToken: g.Token}
}

// credentials fetches those of the role with a token.
func (m *machine) credentials() (g given) {
	m.Helper()
	body := m.get("meta-data/iam/security-credentials/reader")
	if err := json.NewDecoder(strings.NewReader(body)).Decode(&g); err != nil {
		m.Fatalf("%v: %s", err, body)
	}
	return g
}

// metrics is what the operator's port shows.
func (m *machine) metrics() string {
	w := httptest.NewRecorder()
	m.Server.AdminHandler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	return w.Body.String()
}

var discard = slog.New(slog.DiscardHandler)
