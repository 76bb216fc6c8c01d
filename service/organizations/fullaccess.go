package organizations

import (
	"slices"

	"github.com/writ-iam/writ/store"
)

// The types of policies that are filters of permissions.
const scp, rcp = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"

// fullAccess are the policies that AWS owns: what is nowhere limited must still
// be let through (R22).
var fullAccess = map[string]orgPolicy{
	scp: {ID: "p-FullAWSAccess", Type: scp, Name: "FullAWSAccess", AWS: true, Description: "Allows access to every operation",
		Content: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`},
	rcp: {ID: "p-RCPFullAWSAccess", Type: rcp, Name: "RCPFullAWSAccess", AWS: true, Description: "Allow access to every resource",
		Content: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`},
}

// addFullAccess gives a new organization AWS's policies.
func (o *organization) addFullAccess(tx *store.Tx) error {
	for _, p := range fullAccess {
		p.Organization = o.ID
		if err := policies.Insert(tx, &p); err != nil {
			return err
		}
	}
	return nil
}

// attachFullAccess attaches AWS's policy of a type, if there is one, to everything
// in the tree.
func (o *organization) attachFullAccess(tx *store.Tx, policyType string) error {
	if _, ok := fullAccess[policyType]; !ok {
		return nil
	}
	all := []string{o.Root}
	for u, err := range units.Scan(tx, store.K(o.ID)) {
		if err != nil {
			return err
		}
		all = append(all, u.ID)
	}
	for m, err := range members.ScanBy(tx, "organization", store.K(o.ID)) {
		if err != nil {
			return err
		}
		all = append(all, m.Account)
	}
	for _, target := range all {
		if err := o.attach(tx, target, fullAccess[policyType].ID, policyType); err != nil {
			return err
		}
	}
	return nil
}

// welcome attaches what everything new in the tree begins with.
func (o *organization) welcome(tx *store.Tx, target string) error {
	for policyType, p := range fullAccess {
		if !slices.Contains(o.PolicyTypes, policyType) {
			continue
		}
		if err := o.attach(tx, target, p.ID, policyType); err != nil {
			return err
		}
	}
	return nil
}

func (o *organization) attach(tx *store.Tx, target, id, policyType string) error {
	return attachments.Put(tx, &attachment{Organization: o.ID, Target: target, Type: policyType, Policy: id})
}
