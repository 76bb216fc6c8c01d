package iam

import (
	"errors"
	"testing"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// union is an organization that manages the root users of two accounts. It is
// asked for nothing else.
type union struct {
	Organizations
	manager string
}

func (u union) Organization(*store.Tx, string, string) (*writ.Organization, error) {
	return &writ.Organization{ID: "o-aa111bb222", ManagementAccount: u.manager, AllFeatures: true, Trusted: true}, nil
}

// Nobody signs in to a closed account, and nobody acts for its root user, in a
// session that was begun before either.
func TestClosedAccount(t *testing.T) {
	d := newDoor(t)
	const manager = "444455556666"
	d.Organizations = union{manager: manager}
	rootIn := SignIn{Account: "root@example.com", Password: rootWord}
	sessions := []writ.Issuer{{Type: writ.IssuerRoot, Account: home, ID: home}, {Type: writ.IssuerUser, Account: home, ID: d.user("bob").ID}}
	doors := func(tx *store.Tx) (all []error) {
		for _, i := range sessions {
			_, err := d.Entity(tx, i)
			all = append(all, err)
		}
		_, err := d.ManagedRoot(tx, manager, home, rootSessions)
		return append(all, err)
	}
	check := func(want error) {
		d.ok(d.db.View(t.Context(), func(tx *store.Tx) error {
			for i, err := range doors(tx) {
				if !errors.Is(err, want) {
					t.Errorf("door %d: %v, want %v", i, err, want)
				}
			}
			return nil
		}))
	}
	d.ok(d.db.Maintain(t.Context(), "features", func(tx *store.Tx) error {
		return rootAccesses.Put(tx, &rootAccess{"o-aa111bb222", []string{rootSessions}})
	}))
	issued, err := d.EnableOutboundWebIdentityFederation(d.call(""), &api.EnableOutboundWebIdentityFederationInput{})
	d.ok(err)
	_, err = d.VerificationKeys(t.Context(), *issued.IssuerIdentifier)
	d.ok(err)
	d.want("192.0.2.1", rootIn, Admitted)
	d.want("192.0.2.1", bob(bobWord), Admitted)
	check(nil)

	d.ok(d.db.Maintain(t.Context(), "closing", func(tx *store.Tx) error { return d.CloseAccount(tx, home, d.now) }))
	d.want("192.0.2.1", rootIn, Refused)
	d.want("192.0.2.1", bob(bobWord), Refused)
	check(store.ErrNotFound)
	if _, err := d.VerificationKeys(t.Context(), *issued.IssuerIdentifier); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("tokens of the account can still be verified: %v", err)
	}
}
