package iam

import (
	"errors"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// passwordPolicy is what an account demands of its users' passwords.
type passwordPolicy struct {
	Account     string
	MinLength   int // in characters
	Symbols     bool
	Numbers     bool
	Uppercase   bool
	Lowercase   bool
	SelfService bool // users may change their own password, whatever their policies lack
	MaxAge      int  // in days; 0 if passwords do not expire
	Reuse       int  // how many of the last passwords may not be used again
	HardExpiry  bool // who lets a password expire needs an administrator
}

var passwordPolicies = store.NewTable("iam/password-policy",
	func(p *passwordPolicy) store.Key { return store.K(p.Account) })

// leastLength is MinimumPasswordLength where UpdateAccountPasswordPolicy is not
// told it (IAM API reference).
const leastLength = 6

// UpdateAccountPasswordPolicy replaces the policy: what is left out gets its
// default again, not what it had.
func (s *Service) UpdateAccountPasswordPolicy(c *writ.Call, in *api.UpdateAccountPasswordPolicyInput) (*api.UpdateAccountPasswordPolicyOutput, error) {
	p := &passwordPolicy{
		Account: c.Scope.Account, MinLength: or(in.MinimumPasswordLength, leastLength),
		Symbols: or(in.RequireSymbols, false), Numbers: or(in.RequireNumbers, false),
		Uppercase: or(in.RequireUppercaseCharacters, false), Lowercase: or(in.RequireLowercaseCharacters, false),
		SelfService: or(in.AllowUsersToChangePassword, false), MaxAge: or(in.MaxPasswordAge, 0),
		Reuse: or(in.PasswordReusePrevention, 0), HardExpiry: or(in.HardExpiry, false),
	}
	err := s.db.Update(c, func(tx *store.Tx) error { return passwordPolicies.Put(tx, p) })
	return &api.UpdateAccountPasswordPolicyOutput{}, err
}

// or is the value of an optional member, or its default.
func or[T any](v *T, otherwise T) T {
	if v == nil {
		return otherwise
	}
	return *v
}

// GetAccountPasswordPolicy knows of no policy where none was set, though AWS's
// default one applies.
func (s *Service) GetAccountPasswordPolicy(c *writ.Call, _ *api.GetAccountPasswordPolicyInput) (out *api.GetAccountPasswordPolicyOutput, err error) {
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		p, err := passwordPolicies.Get(tx, c.Scope.Account)
		if errors.Is(err, store.ErrNotFound) {
			return api.NoSuchEntityException("The Password Policy with domain name %s cannot be found.", c.Scope.Account)
		}
		if err == nil {
			out = &api.GetAccountPasswordPolicyOutput{PasswordPolicy: p.shape()}
		}
		return err
	})
	return out, err
}

func (s *Service) DeleteAccountPasswordPolicy(c *writ.Call, _ *api.DeleteAccountPasswordPolicyInput) (*api.DeleteAccountPasswordPolicyOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		err := passwordPolicies.Delete(tx, c.Scope.Account)
		if errors.Is(err, store.ErrNotFound) {
			return api.NoSuchEntityException("The account policy with name PasswordPolicy cannot be found.")
		}
		return err
	})
	return &api.DeleteAccountPasswordPolicyOutput{}, err
}

// shape leaves out what is not set, as AWS does.
func (p *passwordPolicy) shape() api.PasswordPolicy {
	shape := api.PasswordPolicy{
		MinimumPasswordLength: &p.MinLength, RequireSymbols: &p.Symbols, RequireNumbers: &p.Numbers,
		RequireUppercaseCharacters: &p.Uppercase, RequireLowercaseCharacters: &p.Lowercase,
		AllowUsersToChangePassword: &p.SelfService, ExpirePasswords: new(p.MaxAge > 0),
	}
	if p.MaxAge > 0 {
		shape.MaxPasswordAge = &p.MaxAge
	}
	if p.Reuse > 0 {
		shape.PasswordReusePrevention = &p.Reuse
	}
	if p.HardExpiry {
		shape.HardExpiry = &p.HardExpiry
	}
	return shape
}

// accountPolicy is the policy that an account has set; nil if it has none.
func accountPolicy(tx *store.Tx, account string) (*passwordPolicy, error) {
	p, err := passwordPolicies.Get(tx, account)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return p, err
}

// expired says whether a password that was set at a time is too old.
func (p *passwordPolicy) expired(set, now time.Time) bool {
	return p != nil && p.MaxAge > 0 && !now.Before(set.AddDate(0, 0, p.MaxAge))
}

// selfService is what AllowUsersToChangePassword adds to the policies of every
// user (IAM API reference, PasswordPolicy). ChangePassword acts on nobody but
// the caller, so that no user need be named.
var selfService = policy.Load("AccountPasswordPolicy", []byte(`{"Version": "2012-10-17", "Statement": {
	"Sid": "AllowUsersToChangePassword", "Effect": "Allow",
	"Action": ["iam:ChangePassword", "iam:GetAccountPasswordPolicy"], "Resource": "*"}}`))

// accountRights are the policies that an account gives to all of its users.
func accountRights(tx *store.Tx, account string) ([]*policy.Policy, error) {
	p, err := accountPolicy(tx, account)
	if err != nil || p == nil || !p.SelfService {
		return nil, err
	}
	return []*policy.Policy{selfService}, nil
}
