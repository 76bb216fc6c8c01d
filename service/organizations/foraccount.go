package organizations

import "github.com/writ-iam/writ/store"

// Place returns where an account is, as aws:PrincipalOrgPaths has it, and with
// which tags. It is store.ErrNotFound if the account is in no organization.
func (s *Service) Place(tx *store.Tx, account string) (path string, tags map[string]string, err error) {
	o, m, err := organizationOf(tx, account)
	if err != nil {
		return "", nil, err
	}
	above, err := o.within(tx, m.Parent)
	if err != nil {
		return "", nil, err
	}
	tags, err = tagsOf(tx, o, account)
	return o.pathOf(above), tags, err
}
