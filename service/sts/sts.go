// Package sts is the AWS Security Token Service: who am I, and temporary
// credentials.
//
// Its one idea: STS keeps no sessions. Credentials are a session, sealed into its
// token; what the session may do is decided at each use, by the policies of the
// role or user that it stands for. All that is stored are the ids of SAML
// assertions, until they can't be used a second time.
package sts

import (
	"errors"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/sts"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/session"
	"github.com/writ-iam/writ/store"
)

// Service carries out the operations of STS. It is safe for concurrent use.
type Service struct {
	db         *store.DB
	keys       *store.Keyring
	identities Identities
	regions    Regions
}

// Regions is the source of the regions that accounts have enabled.
type Regions interface {
	// RegionEnabled says whether an account has enabled a region that is not
	// enabled by default.
	RegionEnabled(tx *store.Tx, account, region string) (bool, error)
}

// Identities is what STS reads of IAM. What is not there is store.ErrNotFound.
type Identities interface {
	// Role returns the role of exactly that ARN, in any account, and how long
	// its sessions may last.
	Role(tx *store.Tx, arn string) (role writ.Issuer, longest time.Duration, err error)
	// ManagedPolicy returns a managed policy of the account or of AWS.
	ManagedPolicy(tx *store.Tx, account, arn string) (*policy.Policy, error)
	// ManagedRoot returns the root user of another account, of the same
	// organization, whose root access an account manages in the way of a feature
	// ("RootSessions"); store.ErrNotFound if there is none.
	ManagedRoot(tx *store.Tx, manager, account, feature string) (writ.Issuer, error)
	// Delegation returns what was granted to an account that has made a
	// delegation request, as it is at a time.
	Delegation(tx *store.Tx, requestor, id string, now time.Time) (*writ.Delegation, error)
	// UseCode uses up a one-time code of an MFA device of the caller; false if
	// it is not good. store.ErrNotFound if the caller has no such device.
	UseCode(c *writ.Call, serial, code string) (good bool, err error)
	// KeyAccount returns the account of a long-term access key.
	KeyAccount(tx *store.Tx, id string) (string, error)
	// AnyRegion says whether tokens that an account gets from the global endpoint
	// are good in all regions.
	AnyRegion(tx *store.Tx, account string) (bool, error)
	// SigningKey returns the issuer URL of an account and the private key that
	// its web identity tokens are signed with, by algorithm.
	SigningKey(tx *store.Tx, account, algorithm string) (issuer string, key jose.JSONWebKey, err error)
}

// New makes the service; tokens are sealed with keys.
func New(db *store.DB, keys *store.Keyring, identities Identities, regions Regions) *Service {
	return &Service{db, keys, identities, regions}
}

func (s *Service) GetCallerIdentity(c *writ.Call, _ *api.GetCallerIdentityInput) (*api.GetCallerIdentityOutput, error) {
	return &api.GetCallerIdentityOutput{UserId: &c.Caller.ID, Account: &c.Caller.Account, Arn: &c.Caller.ARN}, nil
}

// GetAccessKeyInfo tells the account of any key. Temporary keys and those that
// IAM made carry it; keys that were given from outside are looked up.
func (s *Service) GetAccessKeyInfo(c *writ.Call, in *api.GetAccessKeyInfoInput) (*api.GetAccessKeyInfoOutput, error) {
	var account string
	err := s.db.View(c.Context, func(tx *store.Tx) (err error) {
		account, err = s.identities.KeyAccount(tx, in.AccessKeyId)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		var ok bool
		if account, ok = writ.AccountOfKey(in.AccessKeyId); !ok {
			return nil, writ.ValidationError("Invalid Access Key Id: %s", in.AccessKeyId)
		}
		err = nil
	}
	return &api.GetAccessKeyInfoOutput{Account: &account}, err
}

// issue mints the credentials of a session that starts with the call.
func (s *Service) issue(c *writ.Call, started *writ.Session, duration time.Duration) (*api.Credentials, error) {
	started.Issued = c.Time.Truncate(time.Second)
	started.Expires = started.Issued.Add(duration)
	return s.mint(c, started)
}

// mint makes the credentials of a session whose times are set.
func (s *Service) mint(c *writ.Call, started *writ.Session) (*api.Credentials, error) {
	if err := s.activated(c, started.Issuer.Account); err != nil {
		return nil, err
	}
	if err := s.version(c, started); err != nil {
		return nil, err
	}
	creds, err := session.Mint(s.keys, started)
	if err != nil {
		return nil, err
	}
	return &api.Credentials{AccessKeyId: creds.AccessKeyID, SecretAccessKey: creds.SecretKey,
		SessionToken: creds.Token, Expiration: creds.Expires}, nil
}
