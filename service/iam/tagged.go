package iam

import (
	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
)

// Tagged returns what an account has of IAM that has tags, but for users and
// roles, which the Resource Groups Tagging API does not show.
func (s *Service) Tagged(tx *store.Tx, scope writ.Scope) ([]writ.Tagged, error) {
	var all []writ.Tagged
	for _, scan := range []func() error{
		func() error { return addTagged(tx, &all, policies, policyKind, scope.Account) },
		func() error { return addTagged(tx, &all, instanceProfiles, instanceProfileKind, scope.Account) },
		func() error { return addTagged(tx, &all, oidcProviders, oidcProviderKind, scope.Account) },
		func() error { return addTagged(tx, &all, samlProviders, samlProviderKind, scope.Account) },
		func() error { return addTagged(tx, &all, serverCertificates, serverCertificateKind, scope.Account) },
		func() error { return addTagged(tx, &all, mfaDevices, mfaKind, scope.Account) },
	} {
		if err := scan(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// addTagged adds the entities of a kind that have tags.
func addTagged[R any, P tagged[R]](tx *store.Tx, all *[]writ.Tagged, table *store.Table[R], k kind, account string) error {
	for r, err := range table.Scan(tx, store.K(account)) {
		if err != nil {
			return err
		}
		if e := P(r).base(); len(e.Tags) > 0 {
			*all = append(*all, writ.Tagged{ARN: k.arn(e), Type: "iam:" + k.resource, Tags: tagMap(e.Tags)})
		}
	}
	return nil
}
