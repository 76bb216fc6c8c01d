package iam

import (
	"testing"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
)

// While a new password is hashed, the user may get another name and somebody else
// the old one. The password is then nobody's: whom it was meant for and whom it was
// decided for are two.
func TestRenamedWhileHashing(t *testing.T) {
	d := newDoor(t)
	c := d.call("")
	of, err := d.passwordOf(c, new("bob"))
	d.ok(err)
	_, err = d.UpdateUser(d.call(""), &api.UpdateUserInput{UserName: "bob", NewUserName: new("carol")})
	d.ok(err)
	_, err = d.CreateUser(d.call(""), &api.CreateUserInput{UserName: "bob"})
	d.ok(err)
	err = d.updateProfile(c, new("bob"), of.profile, func(p *loginProfile) { p.MustSet = true })
	if told, ok := writ.AsError(err); !ok || told.Code != "EntityTemporarilyUnmodifiable" {
		t.Errorf("the password of carol was changed in place of bob's: %v", err)
	}
}
