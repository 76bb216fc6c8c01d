package iam

import (
	"strings"
	"time"

	"github.com/writ-iam/writ/store"
)

// account is one account of the installation.
type account struct {
	ID           string
	Partition    string
	Name         string
	Email        string
	RootPassword hashed // "" if root has none
	Alias        string // "" if there is none
	AnyRegion    bool   `json:",omitempty"` // tokens of STS's global endpoint are of version 2, good in all regions
	Created      time.Time
	Closed       time.Time `json:",omitzero"` // its credentials are good for nothing since
}

var accounts = store.NewTable("iam/account",
	func(a *account) store.Key { return store.K(a.ID) },
	store.Unique("alias", func(a *account) store.Key { return optional(a.Alias) }),
	store.Unique("email", func(a *account) store.Key { return optional(strings.ToLower(a.Email)) }))

// entity is what users, groups, roles, policies and instance profiles have in common.
type entity struct {
	Partition string
	Account   string
	ID        string // AIDA…, AGPA…, AROA…, ANPA…, AIPA…
	Path      string // "/" or "/…/"
	Name      string
	Created   time.Time
	Tags      []tag // in the order in which they were set
}

type tag struct{ Key, Value string }

// key orders entities by name; names are unique whatever their case.
func (e *entity) key() store.Key { return store.K(e.Account, strings.ToLower(e.Name)) }

// byPath is the order in which entities are listed.
func (e *entity) byPath() store.Key { return store.K(e.Account, e.Path, strings.ToLower(e.Name)) }

func (e *entity) byID() store.Key { return store.K(e.ID) }

func optional(part string) store.Key {
	if part == "" {
		return nil
	}
	return store.K(part)
}

type user struct {
	entity
	Boundary string // ARN of the permissions boundary, "" if there is none
}

var users = store.NewTable("iam/user", (*user).key,
	store.Unique("id", (*user).byID),
	store.Index("path", (*user).byPath),
	store.Index("boundary", func(u *user) store.Key { return boundaryKey(&u.entity, u.Boundary) }),
	store.Grouped[user]("boundary", 2),
	store.Counted[user]())

type group struct{ entity }

var groups = store.NewTable("iam/group", (*group).key,
	store.Unique("id", (*group).byID),
	store.Index("path", (*group).byPath),
	store.Counted[group]())

type role struct {
	entity
	Description string
	Boundary    string
	MaxSession  time.Duration
	// Trust is the trust policy with the ARNs of users and roles replaced by
	// their unique ids: who is deleted and made again is somebody else.
	Trust string
}

var roles = store.NewTable("iam/role", (*role).key,
	store.Unique("id", (*role).byID),
	store.Index("path", (*role).byPath),
	store.Index("boundary", func(r *role) store.Key { return boundaryKey(&r.entity, r.Boundary) }),
	store.Grouped[role]("boundary", 2),
	store.Counted[role]())

func boundaryKey(e *entity, boundary string) store.Key {
	if boundary == "" {
		return nil
	}
	return store.K(e.Account, boundary, e.ID)
}

type managedPolicy struct {
	entity
	Description string
	Updated     time.Time
	Default     uint64 // number of the default version
	Last        uint64 // number of the newest version ever made; numbers are not used again
}

var policies = store.NewTable("iam/policy", (*managedPolicy).key,
	store.Unique("id", (*managedPolicy).byID),
	store.Index("path", (*managedPolicy).byPath),
	store.Counted[managedPolicy]())

type policyVersion struct {
	Account  string
	PolicyID string
	Number   uint64
	Document string
	Created  time.Time
}

var policyVersions = store.NewTable("iam/policy-version",
	func(v *policyVersion) store.Key { return store.K(v.Account, v.PolicyID, v.Number) },
	store.Counted[policyVersion]())

type instanceProfile struct {
	entity
	RoleID string // "" while it holds none
}

var instanceProfiles = store.NewTable("iam/instance-profile", (*instanceProfile).key,
	store.Unique("id", (*instanceProfile).byID),
	store.Index("path", (*instanceProfile).byPath),
	store.Index("role", func(p *instanceProfile) store.Key {
		if p.RoleID == "" {
			return nil
		}
		return store.K(p.Account, p.RoleID, strings.ToLower(p.Name))
	}),
	store.Counted[instanceProfile]())

// membership says that a user is in a group.
type membership struct{ Account, UserID, GroupID string }

var memberships = store.NewTable("iam/membership",
	func(m *membership) store.Key { return store.K(m.Account, m.UserID, m.GroupID) },
	store.Index("group", func(m *membership) store.Key { return store.K(m.Account, m.GroupID, m.UserID) }))

// attachment says that a managed policy is attached to an entity.
type attachment struct {
	Account    string
	EntityType string // "user", "group", "role"
	EntityID   string
	PolicyARN  string
}

var attachments = store.NewTable("iam/attachment",
	func(a *attachment) store.Key { return store.K(a.Account, a.EntityID, a.PolicyARN) },
	store.Index("policy", func(a *attachment) store.Key {
		return store.K(a.Account, a.PolicyARN, a.EntityType, a.EntityID)
	}),
	store.Grouped[attachment]("policy", 2))

// inlinePolicy is embedded in one entity.
type inlinePolicy struct {
	Account  string
	EntityID string
	Name     string
	Document string
}

var inlinePolicies = store.NewTable("iam/inline-policy",
	func(p *inlinePolicy) store.Key { return store.K(p.Account, p.EntityID, p.Name) })

// accessKey is a long-term key of a user, or of root, whose id is the account's.
type accessKey struct {
	ID      string
	Account string
	UserID  string
	Active  bool
	Created time.Time
	Secret  store.Secret
}

var accessKeys = store.NewTable("iam/access-key",
	func(k *accessKey) store.Key { return store.K(k.ID) },
	store.Index("user", func(k *accessKey) store.Key { return store.K(k.Account, k.UserID, k.Created, k.ID) }))

// use is when and where an access key, a role or a password was last used.
type use struct {
	ID      string // of the key, the role or the user: their prefixes differ
	Time    time.Time
	Region  string
	Service string
}

var usesTable = store.NewTable("iam/last-use",
	func(u *use) store.Key { return store.K(u.ID) },
	store.Unlogged[use]())
