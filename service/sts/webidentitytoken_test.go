package sts_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/google/go-cmp/cmp"

	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/sigv4"
)

// wire carries the requests of an OIDC client into a lab.
type wire struct{ *awstest.Lab }

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) { return w.Do(r), nil }

// verifier is what a service elsewhere has: an OIDC library that knows the issuer's URL.
func verifier(t *testing.T, l *awstest.Lab, issuer, audience string) (*oidc.IDTokenVerifier, context.Context) {
	t.Helper()
	ctx := oidc.ClientContext(t.Context(), &http.Client{Transport: wire{l}})
	provider, err := oidc.NewProvider(ctx, issuer)
	if err != nil {
		t.Fatal(err)
	}
	return provider.VerifierContext(ctx, &oidc.Config{ClientID: audience, Now: l.Now}), ctx
}

// A service elsewhere finds the keys from the issuer's URL alone, and learns who
// the caller is.
func TestWebIdentityToken(t *testing.T) {
	p := newPartnership(t)
	issuer := p.must(awstest.Root, "iam", "EnableOutboundWebIdentityFederation", nil)["IssuerIdentifier"].(string)
	p.must(awstest.Root, "iam", "CreateUser", map[string]any{"UserName": "bob", "Tags": []any{map[string]any{"Key": "team", "Value": "blue"}}})
	p.must(awstest.Root, "iam", "PutUserPolicy", map[string]any{"UserName": "bob", "PolicyName": "all",
		"PolicyDocument": `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:*","Resource":"*"}}`})
	key := p.must(awstest.Root, "iam", "CreateAccessKey", map[string]any{"UserName": "bob"})["AccessKey"].(map[string]any)
	bob := sigv4.Credentials{AccessKeyID: key["AccessKeyId"].(string), SecretAccessKey: key["SecretAccessKey"].(string)}
	for _, algorithm := range []string{"RS256", "ES384"} {
		token := p.must(bob, "sts", "GetWebIdentityToken", map[string]any{"Audience": []any{"https://example.com"}, "SigningAlgorithm": algorithm,
			"Tags": []any{map[string]any{"Key": "job", "Value": "1"}}})["WebIdentityToken"].(string)
		v, ctx := verifier(t, p.Lab, issuer, "https://example.com")
		got, err := v.Verify(ctx, token)
		if err != nil {
			t.Fatalf("%s: %v", algorithm, err)
		}
		if got.Subject != "arn:aws:iam::000000000000:user/bob" || got.Expiry.Sub(got.IssuedAt).Seconds() != 300 {
			t.Errorf("%s: %+v", algorithm, got)
		}
		var claims map[string]json.RawMessage
		if err := got.Claims(&claims); err != nil {
			t.Fatal(err)
		}
		var own map[string]any
		if err := json.Unmarshal(claims["https://sts.amazonaws.com/"], &own); err != nil {
			t.Fatal(err)
		}
		want := map[string]any{"aws_account": awstest.Account, "source_region": "us-east-1", "principal_id": got.Subject,
			"principal_tags": map[string]any{"team": "blue"}, "request_tags": map[string]any{"job": "1"}}
		if diff := cmp.Diff(want, own); diff != "" || string(claims["aud"]) != `"https://example.com"` || len(claims["jti"]) < 10 {
			t.Errorf("%s: %s%s", claims["aud"], claims["jti"], diff)
		}

		// Not for others, not changed, not for ever.
		other, ctx := verifier(t, p.Lab, issuer, "https://example.org")
		if _, err := other.Verify(ctx, token); err == nil {
			t.Error("another audience took the token")
		}
		if _, err := v.Verify(ctx, token[:len(token)-6]+"AAAAAA"); err == nil {
			t.Error("a token with another signature was taken")
		}
		p.Advance(301e9)
		if _, err := v.Verify(ctx, token); err == nil || !strings.Contains(err.Error(), "expired") {
			t.Errorf("after five minutes: %v", err)
		}
	}
}

// Of a member of an organization the token says where in it the account is.
func TestWebIdentityTokenOfMember(t *testing.T) {
	p := newPartnership(t)
	p.must(awstest.Root, "iam", "EnableOutboundWebIdentityFederation", nil)
	org := p.must(awstest.Root, "organizations", "CreateOrganization", nil)["Organization"].(map[string]any)["Id"].(string)
	root := p.must(awstest.Root, "organizations", "ListRoots", nil)["Roots"].([]any)[0].(map[string]any)["Id"].(string)
	token := p.must(awstest.Root, "sts", "GetWebIdentityToken", map[string]any{"Audience": []any{"a"}, "SigningAlgorithm": "ES384"})["WebIdentityToken"].(string)
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims struct {
		AWS struct {
			Org  string   `json:"org_id"`
			Path []string `json:"ou_path"`
		} `json:"https://sts.amazonaws.com/"`
	}
	if err := json.Unmarshal(payload, &claims); err != nil {
		t.Fatal(err)
	}
	if claims.AWS.Org != org || len(claims.AWS.Path) != 1 || claims.AWS.Path[0] != org+"/"+root+"/" {
		t.Errorf("in %s, %s: %+v", org, root, claims)
	}
}

// Each account has an issuer and keys of its own; what is disabled can still be
// verified, and what never was enabled has no keys.
func TestIssuers(t *testing.T) {
	p := newPartnership(t)
	ask := map[string]any{"Audience": []any{"a", "b"}, "SigningAlgorithm": "ES384"}
	own := p.must(awstest.Root, "iam", "EnableOutboundWebIdentityFederation", nil)["IssuerIdentifier"].(string)
	token := p.must(awstest.Root, "sts", "GetWebIdentityToken", ask)["WebIdentityToken"].(string)
	if _, err := p.Call(p.otherRoot, "sts", "GetWebIdentityToken", ask); err == nil || !strings.HasPrefix(err.Error(), "OutboundWebIdentityFederationDisabled") {
		t.Errorf("the other account has none: %v", err)
	}
	others := p.must(p.otherRoot, "iam", "EnableOutboundWebIdentityFederation", nil)["IssuerIdentifier"].(string)
	if v, ctx := verifier(t, p.Lab, others, "a"); others == own {
		t.Error("two accounts share an issuer")
	} else if _, err := v.Verify(ctx, token); err == nil {
		t.Error("the other account's issuer verifies the token")
	}
	p.must(awstest.Root, "iam", "DisableOutboundWebIdentityFederation", nil)
	for _, audience := range []string{"a", "b"} {
		v, ctx := verifier(t, p.Lab, own, audience)
		if _, err := v.Verify(ctx, token); err != nil {
			t.Errorf("%s: %v", audience, err)
		}
	}
	if _, err := oidc.NewProvider(oidc.ClientContext(t.Context(), &http.Client{Transport: wire{p.Lab}}), own[:len(own)-1]); err == nil {
		t.Error("there is an issuer that nobody made")
	}
}

// The claims have a limit: tags alone can be more than a header holds.
func TestLargeToken(t *testing.T) {
	l := awstest.New(t)
	if _, err := l.Call(awstest.Root, "iam", "EnableOutboundWebIdentityFederation", nil); err != nil {
		t.Fatal(err)
	}
	var tags []any
	for i := range 50 {
		tags = append(tags, map[string]any{"Key": strings.Repeat("k", i+1), "Value": strings.Repeat("v", 256)})
	}
	_, err := l.Call(awstest.Root, "sts", "GetWebIdentityToken", map[string]any{"Audience": []any{"a"}, "SigningAlgorithm": "ES384", "Tags": tags})
	if err == nil || !strings.HasPrefix(err.Error(), "JWTPayloadSizeExceeded") {
		t.Errorf("got %v", err)
	}
}
