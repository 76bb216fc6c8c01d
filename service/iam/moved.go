package iam

import (
	"errors"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// moved is what an Update would make of a user, group or server certificate: who
// renames or moves one needs permission for what it is and for what it becomes
// (IAM User Guide, "Rename an IAM user", "Rename an IAM user group"; API
// reference, UpdateServerCertificate).
func moved(tx *store.Tx, c *writ.Call) (writ.Resource, error) {
	switch in := c.Input.(type) {
	case *api.UpdateUserInput:
		u, err := findUser(tx, c, in.UserName)
		return movedTo(u, err, userKind, in.NewPath, in.NewUserName)
	case *api.UpdateGroupInput:
		g, err := findGroup(tx, c, in.GroupName)
		return movedTo(g, err, groupKind, in.NewPath, in.NewGroupName)
	case *api.UpdateServerCertificateInput:
		k, err := findServerCertificate(tx, c, in.ServerCertificateName)
		return movedTo(k, err, serverCertificateKind, in.NewPath, in.NewServerCertificateName)
	}
	return writ.Resource{}, errors.New("iam: nothing is moved by " + c.Operation.Name)
}

// movedTo may tell that there is nothing of that name: what it is was checked first.
func movedTo[R any, P tagged[R]](r *R, err error, k kind, newPath, newName *string) (writ.Resource, error) {
	if err != nil {
		return writ.Resource{}, err
	}
	e := P(r).base()
	e.move(newPath, newName)
	moved := e.resource(k)
	moved.Label = "" // by its ARN, as what is about to be created
	return moved, nil
}
