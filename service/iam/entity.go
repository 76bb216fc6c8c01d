package iam

import (
	"errors"
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/store"
)

// kind is what differs between the kinds of entities: the words of their ARNs
// and messages, the prefix of their ids, their quotas.
type kind struct {
	resource string // in ARNs, and the type's name in the catalogue
	word     string // in messages: "user", "instance profile"
	idPrefix string
	quota    string // name of the quota on their number
	tagQuota string // name of the quota on the tags of one
	absent   string // AWS's message where there is none of a name
	taken    string // and where there is one already
}

var (
	userKind = kind{"user", "user", writ.UserID, "UsersPerAccount", "TagsPerUser",
		"The user with name %s cannot be found.", "User with name %s already exists."}
	groupKind = kind{"group", "group", writ.GroupID, "GroupsPerAccount", "",
		"The group with name %s cannot be found.", "Group with name %s already exists."}
	roleKind = kind{"role", "role", writ.RoleID, "RolesPerAccount", "TagsPerRole",
		"The role with name %s cannot be found.", "Role with name %s already exists."}
	policyKind = kind{"policy", "policy", writ.PolicyID, "PoliciesPerAccount", "TagsPerPolicy",
		"Policy %s does not exist or is not attachable.", "A policy called %s already exists. Duplicate names are not allowed."}
	instanceProfileKind = kind{"instance-profile", "instance profile", writ.InstanceProfileID, "InstanceProfilesPerAccount", "TagsPerInstanceProfile",
		"Instance Profile %s cannot be found.", "Instance Profile %s already exists."}
	oidcProviderKind = kind{"oidc-provider", "OpenIDConnect provider", "", "OpenIdConnectProvidersPerAccount", "TagsPerOpenIdConnectProvider",
		"OpenIDConnect Provider not found for arn %s", "Provider with url https://%s already exists."}
	samlProviderKind = kind{"saml-provider", "SAML provider", "", "SAMLProvidersPerAccount", "TagsPerSAMLProvider",
		"Manifest not found for arn %s", "SAML Provider with name %s already exists."}
)

// newEntity makes an entity of the caller's account. Its id is new.
func (k kind) newEntity(c *writ.Call, path *string, name string, tags []api.Tag) entity {
	e := entity{Partition: c.Scope.Partition, Account: c.Scope.Account, ID: writ.NewID(k.idPrefix),
		Path: "/", Name: name, Created: c.Time.Truncate(1e9), Tags: fromTags(tags)}
	if path != nil {
		e.Path = *path
	}
	return e
}

// arn is the entity's ARN, "arn:aws:iam::111122223333:user/path/name".
func (k kind) arn(e *entity) string {
	return arn.ARN{Partition: e.Partition, Service: "iam", Account: e.Account, Resource: k.resource + e.Path + e.Name}.String()
}

// base is the entity within a record of any kind.
func (e *entity) base() *entity { return e }

func (u *user) arn() string            { return userKind.arn(&u.entity) }
func (g *group) arn() string           { return groupKind.arn(&g.entity) }
func (r *role) arn() string            { return roleKind.arn(&r.entity) }
func (p *managedPolicy) arn() string   { return policyKind.arn(&p.entity) }
func (p *instanceProfile) arn() string { return instanceProfileKind.arn(&p.entity) }
func (p *oidcProvider) arn() string    { return oidcProviderKind.arn(&p.entity) }
func (p *samlProvider) arn() string    { return samlProviderKind.arn(&p.entity) }

// The functions below find an entity of the caller's account by name; if there
// is none the error is AWS's NoSuchEntity.

func findUser(tx *store.Tx, c *writ.Call, name string) (*user, error) {
	return find(tx, users, userKind, c.Scope.Account, name)
}

func findGroup(tx *store.Tx, c *writ.Call, name string) (*group, error) {
	return find(tx, groups, groupKind, c.Scope.Account, name)
}

func findRole(tx *store.Tx, c *writ.Call, name string) (*role, error) {
	return find(tx, roles, roleKind, c.Scope.Account, name)
}

func findInstanceProfile(tx *store.Tx, c *writ.Call, name string) (*instanceProfile, error) {
	return find(tx, instanceProfiles, instanceProfileKind, c.Scope.Account, name)
}

func find[R any](tx *store.Tx, table *store.Table[R], k kind, account, name string) (*R, error) {
	r, err := table.Get(tx, account, strings.ToLower(name))
	return r, absentIs(err, k, name)
}

// absentIs turns the store's error for a record that is not there into AWS's.
func absentIs(err error, k kind, name string) error {
	if errors.Is(err, store.ErrNotFound) {
		return api.NoSuchEntityException(k.absent, name)
	}
	return err
}

// insert writes a new entity within the quota on its kind. The name is taken
// whatever its case.
func insert[R any](s *Service, tx *store.Tx, table *store.Table[R], k kind, e *entity, r *R) error {
	n, err := table.Count(tx, store.K(e.Account))
	if err != nil {
		return err
	}
	if err := s.within(k.quota, n+1); err != nil {
		return err
	}
	return taken(table.Insert(tx, r), k, e.Name)
}

// taken turns the store's error for a key that is in use into AWS's.
func taken(err error, k kind, name string) error {
	if errors.Is(err, store.ErrExists) {
		return api.EntityAlreadyExistsException(k.taken, name)
	}
	return err
}

// move gives a record a new path or name or both; nil keeps the old one. The
// new name may differ in case alone.
func move[R any, P tagged[R]](tx *store.Tx, table *store.Table[R], k kind, r *R, path, name *string) error {
	e := P(r).base()
	if err := remove(tx, table, e); err != nil {
		return err
	}
	e.move(path, name)
	return taken(table.Insert(tx, r), k, e.Name)
}

func (e *entity) move(path, name *string) {
	if path != nil {
		e.Path = *path
	}
	if name != nil {
		e.Name = *name
	}
}

func remove[R any](tx *store.Tx, table *store.Table[R], e *entity) error {
	return table.Delete(tx, e.Account, strings.ToLower(e.Name))
}

// add gives an entity one of the things that it may have so many of. One that
// it has already is left alone.
func add[R any](s *Service, tx *store.Tx, table *store.Table[R], own store.Key, r *R, quota string) error {
	n, err := table.Count(tx, own)
	if err != nil {
		return err
	}
	if err := table.Insert(tx, r); errors.Is(err, store.ErrExists) {
		return nil
	} else if err != nil {
		return err
	}
	return s.within(quota, n+1)
}

// belongings are things of one kind that an entity has and that keep it from
// being deleted.
type belongings struct {
	count   func() (int, error)
	message string
}

// unused refuses with the first of the belongings that there are any of.
func unused(all ...belongings) error {
	for _, b := range all {
		n, err := b.count()
		if err != nil {
			return err
		}
		if n > 0 {
			return api.DeleteConflictException("Cannot delete entity, %s", b.message)
		}
	}
	return nil
}
