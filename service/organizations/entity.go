package organizations

import (
	"iter"
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
		m, err := o.holds(tx, id)
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
	for p, err := range o.places(tx) {
		if err != nil {
			return nil, err
		}
		if id == o.Root || id == p.account || slices.Contains(p.above, id) {
			all[p.account] = o.pathOf(p.above) + p.account
		}
	}
	return all, nil
}

// place is where an account lies: in which units, from below the root on.
type place struct {
	account string
	above   []string
}

// places yields the place of every account in the organization, by account.
func (o *organization) places(tx *store.Tx) iter.Seq2[place, error] {
	return func(yield func(place, error) bool) {
		known := map[string][]string{} // by parent
		for m, err := range members.ScanBy(tx, "organization", store.K(o.ID)) {
			p := place{}
			if err == nil {
				p.account = m.Account
				p.above, err = o.remembered(tx, known, m.Parent)
			}
			if !yield(p, err) || err != nil {
				return
			}
		}
	}
}

func (o *organization) remembered(tx *store.Tx, known map[string][]string, parent string) ([]string, error) {
	if above, ok := known[parent]; ok {
		return above, nil
	}
	above, err := o.within(tx, parent)
	known[parent] = above
	return above, err
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
