package main

import (
	"bytes"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/sigv4"
)

// Without an id the newest refused request is explained, of whomever or of one.
func TestNewestRefusal(t *testing.T) {
	l := awstest.New(t)
	door := httptest.NewServer(l.Handler())
	defer door.Close()
	t.Setenv("AWS_ENDPOINT_URL", door.URL)
	t.Setenv("AWS_REGION", "us-east-1")
	t.Setenv("AWS_SESSION_TOKEN", "")
	sign := func(c sigv4.Credentials) {
		t.Setenv("AWS_ACCESS_KEY_ID", c.AccessKeyID)
		t.Setenv("AWS_SECRET_ACCESS_KEY", c.SecretAccessKey)
	}
	sign(awstest.Root)
	if out, err := explain("--of", "ada"); err == nil || !strings.Contains(err.Error(), "no request was refused") {
		t.Errorf("before anything was refused: %s, %v", out, err)
	}
	ada, eve := newUser(t, l, "ada"), newUser(t, l, "eve")
	l.Call(ada, "ec2", "RebootInstances", map[string]any{"InstanceIds": []any{"i-12345678"}})
	l.Call(eve, "iam", "ListRoles", nil)
	l.Call(eve, "iam", "ListUsers", map[string]any{"MaxItems": -1}) // is no denial
	for i := range 60 {                                             // more than one page
		l.Call(awstest.Root, "iam", "GetUser", map[string]any{"UserName": []string{"ada", "eve"}[i%2]})
	}
	for name, want := range map[string]string{"": "iam:ListRoles", "eve": "iam:ListRoles", "ada": "ec2:RebootInstances"} {
		if out, err := explain("--of", name); err != nil || !strings.HasPrefix(out, "implicitDeny by identity: "+want) {
			t.Errorf("of %q: %s, %v", name, out, err)
		}
	}
	sign(eve)
	if out, err := explain(); err == nil || !strings.Contains(err.Error(), "AccessDenied") {
		t.Errorf("who may not look: %s, %v", out, err)
	}
}

func explain(args ...string) (string, error) {
	var out bytes.Buffer
	cmd := explainCommand()
	cmd.SetArgs(args)
	cmd.SetOut(&out)
	cmd.SetErr(&out)
	err := cmd.Execute()
	return out.String(), err
}

func newUser(t *testing.T, l *awstest.Lab, name string) sigv4.Credentials {
	t.Helper()
	if _, err := l.Call(awstest.Root, "iam", "CreateUser", map[string]any{"UserName": name}); err != nil {
		t.Fatal(err)
	}
	out, err := l.Call(awstest.Root, "iam", "CreateAccessKey", map[string]any{"UserName": name})
	if err != nil {
		t.Fatal(err)
	}
	key := out["AccessKey"].(map[string]any)
	return sigv4.Credentials{AccessKeyID: key["AccessKeyId"].(string), SecretAccessKey: key["SecretAccessKey"].(string)}
}
