package iam

import (
	"testing"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
)

// A session of AssumeRoot takes root's password away: root can't sign in any more.
// Root itself has to name a user.
func TestRootPassword(t *testing.T) {
	d := newDoor(t)
	code := func(err error) string {
		if err == nil {
			return ""
		}
		e, _ := writ.AsError(err)
		return e.Code
	}
	if _, err := d.DeleteLoginProfile(d.call(""), &api.DeleteLoginProfileInput{}); code(err) == "" {
		t.Error("root deleted a password without saying whose")
	}
	managed := d.call("")
	managed.Caller.Session = &writ.Session{Operation: "AssumeRoot"}
	shown, err := d.GetLoginProfile(managed, &api.GetLoginProfileInput{})
	d.ok(err)
	if shown.LoginProfile.UserName != "acme" {
		t.Errorf("shown as %+v", shown.LoginProfile)
	}
	d.want("192.0.2.1", SignIn{Account: "root@example.com", Password: rootWord}, Admitted)
	_, err = d.DeleteLoginProfile(managed, &api.DeleteLoginProfileInput{})
	d.ok(err)
	d.want("192.0.2.1", SignIn{Account: "root@example.com", Password: rootWord}, Refused)
	_, gone := d.GetLoginProfile(managed, &api.GetLoginProfileInput{})
	_, again := d.DeleteLoginProfile(managed, &api.DeleteLoginProfileInput{})
	_, recovered := d.CreateLoginProfile(managed, &api.CreateLoginProfileInput{})
	if code(gone) != "NoSuchEntity" || code(again) != "NoSuchEntity" || code(recovered) != "NotImplemented" {
		t.Errorf("%v, %v, %v", gone, again, recovered)
	}
}
