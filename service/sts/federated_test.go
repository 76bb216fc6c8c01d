package sts_test

import (
	"crypto/x509"
	"encoding/pem"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/writ-iam/writ/egress"
	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/internal/idp"
	"github.com/writ-iam/writ/sigv4"
)

var nobody sigv4.Credentials

// federation is a lab with a role that trusts a provider.
type federation struct {
	*testing.T
	*awstest.Lab
}

func (f *federation) must(service, operation string, params map[string]any) map[string]any {
	f.Helper()
	out, err := f.Call(awstest.Root, service, operation, params)
	if err != nil {
		f.Fatal(err)
	}
	return out
}

func (f *federation) trust(action, provider string) {
	f.Helper()
	f.must("iam", "CreateRole", map[string]any{"RoleName": "federated", "AssumeRolePolicyDocument": `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Federated":"` +
		provider + `"},"Action":"` + action + `"}}`})
}

const federatedRole = "arn:aws:iam::" + awstest.Account + ":role/federated"

func (f *federation) withToken(token string) error {
	_, err := f.Call(nobody, "sts", "AssumeRoleWithWebIdentity", map[string]any{"RoleArn": federatedRole, "RoleSessionName": "s1", "WebIdentityToken": token})
	return err
}

// reaching is a federation that asks a provider of the test's own.
func reaching(t *testing.T, roots *x509.CertPool) *federation {
	t.Helper()
	var f *federation
	client, err := egress.New(egress.Options{Self: true, Roots: roots, Now: func() time.Time {
		if f == nil {
			return time.Now()
		}
		return f.Now()
	}})
	if err != nil {
		t.Fatal(err)
	}
	f = &federation{t, awstest.NewReaching(t, client)}
	return f
}

func is(t *testing.T, what string, err error, want string) {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Errorf("%s: %v", what, err)
	case want != "" && (err == nil || err.Error() != want):
		t.Errorf("%s: %v, want %s", what, err, want)
	}
}

const noKey = "InvalidIdentityToken: Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements"

// Keys are found by way of the provider's discovery document, kept, and fetched
// again when a token has a new one.
func TestDiscovery(t *testing.T) {
	p, stranger := idp.NewOIDC(t), idp.NewOIDC(t)
	f := reaching(t, p.Roots)
	out := f.must("iam", "CreateOpenIDConnectProvider", map[string]any{"Url": p.Issuer, "ClientIDList": []any{"client"}})
	arn := out["OpenIDConnectProviderArn"].(string)
	if got := f.must("iam", "GetOpenIDConnectProvider", map[string]any{"OpenIDConnectProviderArn": arn})["ThumbprintList"].([]any); len(got) != 1 || got[0] != p.Thumbprint {
		t.Errorf("the thumbprint is %v, not %s", got, p.Thumbprint)
	}
	f.trust("sts:AssumeRoleWithWebIdentity", arn)
	token := func(by *idp.OIDC) string {
		return by.Token(t, f.Now(), idp.Claims{"iss": p.Issuer, "sub": "u", "aud": "client"})
	}
	for range 3 {
		is(t, "a good token", f.withToken(token(p)), "")
	}
	if n := p.Asked.Load(); n != 2 {
		t.Errorf("the provider was asked %d times for two documents", n)
	}
	is(t, "another's token", f.withToken(token(stranger)), "InvalidIdentityToken: The token signature is not valid.")
	p.Rotate(t)
	is(t, "a new key at once", f.withToken(token(p)), noKey)
	f.Advance(31 * time.Second)
	is(t, "a new key", f.withToken(token(p)), "")
}

// Where no known authority vouches for the provider's server, a thumbprint must.
func TestThumbprints(t *testing.T) {
	p := idp.NewOIDC(t)
	f := reaching(t, x509.NewCertPool())
	_, err := f.Call(awstest.Root, "iam", "CreateOpenIDConnectProvider", map[string]any{"Url": p.Issuer})
	is(t, "nobody vouches", err, "OpenIdIdpCommunicationError: Unable to retrieve the certificate of the OpenID Connect provider "+p.Issuer)
	arn := f.must("iam", "CreateOpenIDConnectProvider", map[string]any{"Url": p.Issuer, "ClientIDList": []any{"client"},
		"ThumbprintList": []any{strings.Repeat("0", 40)}})["OpenIDConnectProviderArn"].(string)
	f.trust("sts:AssumeRoleWithWebIdentity", arn)
	token := p.Token(t, f.Now(), idp.Claims{"sub": "u", "aud": "client"})
	is(t, "another's thumbprint", f.withToken(token), "InvalidIdentityToken: OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint")
	f.must("iam", "UpdateOpenIDConnectProviderThumbprint", map[string]any{"OpenIDConnectProviderArn": arn, "ThumbprintList": []any{p.Thumbprint}})
	is(t, "its own", f.withToken(token), "")
}

// A provider that is not reached, and one that must not be.
func TestUnreachable(t *testing.T) {
	p := idp.NewOIDC(t)
	f := &federation{t, awstest.New(t)} // reaches no server of this machine
	arn := f.must("iam", "CreateOpenIDConnectProvider", map[string]any{"Url": p.Issuer, "ClientIDList": []any{"client"},
		"ThumbprintList": []any{p.Thumbprint}})["OpenIDConnectProviderArn"].(string)
	f.trust("sts:AssumeRoleWithWebIdentity", arn)
	is(t, "this machine", f.withToken(p.Token(t, f.Now(), idp.Claims{"sub": "u", "aud": "client"})), "IDPCommunicationError: The identity provider could not be reached.")
	if n := p.Asked.Load(); n != 0 {
		t.Errorf("it was asked %d times", n)
	}
}

func samlAnswer(f *federation) idp.Answer {
	provider := "arn:aws:iam::" + awstest.Account + ":saml-provider/corp"
	return idp.Answer{Now: f.Now(), Subject: "ada", Attributes: map[string][]string{
		idp.RoleAttribute: {federatedRole + "," + provider}, idp.SessionNameAttribute: {"ada"}}}
}

func (f *federation) withAssertion(response string) error {
	_, err := f.Call(nobody, "sts", "AssumeRoleWithSAML", map[string]any{"RoleArn": federatedRole,
		"PrincipalArn": "arn:aws:iam::" + awstest.Account + ":saml-provider/corp", "SAMLAssertion": response})
	return err
}

// Assertions are decrypted with the keys that the account gave, and must be
// encrypted if it says so.
func TestEncryptedAssertions(t *testing.T) {
	f := &federation{t, awstest.New(t)}
	p := idp.NewSAML(t, "https://idp.example.com/saml", f.Now())
	key, cert := idp.Certificate(t, f.Now())
	_, other := idp.Certificate(t, f.Now())
	text := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
	out := f.must("iam", "CreateSAMLProvider", map[string]any{"Name": "corp", "SAMLMetadataDocument": p.Metadata(t), "AddPrivateKey": text, "AssertionEncryptionMode": "Required"})
	f.trust("sts:AssumeRoleWithSAML", out["SAMLProviderArn"].(string))
	shown := f.must("iam", "GetSAMLProvider", map[string]any{"SAMLProviderArn": out["SAMLProviderArn"]})

	good := samlAnswer(f)
	good.Encrypt = cert
	good.Recipient = "https://signin.aws.amazon.com/saml/acs/" + shown["SAMLProviderUUID"].(string)
	is(t, "encrypted", f.withAssertion(p.Respond(t, good)), "")
	elsewhere := good
	elsewhere.Recipient = "https://signin.aws.amazon.com/saml/acs/OTHER"
	is(t, "for another provider", f.withAssertion(p.Respond(t, elsewhere)), "InvalidIdentityToken: Response is not addressed to this sign-in endpoint.")
	good.Encrypt = other
	is(t, "for another key", f.withAssertion(p.Respond(t, good)), "InvalidIdentityToken: Assertion is not encrypted for the specified provider.")
	is(t, "in clear", f.withAssertion(p.Respond(t, samlAnswer(f))), "InvalidIdentityToken: Assertion is not encrypted for the specified provider.")
	f.must("iam", "UpdateSAMLProvider", map[string]any{"SAMLProviderArn": out["SAMLProviderArn"], "AssertionEncryptionMode": "Allowed"})
	is(t, "in clear, which is allowed", f.withAssertion(p.Respond(t, samlAnswer(f))), "")
}

// However many try at once, an assertion has one session.
func TestReplay(t *testing.T) {
	f := &federation{t, awstest.New(t)}
	p := idp.NewSAML(t, "https://idp.example.com/saml", f.Now())
	f.trust("sts:AssumeRoleWithSAML", f.must("iam", "CreateSAMLProvider", map[string]any{"Name": "corp", "SAMLMetadataDocument": p.Metadata(t)})["SAMLProviderArn"].(string))
	for range 3 { // the oldest ones are swept by then
		response := p.Respond(t, samlAnswer(f))
		var started atomic.Int32
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if f.withAssertion(response) == nil {
					started.Add(1)
				}
			})
		}
		all.Wait()
		if n := started.Load(); n != 1 {
			t.Errorf("%d sessions of one assertion", n)
		}
		f.Advance(10 * time.Minute)
		is(t, "later", f.withAssertion(response), "ExpiredTokenException: Token must be redeemed within 5 minutes of issuance")
	}
}

// No private range is reached because somebody in an account wants it.
func TestOnlyTheOperatorOpens(t *testing.T) {
	f := &federation{t, awstest.New(t)}
	for _, address := range []string{"10.0.0.1", "192.168.0.1", "[fd00::1]", "169.254.169.254"} {
		_, err := f.Call(awstest.Root, "iam", "CreateOpenIDConnectProvider", map[string]any{"Url": "https://" + address})
		is(t, address, err, "OpenIdIdpCommunicationError: Unable to retrieve the certificate of the OpenID Connect provider https://"+address)
	}
}
