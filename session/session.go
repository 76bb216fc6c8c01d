// Package session mints and opens session tokens.
//
// Its one idea: a token is the session, sealed. Nothing about temporary
// credentials is stored anywhere; the token carries the session and the secret
// key, under a key that only this installation has, bound to the access key id
// that it was issued with. So it can be neither forged nor extended nor moved
// to another key id, and it opens on every node. Whether the entity behind it
// still exists is asked at each use, by authn.
package session

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
)

// Credentials are what a client signs with. They are secret.
type Credentials struct {
	AccessKeyID string
	SecretKey   string
	Token       string
	Expires     time.Time
}

// ErrInvalid is the error of a token that this installation did not issue for
// that access key id. It does not say why.
var ErrInvalid = errors.New("session: invalid token")

// content is the plaintext of a token.
type content struct {
	Secret  string        `json:"k"`
	Session *writ.Session `json:"s"`
}

// Mint issues credentials for a session of its issuer's account.
func Mint(keys *store.Keyring, s *writ.Session) (*Credentials, error) {
	c := &Credentials{
		AccessKeyID: writ.NewAccessKeyID(writ.TemporaryKeyID, s.Issuer.Account),
		SecretKey:   writ.NewSecret(),
		Expires:     s.Expires,
	}
	plain, err := json.Marshal(content{c.SecretKey, s})
	if err != nil {
		return nil, err
	}
	sealed := keys.Seal(store.SessionTokens, plain, []byte(c.AccessKeyID))
	c.Token = base64.StdEncoding.EncodeToString(sealed)
	return c, nil
}

// Open returns what Mint sealed: the secret key and the session, which may have
// expired. The only error is ErrInvalid.
func Open(keys *store.Keyring, accessKeyID, token string) (secret string, s *writ.Session, err error) {
	sealed, err := base64.StdEncoding.DecodeString(token)
	if err != nil {
		return "", nil, ErrInvalid
	}
	plain, err := keys.Open(store.SessionTokens, sealed, []byte(accessKeyID))
	if err != nil {
		return "", nil, ErrInvalid
	}
	var c content
	if json.Unmarshal(plain, &c) != nil || c.Session == nil {
		return "", nil, ErrInvalid
	}
	return c.Secret, c.Session, nil
}
