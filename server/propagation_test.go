package server_test

import (
	"strings"
	"testing"
	"time"

	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/sigv4"
)

// late is a lab in which changes take effect after two seconds.
type late struct {
	*testing.T
	*awstest.Lab
}

func (l *late) must(creds sigv4.Credentials, service, operation string, params map[string]any) map[string]any {
	l.Helper()
	out, err := l.Call(creds, service, operation, params)
	if err != nil {
		l.Fatalf("%s: %v", operation, err)
	}
	return out
}

// refused wants a call to fail now, and to work two seconds later.
func (l *late) refused(creds sigv4.Credentials, service, operation string, params map[string]any, want string) {
	l.Helper()
	l.Advance(1900 * time.Millisecond)
	if _, err := l.Call(creds, service, operation, params); err == nil || !strings.Contains(err.Error(), want) {
		l.Errorf("%s, before its time: %v, want %s", operation, err, want)
	}
	l.Advance(100 * time.Millisecond)
	l.must(creds, service, operation, params)
}

const listing = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["iam:ListUsers","sts:AssumeRole"],"Resource":"*"}}`

// Changes are read at once and take effect late, as in AWS: who does not wait
// meets the errors that retries are written against.
func TestPropagation(t *testing.T) {
	l := &late{t, awstest.NewLate(t, 2*time.Second)}
	root := awstest.Root // the first account is there from the start

	l.must(root, "iam", "CreateUser", map[string]any{"UserName": "bob"})
	l.must(root, "iam", "GetUser", map[string]any{"UserName": "bob"})
	key := l.must(root, "iam", "CreateAccessKey", map[string]any{"UserName": "bob"})["AccessKey"].(map[string]any)
	bob := sigv4.Credentials{AccessKeyID: key["AccessKeyId"].(string), SecretAccessKey: key["SecretAccessKey"].(string)}
	l.refused(bob, "sts", "GetCallerIdentity", nil, "InvalidClientTokenId")

	grant := map[string]any{"UserName": "bob", "PolicyName": "p", "PolicyDocument": listing}
	l.must(root, "iam", "PutUserPolicy", grant)
	l.must(root, "iam", "GetUserPolicy", map[string]any{"UserName": "bob", "PolicyName": "p"})
	l.refused(bob, "iam", "ListUsers", nil, "AccessDenied")

	// A user that was just made can't be named in a trust policy yet.
	l.must(root, "iam", "CreateUser", map[string]any{"UserName": "eve"})
	trust := func(user string) string {
		return `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:user/` + user + `"},"Action":"sts:AssumeRole"}}`
	}
	l.refused(root, "iam", "CreateRole", map[string]any{"RoleName": "r1", "AssumeRolePolicyDocument": trust("eve")}, "MalformedPolicyDocument: Invalid principal in policy")

	// A role that was just made can't be assumed yet.
	role := l.must(root, "iam", "CreateRole", map[string]any{"RoleName": "r2", "AssumeRolePolicyDocument": trust("bob")})["Role"].(map[string]any)
	l.refused(bob, "sts", "AssumeRole", map[string]any{"RoleArn": role["Arn"], "RoleSessionName": "ses"}, "AccessDenied")

	// What is taken away works a little longer.
	l.must(root, "iam", "DeleteUserPolicy", map[string]any{"UserName": "bob", "PolicyName": "p"})
	l.must(bob, "iam", "ListUsers", nil)
	l.Advance(2 * time.Second)
	if _, err := l.Call(bob, "iam", "ListUsers", nil); err == nil || !strings.HasPrefix(err.Error(), "AccessDenied") {
		t.Errorf("the policy is gone: %v", err)
	}
	l.must(root, "iam", "DeleteAccessKey", map[string]any{"UserName": "bob", "AccessKeyId": bob.AccessKeyID})
	l.must(bob, "sts", "GetCallerIdentity", nil)
	l.Advance(2 * time.Second)
	if _, err := l.Call(bob, "sts", "GetCallerIdentity", nil); err == nil || !strings.HasPrefix(err.Error(), "InvalidClientTokenId") {
		t.Errorf("the key is gone: %v", err)
	}
}

// Even late, no call writes that was not allowed to.
func TestPropagationDenies(t *testing.T) {
	l := &late{t, awstest.NewLate(t, time.Hour)}
	if _, err := l.Call(sigv4.Credentials{}, "iam", "CreateUser", map[string]any{"UserName": "eve"}); err == nil {
		t.Error("nobody made a user")
	}
	if _, err := l.Call(awstest.Root, "iam", "GetUser", map[string]any{"UserName": "eve"}); err == nil || !strings.HasPrefix(err.Error(), "NoSuchEntity") {
		t.Errorf("got %v", err)
	}
}
