package iam

import (
	"errors"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/authn"
	"github.com/writ-iam/writ/authz"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// The methods of this file are what authn and authz ask of IAM. They run in
// the loads of caches, so they read through the transaction and nothing else.

// AccessKey returns a long-term key with its owner.
func (s *Service) AccessKey(tx *store.Tx, id string) (*authn.Key, error) {
	k, err := accessKeys.Get(tx, id)
	if err != nil {
		return nil, err
	}
	secret, err := k.Secret.Reveal()
	if err != nil {
		return nil, err
	}
	caller, err := k.caller(tx)
	if err != nil {
		return nil, err
	}
	return &authn.Key{Secret: string(secret), Active: k.Active, Caller: *caller}, nil
}

func (k *accessKey) caller(tx *store.Tx) (*writ.Caller, error) {
	a, err := openAccount(tx, k.Account)
	if err != nil {
		return nil, err
	}
	c, err := principal(tx, a, k.UserID)
	if err != nil {
		return nil, err
	}
	c.AccessKeyID = k.ID
	return c, nil
}

// openAccount returns an account whose credentials are good: one that is closed
// is as if it were not there.
func openAccount(tx *store.Tx, id string) (*account, error) {
	a, err := accounts.Get(tx, id)
	if err == nil && !a.Closed.IsZero() {
		return nil, store.ErrNotFound
	}
	return a, err
}

// Closed says whether an account is closed; one that is not there is not.
func (s *Service) Closed(tx *store.Tx, id string) (bool, error) {
	a, err := accounts.Get(tx, id)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil && !a.Closed.IsZero(), err
}

// principal is a user of the account, or root, as a caller: complete but for
// access key and session.
func principal(tx *store.Tx, a *account, id string) (*writ.Caller, error) {
	c := &writ.Caller{Partition: a.Partition, ID: id}
	c.Account, c.Type, c.ARN = a.ID, policy.RootUser, a.rootARN()
	if id == a.ID {
		return c, nil
	}
	u, err := users.By(tx, "id", id)
	if err != nil {
		return nil, err
	}
	c.Type, c.ARN, c.Name, c.Tags = policy.User, u.arn(), u.Name, tagMap(u.Tags)
	return c, nil
}

func (a *account) rootARN() string {
	return arn.ARN{Partition: a.Partition, Service: "iam", Account: a.ID, Resource: "root"}.String()
}

// Entity returns what a session stands for, as it is now.
func (s *Service) Entity(tx *store.Tx, i writ.Issuer) (*authn.Entity, error) {
	a, err := openAccount(tx, i.Account)
	if err != nil {
		return nil, err
	}
	switch i.Type {
	case writ.IssuerRoot:
		return &authn.Entity{ARN: a.rootARN()}, nil
	case writ.IssuerRole:
		r, err := roles.By(tx, "id", i.ID)
		if err != nil {
			return nil, err
		}
		return &authn.Entity{ARN: r.arn(), Name: r.Name, Tags: tagMap(r.Tags), ServiceLinked: r.linked()}, nil
	}
	u, err := users.By(tx, "id", i.ID)
	if err != nil {
		return nil, err
	}
	return &authn.Entity{ARN: u.arn(), Name: u.Name, Tags: tagMap(u.Tags)}, nil
}

// Identity returns the compiled policies of a user or role.
func (s *Service) Identity(tx *store.Tx, i authz.Issuer) (*authz.Identity, error) {
	if i.Type == writ.IssuerRole {
		r, err := roles.By(tx, "id", i.ID)
		if err != nil {
			return nil, err
		}
		return s.identity(tx, &r.entity, r.Boundary, r.ID)
	}
	u, err := users.By(tx, "id", i.ID)
	if err != nil {
		return nil, err
	}
	ids := []string{u.ID}
	for m, err := range memberships.Scan(tx, store.K(u.Account, u.ID)) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, m.GroupID)
	}
	all, err := s.identity(tx, &u.entity, u.Boundary, ids...)
	if err != nil {
		return nil, err
	}
	rights, err := accountRights(tx, u.Account)
	all.Policies = append(all.Policies, rights...)
	return all, err
}

// identity joins the policies of an entity and its groups.
func (s *Service) identity(tx *store.Tx, e *entity, boundary string, ids ...string) (*authz.Identity, error) {
	all := new(authz.Identity)
	for _, id := range ids {
		if err := s.addPolicies(tx, e, id, all); err != nil {
			return nil, err
		}
	}
	var err error
	all.Boundary, err = s.boundary(tx, e.Account, boundary)
	return all, err
}

// boundary is the compiled boundary of an entity, nil if it has none. One that is
// gone allows nothing; only AWS's own policies can go.
func (s *Service) boundary(tx *store.Tx, account, arn string) ([]*policy.Policy, error) {
	if arn == "" {
		return nil, nil
	}
	p, err := s.shared.GetTx(tx, managed{account, arn})
	if errors.Is(err, store.ErrNotFound) {
		return []*policy.Policy{}, nil
	}
	return []*policy.Policy{p}, err
}

func (s *Service) addPolicies(tx *store.Tx, e *entity, id string, all *authz.Identity) error {
	for p, err := range inlinePolicies.Scan(tx, store.K(e.Account, id)) {
		if err != nil {
			return err
		}
		all.Policies = append(all.Policies, policy.Load(p.Name, []byte(p.Document)))
	}
	for a, err := range attachments.Scan(tx, store.K(e.Account, id)) {
		if err != nil {
			return err
		}
		p, err := s.shared.GetTx(tx, managed{e.Account, a.PolicyARN})
		if err != nil {
			return err
		}
		all.Policies = append(all.Policies, p)
	}
	return nil
}
