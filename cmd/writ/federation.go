package main

import (
	"crypto/x509"
	"fmt"
	"os"

	"github.com/spf13/pflag"

	"github.com/writ-iam/writ/egress"
	"github.com/writ-iam/writ/oidc"
	"github.com/writ-iam/writ/server"
)

// federation is how identity providers are asked and believed.
type federation struct {
	allow  []string
	ca     string
	keys   string
	signIn []string
}

func (f *federation) declare(flags *pflag.FlagSet) {
	flags.StringSliceVar(&f.allow, "egress-allow", nil, "private address or CIDR where identity providers may be asked; may be repeated (default none)")
	flags.StringVar(&f.ca, "egress-ca", "", "file with certificates (PEM) of private authorities to trust for identity providers, beside the system's")
	flags.StringVar(&f.keys, "oidc-keys", "", "directory with the keys of OpenID Connect providers that can't be asked: key sets (*.json) with a member \"issuer\"")
	flags.StringSliceVar(&f.signIn, "signin-url", nil, "URL of our own for which SAML assertions may be made out, besides AWS's; may be repeated")
}

// apply makes what the server needs of it.
func (f *federation) apply(o *server.Options) error {
	allow, err := prefixes("--egress-allow", f.allow)
	if err != nil {
		return err
	}
	roots, err := f.roots()
	if err != nil {
		return fmt.Errorf("--egress-ca: %w", err)
	}
	if o.Egress, err = egress.New(egress.Options{Allow: allow, Roots: roots}); err != nil {
		return fmt.Errorf("--egress-allow: %w", err)
	}
	if o.OIDCKeys, err = oidc.NewKeys(o.Egress, f.keys); err != nil {
		return fmt.Errorf("--oidc-keys: %w", err)
	}
	o.SignIn = f.signIn
	return nil
}

// roots are the system's authorities and the operator's; nil means the system's.
func (f *federation) roots() (*x509.CertPool, error) {
	if f.ca == "" {
		return nil, nil
	}
	text, err := os.ReadFile(f.ca)
	if err != nil {
		return nil, err
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		return nil, err
	}
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s has no certificate", f.ca)
	}
	return pool, nil
}
