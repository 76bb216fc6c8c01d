// Package authn finds out who makes a call.
//
// Its one idea: a Caller is what a signature proves, joined with what is true
// now. The signature names an access key; a long-term key belongs to a user or
// root, a temporary one to the session sealed in its token; and the entity
// behind either must still exist, with the same unique id, at each use.
// Everything read is cached by what it was derived from, so that a deactivated
// key or a deleted user is refused with the next request.
package authn

import (
	"errors"
	"net/http"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/session"
	"github.com/writ-iam/writ/sigv4"
	"github.com/writ-iam/writ/store"
)

// Key is a long-term access key and who it belongs to.
type Key struct {
	Secret string
	Active bool
	Caller writ.Caller // complete but for Session
}

// Entity is the user, role or root behind a session, as it is now.
type Entity struct {
	ARN           string
	Name          string
	Tags          map[string]string
	ServiceLinked bool
}

// Credentials is the source of what a signature is checked against.
type Credentials interface {
	// AccessKey returns a long-term key, store.ErrNotFound if there is none or
	// its owner or account is gone.
	AccessKey(tx *store.Tx, id string) (*Key, error)
	// Entity returns the issuer of a session, store.ErrNotFound if the one with
	// that id is gone.
	Entity(tx *store.Tx, issuer writ.Issuer) (*Entity, error)
	// Provider returns the ARN of the identity provider that has this unique id,
	// store.ErrNotFound if it is gone.
	Provider(tx *store.Tx, id string) (string, error)
}

// Regions is the source of the regions that accounts have enabled.
type Regions interface {
	// RegionEnabled says whether an account has enabled a region that is not
	// enabled by default.
	RegionEnabled(tx *store.Tx, account, region string) (bool, error)
}

// Authenticator checks signatures. It is safe for concurrent use.
type Authenticator struct {
	sealing   *store.Keyring
	keys      *store.Cache[string, *Key]
	entities  *store.Cache[writ.Issuer, *Entity]
	providers *store.Cache[string, string]
	regions   *store.Cache[place, bool]
	signing   *sigv4.Keys
}

// signingKeys is how many derived keys are kept: one for each access key, day,
// region and service in use.
const signingKeys = 1 << 14

// New makes an Authenticator that opens session tokens with the keyring.
func New(db *store.DB, sealing *store.Keyring, source Credentials, regions Regions) *Authenticator {
	return &Authenticator{
		sealing:   sealing,
		keys:      store.NewCache(db, func(tx *store.Tx, id string) (*Key, error) { return keyOf(source.AccessKey(tx, id)) }),
		entities:  store.NewCache(db, source.Entity),
		providers: store.NewCache(db, source.Provider),
		regions:   store.NewCache(db, func(tx *store.Tx, at place) (bool, error) { return regions.RegionEnabled(tx, at.account, at.region) }),
		signing:   sigv4.NewKeys(signingKeys),
	}
}

// Authenticate checks the request's signature and sets the call's Caller and
// Scope. bodyHash is the SHA-256 of the body; if it is nil the body has not been
// read, and must be read through the Payload that is returned. An operation that
// needs no signature gets an anonymous caller if there is none. Errors that
// callers see are in the words of the operation's protocol.
func (a *Authenticator) Authenticate(c *writ.Call, r *http.Request, bodyHash []byte) (*Payload, error) {
	sig, err := sigv4.Parse(r)
	if err == nil {
		err = a.verify(c, r, &sig, bodyHash)
	} else if c.Operation.Unsigned && sigv4.IsMissing(err) {
		c.Caller = &writ.Caller{}
		return &Payload{call: c, body: r.Body}, nil
	}
	if err != nil || bodyHash != nil {
		return nil, told(c, err)
	}
	body, err := sig.Body(r)
	if err != nil {
		return nil, told(c, err)
	}
	return &Payload{call: c, body: body, proving: body}, nil
}

func (a *Authenticator) verify(c *writ.Call, r *http.Request, sig *sigv4.Signature, bodyHash []byte) error {
	rules := sigv4.Rules{Service: c.Operation.Service.Metadata.SigningName}
	if c.Operation.Service.Metadata.Protocol == "rest-xml" {
		rules.S3, rules.UnsignedPayload = true, true
	}
	if err := sig.Check(r, rules, c.Time); err != nil {
		return err
	}
	secret, caller, err := a.caller(c, sig)
	if err != nil {
		return err
	}
	key := a.signing.Key(sig.AccessKeyID, secret, sig.Scope)
	if err := sig.Verify(r, bodyHash, key); err != nil {
		return err
	}
	return a.proved(c, caller, writ.Signed{Presigned: sig.Presigned, Time: sig.Time, Payload: string(sig.Payload)})
}

// proved makes a caller the call's. Only now is the token known to be the
// caller's own: whoever can't sign must not learn whether a session has expired.
func (a *Authenticator) proved(c *writ.Call, caller *writ.Caller, signed writ.Signed) error {
	if s := caller.Session; s != nil && !c.Time.Before(s.Expires) {
		return sigv4.ExpiredToken()
	}
	if caller.Partition != c.Scope.Partition {
		return sigv4.UnknownKey()
	}
	if err := a.known(c, caller); err != nil {
		return err
	}
	c.Caller, c.Scope.Account, c.Signed = caller, caller.Account, signed
	return nil
}

// caller returns who an access key stands for, and the secret to prove it with.
func (a *Authenticator) caller(c *writ.Call, sig *sigv4.Signature) (string, *writ.Caller, error) {
	if sig.SessionToken != "" {
		return a.sessionCaller(c, sig)
	}
	key, err := a.key(c, sig.AccessKeyID)
	if err != nil {
		return "", nil, err
	}
	return key.Secret, &key.Caller, nil
}

// key returns an active long-term key.
func (a *Authenticator) key(c *writ.Call, id string) (*Key, error) {
	key, _, err := a.keys.Get(c.Context, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && !key.Active {
		return nil, sigv4.UnknownKey()
	}
	return key, err
}

func (a *Authenticator) sessionCaller(c *writ.Call, sig *sigv4.Signature) (string, *writ.Caller, error) {
	secret, s, err := session.Open(a.sealing, sig.AccessKeyID, sig.SessionToken)
	if err != nil {
		return "", nil, sigv4.InvalidToken()
	}
	if s.ParentKey != "" {
		if _, err := a.key(c, s.ParentKey); err != nil {
			return "", nil, err
		}
	}
	if s.ProviderID != "" {
		if _, _, err := a.providers.Get(c.Context, s.ProviderID); errors.Is(err, store.ErrNotFound) {
			return "", nil, sigv4.InvalidToken()
		} else if err != nil {
			return "", nil, err
		}
	}
	entity, _, err := a.entities.Get(c.Context, s.Issuer)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil, sigv4.InvalidToken()
	}
	if err != nil {
		return "", nil, err
	}
	return secret, callerOf(sig.AccessKeyID, s, entity), nil
}

// told turns the refusals of package sigv4 into errors in the words of the
// operation's protocol. Other errors are returned as they are.
func told(c *writ.Call, err error) error {
	var refused *sigv4.Error
	if !errors.As(err, &refused) {
		return err
	}
	e := refused.For(style(c.Operation.Service.Metadata.Protocol))
	if c.Operation.Service.Metadata.Protocol == "ec2" {
		return ec2(e)
	}
	return writ.Errorf(e.Status, e.Code, "%s", e.Message)
}

func style(protocol string) sigv4.Style {
	switch protocol {
	case "json":
		return sigv4.JSON
	case "rest-json":
		return sigv4.RESTJSON
	case "rest-xml":
		return sigv4.S3
	}
	return sigv4.Query
}

// keyOf adds what S3 calls the account of a key's owner.
func keyOf(key *Key, err error) (*Key, error) {
	if err == nil {
		key.Caller.CanonicalID = writ.CanonicalID(key.Caller.Account)
	}
	return key, err
}

// callerOf joins a session with the entity behind it.
func callerOf(accessKeyID string, s *writ.Session, e *Entity) *writ.Caller {
	c := &writ.Caller{Partition: s.Issuer.Partition, AccessKeyID: accessKeyID, Session: s, Tags: e.Tags, Name: e.Name}
	c.Account, c.CanonicalID, c.Delegated = s.Issuer.Account, writ.CanonicalID(s.Issuer.Account), s.Delegate != ""
	switch {
	case s.Operation == "GetFederationToken":
		federated(c, s, e)
	case s.Issuer.Type == writ.IssuerRole:
		assumed(c, s, e)
	case s.Issuer.Type == writ.IssuerRoot:
		c.Type, c.ARN, c.ID = policy.RootUser, e.ARN, s.Issuer.ID
	default:
		c.Type, c.ARN, c.ID = policy.User, e.ARN, s.Issuer.ID
	}
	return c
}
