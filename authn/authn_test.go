package authn_test

import (
	"crypto/sha256"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/session"
	"github.com/writ-iam/writ/sigv4"
)

var bob = sigv4.Credentials{AccessKeyID: keyID, SecretAccessKey: secret}

func digest(body string) []byte {
	sum := sha256.Sum256([]byte(body))
	return sum[:]
}

func roleSession() *writ.Session {
	return &writ.Session{Operation: "AssumeRole", Name: "s", Issued: now, Expires: now.Add(time.Hour),
		Issuer: writ.Issuer{Type: writ.IssuerRole, Partition: "aws", Account: account, Name: "r", ID: roleID, ARN: roleARN}}
}

func ownSession(operation string) *writ.Session {
	return &writ.Session{Operation: operation, Issued: now, Expires: now.Add(time.Hour), ParentKey: keyID,
		Issuer: writ.Issuer{Type: writ.IssuerUser, Partition: "aws", Account: account, Name: "bob", ID: bobID, ARN: bobARN}}
}

// mint makes the credentials of a session.
func (b *bench) mint(t testing.TB, s *writ.Session) sigv4.Credentials {
	t.Helper()
	c, err := session.Mint(b.keys, s)
	if err != nil {
		t.Fatal(err)
	}
	return sigv4.Credentials{AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretKey, SessionToken: c.Token}
}

// caller authenticates a call with credentials.
func (b *bench) caller(t testing.TB, creds sigv4.Credentials) (*writ.Caller, error) {
	t.Helper()
	c, r, body := request(t, "sts", "GetCallerIdentity", creds)
	_, err := b.Authenticate(c, r, body)
	return c.Caller, err
}

func code(err error) string {
	var e *writ.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func TestCallers(t *testing.T) {
	b := newBench(t)
	federation := ownSession("GetFederationToken")
	federation.Name = "Alice"
	root := ownSession("GetSessionToken")
	root.Issuer = writ.Issuer{Type: writ.IssuerRoot, Partition: "aws", Account: account, ID: account, ARN: "arn:aws:iam::111122223333:root"}
	for _, test := range []struct {
		name  string
		creds sigv4.Credentials
		want  policy.Principal
		id    string
	}{
		{"user", bob, policy.Principal{Type: policy.User, Account: account, CanonicalID: writ.CanonicalID(account), ARN: bobARN}, bobID},
		{"user with a session token", b.mint(t, ownSession("GetSessionToken")), policy.Principal{Type: policy.User, Account: account, CanonicalID: writ.CanonicalID(account), ARN: bobARN}, bobID},
		{"root with a session token", b.mint(t, root), policy.Principal{Type: policy.RootUser, Account: account, CanonicalID: writ.CanonicalID(account), ARN: "arn:aws:iam::111122223333:root"}, account},
		{"role", b.mint(t, roleSession()), policy.Principal{Type: policy.RoleSession, Account: account, CanonicalID: writ.CanonicalID(account),
			ARN: "arn:aws:sts::111122223333:assumed-role/r/s", RoleARN: roleARN}, roleID + ":s"},
		{"federated user", b.mint(t, federation), policy.Principal{Type: policy.FederatedUser, Account: account, CanonicalID: writ.CanonicalID(account),
			ARN: "arn:aws:sts::111122223333:federated-user/Alice", UserARN: bobARN}, account + ":Alice"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := b.caller(t, test.creds)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got.Principal); diff != "" || got.ID != test.id || got.AccessKeyID != test.creds.AccessKeyID {
				t.Errorf("id %s, principal differs (-want +got):\n%s", got.ID, diff)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	b := newBench(t)
	expired := roleSession()
	expired.Expires = now
	china := roleSession()
	china.Issuer.Partition = "aws-cn"
	stranger := roleSession()
	stranger.Issuer.ID = "AROAIOSFODNN7EXAMPLE3"
	moved := b.mint(t, roleSession())
	moved.AccessKeyID = b.mint(t, roleSession()).AccessKeyID
	noToken := b.mint(t, roleSession())
	noToken.SessionToken = ""
	wrong := b.mint(t, expired)
	wrong.SecretAccessKey = secret
	for _, test := range []struct {
		name  string
		creds sigv4.Credentials
		want  string
	}{
		{"no signature", sigv4.Credentials{}, "MissingAuthenticationToken"},
		{"unknown key", sigv4.Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLF", SecretAccessKey: secret}, "InvalidClientTokenId"},
		{"wrong secret", sigv4.Credentials{AccessKeyID: keyID, SecretAccessKey: secret + "x"}, "SignatureDoesNotMatch"},
		{"expired session", b.mint(t, expired), "ExpiredToken"},
		{"expired session, not its owner", wrong, "SignatureDoesNotMatch"},
		{"session of another partition", b.mint(t, china), "InvalidClientTokenId"},
		{"session of a role that is gone", b.mint(t, stranger), "InvalidClientTokenId"},
		{"token of another key", moved, "InvalidClientTokenId"},
		{"temporary key without its token", noToken, "InvalidClientTokenId"},
		{"long-term key with a token", sigv4.Credentials{AccessKeyID: keyID, SecretAccessKey: secret, SessionToken: moved.SessionToken}, "InvalidClientTokenId"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if caller, err := b.caller(t, test.creds); code(err) != test.want || caller != nil {
				t.Errorf("got %v, %v, want %s", caller, err, test.want)
			}
		})
	}
}

// A key that is deactivated takes the sessions that it asked for with it, a
// role that is deleted its own; both at the next request.
func TestRevocation(t *testing.T) {
	b := newBench(t)
	own, role := b.mint(t, ownSession("GetSessionToken")), b.mint(t, roleSession())
	for _, creds := range []sigv4.Credentials{bob, own, role} {
		if _, err := b.caller(t, creds); err != nil {
			t.Fatal(err)
		}
	}
	b.put(t, record{ID: keyID})
	b.remove(t, roleID)
	for _, creds := range []sigv4.Credentials{bob, own, role} {
		if _, err := b.caller(t, creds); code(err) != "InvalidClientTokenId" {
			t.Errorf("%s: %v", creds.AccessKeyID, err)
		}
	}
	b.put(t, record{ID: keyID, Active: true})
	if _, err := b.caller(t, own); err != nil {
		t.Errorf("the key is active again: %v", err)
	}
}

// Session tags take the place of the role's, whatever the case of their keys,
// and a change of the role's tags is seen at once.
func TestPrincipalTags(t *testing.T) {
	b := newBench(t)
	tagged := roleSession()
	tagged.Tags = map[string]string{"department": "session"}
	creds := b.mint(t, tagged)
	for _, kind := range []string{"role", "changed"} {
		b.put(t, record{ID: roleID, Tags: map[string]string{"Department": "role", "kind": kind}})
		got, err := b.caller(t, creds)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[string]string{"department": "session", "kind": kind}, got.Tags); diff != "" {
			t.Errorf("tags differ (-want +got):\n%s", diff)
		}
	}
}

// Some operations are called by those who have no credentials yet. Who signs
// them nevertheless must sign right.
func TestUnsigned(t *testing.T) {
	b := newBench(t)
	c, r, body := request(t, "sts", "AssumeRoleWithWebIdentity", sigv4.Credentials{})
	if _, err := b.Authenticate(c, r, body); err != nil || c.Caller == nil || c.Caller.Type != policy.Anonymous {
		t.Errorf("got %v, %v", c.Caller, err)
	}
	c, r, body = request(t, "sts", "AssumeRoleWithWebIdentity", sigv4.Credentials{AccessKeyID: keyID, SecretAccessKey: "wrong"})
	if _, err := b.Authenticate(c, r, body); code(err) != "SignatureDoesNotMatch" || c.Caller != nil {
		t.Errorf("got %v, %v", c.Caller, err)
	}
}

func TestScope(t *testing.T) {
	b := newBench(t)
	c, r, body := request(t, "sts", "GetCallerIdentity", bob)
	if _, err := b.Authenticate(c, r, body); err != nil || c.Scope.Account != account {
		t.Errorf("account %q, %v", c.Scope.Account, err)
	}
	c, r, _ = request(t, "sts", "GetCallerIdentity", bob)
	if _, err := b.Authenticate(c, r, digest("Action=Other")); code(err) != "SignatureDoesNotMatch" {
		t.Errorf("another body: %v", err)
	}
	c, r, body = request(t, "sts", "GetCallerIdentity", bob)
	c.Time = now.Add(16 * time.Minute)
	if _, err := b.Authenticate(c, r, body); code(err) != "SignatureDoesNotMatch" {
		t.Errorf("an old request: %v", err)
	}
}

// Credentials are known in a region once their account has enabled it, which the
// next call sees; tokens of version 1 nowhere but in the default ones.
func TestRegions(t *testing.T) {
	b := newBench(t)
	old := roleSession()
	old.DefaultRegions = true
	for _, test := range []struct {
		name        string
		creds       sigv4.Credentials
		then, after string
	}{
		{"user", bob, "InvalidClientTokenId", ""},
		{"role", b.mint(t, roleSession()), "InvalidClientTokenId", ""},
		{"role with a token of version 1", b.mint(t, old), "InvalidClientTokenId", "InvalidClientTokenId"},
	} {
		in := func(region string) string {
			c, r, body := request(t, "sts", "GetCallerIdentity", test.creds)
			c.Scope.Region = region
			_, err := b.Authenticate(c, r, body)
			return code(err)
		}
		before := in("af-south-1")
		b.put(t, record{ID: account + "af-south-1"})
		enabled := in("af-south-1")
		b.remove(t, account+"af-south-1")
		got := []string{in("us-east-1"), before, enabled, in("af-south-1"), in("xx-none-1")}
		if want := []string{"", test.then, test.after, test.then, test.then}; !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", test.name, got, want)
		}
	}
}

// JSON services have words of their own for the same refusals.
func TestStyles(t *testing.T) {
	b := newBench(t)
	unknown := sigv4.Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLF", SecretAccessKey: secret}
	for service, operation := range map[string]string{"cloudtrail": "LookupEvents", "writ": "ExplainRequest"} {
		c, r, body := request(t, service, operation, unknown)
		if _, err := b.Authenticate(c, r, body); code(err) != "UnrecognizedClientException" {
			t.Errorf("%s: %v", service, err)
		}
	}
}

func BenchmarkAuthenticate(b *testing.B) {
	bench := newBench(b)
	for name, creds := range map[string]sigv4.Credentials{"user": bob, "session": bench.mint(b, roleSession())} {
		b.Run(name, func(b *testing.B) {
			c, r, body := request(b, "sts", "GetCallerIdentity", creds)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := bench.Authenticate(c, r, body); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
