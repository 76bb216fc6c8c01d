package iam

import (
	"errors"
	"strings"
	"testing"

	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// A web identity token opens no role, whoever registers its issuer.
func TestOwnIssuerIsNoProvider(t *testing.T) {
	d := newDoor(t)
	d.Issuers = "https://writ.example/_writ/oidc/"
	for url, own := range map[string]bool{"https://writ.example/_writ/oidc/9f1c": true, "https://writ.example/realm": false} {
		_, err := d.CreateOpenIDConnectProvider(d.call(""), &api.CreateOpenIDConnectProviderInput{Url: url, ThumbprintList: []string{strings.Repeat("a", 40)}})
		d.ok(err)
		err = d.db.View(t.Context(), func(tx *store.Tx) error {
			_, err := d.OIDCProvider(tx, home, strings.TrimPrefix(url, "https://"))
			return err
		})
		if errors.Is(err, store.ErrNotFound) != own || err != nil && !own {
			t.Errorf("%s: %v", url, err)
		}
	}
}
