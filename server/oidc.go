package server

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"github.com/writ-iam/writ/store"
)

// issuers is where the issuers of web identity tokens are, under the URL that
// Options.Issuer gives; an account's own follows.
const issuers = "/_writ/oidc/"

// discovery describes an issuer (OpenID Connect Discovery 1.0, section 3), in the
// fields that AWS's have.
type discovery struct {
	Issuer     string   `json:"issuer"`
	Keys       string   `json:"jwks_uri"`
	Subjects   []string `json:"subject_types_supported"`
	Algorithms []string `json:"id_token_signing_alg_values_supported"`
	Claims     []string `json:"claims_supported"`
}

func (s *Server) discover(w http.ResponseWriter, r *http.Request) {
	issuer := s.options.Issuer + issuers + r.PathValue("issuer")
	s.publish(w, r, func() (any, error) {
		_, err := s.services.iam.VerificationKeys(r.Context(), r.PathValue("issuer"))
		return discovery{issuer, issuer + "/.well-known/jwks.json", []string{"public"}, []string{"RS256", "ES384"},
			[]string{"sub", "iss", "aud", "exp", "iat", "jti", "https://sts.amazonaws.com/"}}, err
	})
}

func (s *Server) verificationKeys(w http.ResponseWriter, r *http.Request) {
	s.publish(w, r, func() (any, error) { return s.services.iam.VerificationKeys(r.Context(), r.PathValue("issuer")) })
}

// publish answers what anybody may know.
func (s *Server) publish(w http.ResponseWriter, r *http.Request, read func() (any, error)) {
	v, err := read()
	if errors.Is(err, store.ErrNotFound) {
		http.NotFound(w, r)
		return
	}
	body, broken := json.Marshal(v)
	if err = errors.Join(err, broken); err != nil {
		s.log.Error("issuer", "error", err)
		http.Error(w, "The issuer can't be read.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "max-age=300")
	w.Write(body)
}

// issuerHost is the name under which verifiers reach the issuers.
func issuerHost(issuer string) (string, error) {
	u, err := url.Parse(issuer)
	if err != nil || u.Host == "" || u.Path != "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", errors.New("server: the issuer " + issuer + " is not of the form https://HOST[:PORT]")
	}
	return u.Hostname(), nil
}
