package iam

import (
	"errors"
	"strings"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/store"
)

// arnOfID is the ARN that a principal's unique id stands for now. What is no id,
// or the id of somebody who is gone, is returned as it is.
func arnOfID(tx *store.Tx, principal string) (string, error) {
	switch {
	case strings.HasPrefix(principal, writ.UserID):
		return nameOf(tx, users, principal)
	case strings.HasPrefix(principal, writ.RoleID):
		return nameOf(tx, roles, principal)
	}
	return principal, nil
}

func nameOf[R any, P interface {
	*R
	arn() string
}](tx *store.Tx, table *store.Table[R], id string) (string, error) {
	r, err := table.By(tx, "id", id)
	if errors.Is(err, store.ErrNotFound) {
		return id, nil
	}
	if err != nil {
		return "", err
	}
	return P(r).arn(), nil
}

// idOfARN is the unique id of the user or role that an ARN names now, in any
// account. ARNs of other things, and what is no ARN, are returned as they are.
// A user or role that does not exist is store.ErrNotFound.
func idOfARN(tx *store.Tx, text string) (string, error) {
	a, err := arn.Parse(text)
	if err != nil || a.Service != "iam" {
		return text, nil
	}
	name := strings.ToLower(a.Resource[strings.LastIndexByte(a.Resource, '/')+1:])
	switch {
	case strings.HasPrefix(a.Resource, "user/"):
		u, err := users.Get(tx, a.Account, name)
		if err != nil || u.arn() != text {
			return "", store.ErrNotFound
		}
		return u.ID, nil
	case strings.HasPrefix(a.Resource, "role/"):
		r, err := roleByARN(tx, text)
		if err != nil {
			return "", err
		}
		return r.ID, nil
	}
	return text, nil
}
