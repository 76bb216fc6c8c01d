package iam

import (
	"errors"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// moved is what an Update would make of a user or group: who renames or moves
// one needs permission for what it is and for what it becomes (IAM User Guide,
// "Rename an IAM user", "Rename an IAM user group").
func moved(tx *store.Tx, c *writ.Call) (writ.Resource, error) {
	switch in := c.Input.(type) {
	case *api.UpdateUserInput:
		return userHolder.moved(tx, c, in.UserName, in.NewPath, in.NewUserName)
	case *api.UpdateGroupInput:
		return groupHolder.moved(tx, c, in.GroupName, in.NewPath, in.NewGroupName)
	}
	return writ.Resource{}, errors.New("iam: nothing is moved by " + c.Operation.Name)
}

// moved may tell that there is nothing of that name: what it is was checked first.
func (h holder) moved(tx *store.Tx, c *writ.Call, name string, newPath, newName *string) (writ.Resource, error) {
	e, err := h.find(tx, c, name)
	if err != nil {
		return writ.Resource{}, err
	}
	e.move(newPath, newName)
	r := e.resource(h.kind)
	r.Label = "" // by its ARN, as what is about to be created
	return r, nil
}
