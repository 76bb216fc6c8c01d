package organizations

import (
	"time"

	"github.com/writ-iam/writ/store"
)

// organization is one organization, with its only root.
type organization struct {
	ID          string // o-…
	Partition   string
	Management  string   // the account that made it
	AllFeatures bool     // feature set ALL; CONSOLIDATED_BILLING otherwise
	Root        string   // r-…
	PolicyTypes []string // that are enabled in the root
	Created     time.Time
}

var organizations = store.NewTable("organizations/organization",
	func(o *organization) store.Key { return store.K(o.ID) })

// unit is an organizational unit. It stays where it was made.
type unit struct {
	Organization string
	ID           string // ou-ROOT-…
	Parent       string // the root or a unit
	Name         string
	Above        []string // ids of the units from below the root to its parent
}

var units = store.NewTable("organizations/unit",
	func(u *unit) store.Key { return store.K(u.Organization, u.ID) },
	store.Unique("name", func(u *unit) store.Key { return store.K(u.Organization, u.Parent, u.Name) }),
	store.Index("parent", func(u *unit) store.Key { return store.K(u.Organization, u.Parent, u.ID) }),
	store.Counted[unit]())

// member says that an account is in an organization.
type member struct {
	Account      string
	Organization string
	Parent       string // the root or a unit
	Method       string // INVITED, CREATED
	Joined       time.Time
}

var members = store.NewTable("organizations/member",
	func(m *member) store.Key { return store.K(m.Account) },
	store.Index("organization", func(m *member) store.Key { return store.K(m.Organization, m.Account) }),
	store.Grouped[member]("organization", 1),
	store.Index("parent", func(m *member) store.Key { return store.K(m.Organization, m.Parent, m.Account) }))

// How a member came.
const invited, created = "INVITED", "CREATED"

// orgPolicy is a policy of an organization, of any type.
type orgPolicy struct {
	Organization string
	ID           string // p-…
	Type         string
	Name         string
	Description  string
	Content      string
	Changed      time.Time
	AWS          bool // one that AWS owns and nobody changes
}

var policies = store.NewTable("organizations/policy",
	func(p *orgPolicy) store.Key { return store.K(p.Organization, p.ID) },
	store.Unique("name", func(p *orgPolicy) store.Key { return store.K(p.Organization, p.Type, p.Name) }),
	store.Index("type", func(p *orgPolicy) store.Key { return store.K(p.Organization, p.Type, p.ID) }),
	store.Grouped[orgPolicy]("type", 2))

// attachment says that a policy is attached to a root, unit or account.
type attachment struct {
	Organization string
	Target       string
	Type         string
	Policy       string
	Attached     time.Time // zero for AWS's own
}

var attachments = store.NewTable("organizations/attachment",
	func(a *attachment) store.Key { return store.K(a.Organization, a.Target, a.Type, a.Policy) },
	store.Index("policy", func(a *attachment) store.Key { return store.K(a.Organization, a.Policy, a.Target) }),
	store.Index("type", func(a *attachment) store.Key { return store.K(a.Organization, a.Type, a.Target, a.Policy) }))

// creation is what became of a request to make an account.
type creation struct {
	Organization string
	ID           string // car-…
	Name         string
	Account      string // "" if it failed
	Failure      string // "" if it did not
	Requested    time.Time
}

var creations = store.NewTable("organizations/creation",
	func(c *creation) store.Key { return store.K(c.Organization, c.ID) })

// tag is one tag of a root, unit, account or policy.
type tag struct{ Organization, Resource, Key, Value string }

var tags = store.NewTable("organizations/tag",
	func(t *tag) store.Key { return store.K(t.Organization, t.Resource, t.Key) })
