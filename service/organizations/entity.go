package organizations

import (
	"slices"
	"strings"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// Entity finds a root, unit or account by its path, for IAM's reports of what the
// accounts in it use: of the organization that an account manages, which must have
// service control policies enabled. With the id of one, that one stands for those
// over the entity.
func (s *Service) Entity(tx *store.Tx, management, path, scpID string) (*writ.OrganizationEntity, error) {
	o, _, err := organizationOf(tx, management)
	if err != nil {
		return nil, err
	}
	if o.Management != management || !o.enabledType(scp) {
		return nil, store.ErrNotFound
	}
	id, above, err := o.at(tx, path)
	if err != nil {
		return nil, err
	}
	e := new(writ.OrganizationEntity)
	if e.Accounts, err = o.accountsBelow(tx, id); err != nil {
		return nil, err
	}
	switch {
	case scpID != "":
		e.SCPs, err = s.alone(tx, o, scpID)
	case id != management:
		e.SCPs, err = s.levels(tx, o, scp, above)
	}
	return e, err
}

// at finds what is at a path, and what leads from the root to it, itself included.
func (o *organization) at(tx *store.Tx, path string) (id string, levels []string, err error) {
	parts := strings.Split(strings.TrimSuffix(path, "/"), "/")
	id = parts[len(parts)-1]
	parent, account := id, ""
	if kindOf(id) == accountKind {
		m, err := members.Get(tx, id)
		if err != nil {
			return "", nil, err
		}
		parent, account = m.Parent, id
	}
	above, err := o.within(tx, parent)
	if err != nil {
		return "", nil, err
	}
	levels = append([]string{o.Root}, above...)
	if account != "" {
		levels = append(levels, account)
	}
	if !slices.Equal(parts, append([]string{o.ID}, levels...)) {
		return "", nil, store.ErrNotFound
	}
	return id, levels, nil
}

// accountsBelow are the paths of the accounts in the organization that are
// something or below it.
func (o *organization) accountsBelow(tx *store.Tx, id string) (map[string]string, error) {
	all := map[string]string{}
	for m, err := range members.ScanBy(tx, "organization", store.K(o.ID)) {
		if err != nil {
			return nil, err
		}
		above, err := o.within(tx, m.Parent)
		if err != nil {
			return nil, err
		}
		if id == o.Root || id == m.Account || slices.Contains(above, id) {
			all[m.Account] = o.pathOf(above) + m.Account
		}
	}
	return all, nil
}

// alone is a service control policy as if no other were attached anywhere.
func (s *Service) alone(tx *store.Tx, o *organization, id string) ([][]*policy.Policy, error) {
	p, err := policies.Get(tx, o.ID, id)
	if err == nil && p.Type != scp {
		err = store.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	one, err := s.compiled.GetTx(tx, policyKey{o.ID, id})
	return [][]*policy.Policy{{one}}, err
}
