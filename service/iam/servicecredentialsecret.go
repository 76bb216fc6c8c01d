package iam

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// tokenPrefixes are the services that credentials are made for, each with what
// its API keys begin with; "" is a service that takes user name and password.
var tokenPrefixes = map[string]string{
	"codecommit.amazonaws.com":             "",
	"cassandra.amazonaws.com":              "",
	"bedrock.amazonaws.com":                "ABSK",
	"logs.amazonaws.com":                   "ACWL",
	"cloudwatch.amazonaws.com":             "APIAACWM",
	"aws-external-anthropic.amazonaws.com": "AEAA",
}

var serviceNames = regexp.MustCompile(`^[a-zA-Z0-9.-]*$`)

// credentialService is the service's name in its one spelling.
func credentialService(name string) (string, error) {
	if !serviceNames.MatchString(name) {
		return "", writ.ValidationError("ServiceName must match [a-zA-Z0-9.-]*")
	}
	service := strings.ToLower(name)
	if _, ok := tokenPrefixes[service]; !ok {
		return "", api.NoSuchEntityException("No such service %s is supported for Service Specific Credentials", name)
	}
	return service, nil
}

func (k *serviceCredential) tokenPrefix() (prefix string, ok bool) {
	prefix = tokenPrefixes[k.Service]
	return prefix, prefix != ""
}

// token is the text of an API key.
func token(prefix, login, password string) string {
	return prefix + base64.StdEncoding.EncodeToString([]byte(login+":"+password))
}

// openToken is the other way round; ok is false for what is no API key of the service.
func openToken(prefix, text string) (login, password string, ok bool) {
	text, ok = strings.CutPrefix(text, prefix)
	if !ok {
		return "", "", false
	}
	plain, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return "", "", false
	}
	return strings.Cut(string(plain), ":")
}

// newServicePassword makes a password of 360 random bits in 60 characters.
func newServicePassword() string {
	b := make([]byte, 45)
	rand.Read(b)
	return base64.StdEncoding.EncodeToString(b)
}

func hashServicePassword(password string) []byte {
	sum := sha256.Sum256([]byte(password))
	return sum[:]
}

// freeLogin is the first of ada-at-111122223333, ada+1-at-111122223333, … that
// nobody has, nor anybody who once had the user's name.
func freeLogin(tx *store.Tx, account, service, userName string) (string, error) {
	login := userName + "-at-" + account
	for n := 1; ; n++ {
		_, err := serviceCredentials.By(tx, "login", account, service, login)
		if errors.Is(err, store.ErrNotFound) {
			return login, nil
		}
		if err != nil {
			return "", err
		}
		login = fmt.Sprintf("%s+%d-at-%s", userName, n, account)
	}
}

// ServiceCredentialOwner says which user a service-specific credential stands
// for, to the service (by its name, "codecommit.amazonaws.com") that it was shown
// to. An API key is a password without a login. The answer to whatever is wrong
// is store.ErrNotFound.
func (s *Service) ServiceCredentialOwner(tx *store.Tx, service, login, password string, now time.Time) (writ.Issuer, error) {
	if prefix := tokenPrefixes[service]; prefix != "" {
		var ok bool
		if login, password, ok = openToken(prefix, password); !ok {
			return writ.Issuer{}, store.ErrNotFound
		}
	}
	at := strings.LastIndex(login, "-at-")
	if at < 0 {
		return writ.Issuer{}, store.ErrNotFound
	}
	k, err := serviceCredentials.By(tx, "login", login[at+len("-at-"):], service, login)
	if err != nil {
		return writ.Issuer{}, err
	}
	if subtle.ConstantTimeCompare(k.Secret, hashServicePassword(password)) == 0 || k.status(now) != active {
		return writ.Issuer{}, store.ErrNotFound
	}
	u, err := users.By(tx, "id", k.UserID)
	if err != nil {
		return writ.Issuer{}, err
	}
	return writ.Issuer{Type: writ.IssuerUser, Partition: u.Partition, Account: u.Account, Name: u.Name, ID: u.ID, ARN: u.arn()}, nil
}
