package awstest

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/writ-iam/writ/egress"
	"github.com/writ-iam/writ/internal/idp"
	"github.com/writ-iam/writ/oidc"
	"github.com/writ-iam/writ/server"
)

// Issuers are OpenID Connect providers that every lab has the keys of.
var Issuers = []string{"https://token.actions.githubusercontent.com", "https://oidc.cluster.example/id/EXAMPLED539D4633E53DE1B71EXAMPLE"}

// entityID is of the SAML provider of scripts.
const entityID = "https://idp.example.com/saml"

// outside is a world with no network, but for servers of the test itself that
// some authority vouches for.
func outside(t testing.TB, o *server.Options) (err error) {
	if o.Egress == nil {
		if o.Egress, err = egress.New(egress.Options{Now: o.Now}); err != nil {
			return err
		}
	}
	dir := t.TempDir()
	if err := idp.WriteKeys(dir, Issuers...); err != nil {
		return err
	}
	o.OIDCKeys, err = oidc.NewKeys(o.Egress, dir)
	return err
}

// token sets a variable to an ID token with the claims of a file.
func token(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: token NAME FILE")
	}
	var claims idp.Claims
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[1])), &claims))
	text, err := idp.OfflineToken(of(ts).lab.Now(), claims)
	ts.Check(err)
	ts.Setenv(args[0], text)
}

// saml is the script's SAML provider, made when it is first wanted.
func (s *script) saml() *idp.SAML {
	if s.idp == nil {
		s.idp = idp.NewSAML(s.t, entityID, s.lab.Now())
	}
	return s.idp
}

// metadata writes the metadata of the script's SAML provider to a file.
func metadata(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: metadata FILE")
	}
	s := of(ts)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(s.saml().Metadata(s.t)), 0o600))
}

// assertion sets a variable to a SAML response that says what a file says.
func assertion(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: assertion NAME FILE")
	}
	var said struct {
		Subject, Format, Recipient, Audience string
		Attributes                           map[string][]string
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[1])), &said))
	s := of(ts)
	ts.Setenv(args[0], s.saml().Respond(s.t, idp.Answer{Now: s.lab.Now(), Subject: said.Subject, Format: said.Format,
		Recipient: said.Recipient, Audience: said.Audience, Attributes: said.Attributes}))
}
