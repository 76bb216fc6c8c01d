package iam

import (
	"errors"
	"strings"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/store"
)

// storedPrincipal is an AWS principal as a trust policy keeps it: users and
// roles by their unique id, sessions of roles as "AROA…:session", and what no
// entity stands behind (accounts, federated users, everybody) as it is. A
// principal that is not there is store.ErrNotFound.
func storedPrincipal(tx *store.Tx, partition, text string) (string, error) {
	if !strings.HasPrefix(text, "arn:") {
		return storedID(tx, text)
	}
	a, err := arn.Parse(text)
	if err != nil || a.Partition != partition {
		return "", store.ErrNotFound
	}
	kind, name, _ := strings.Cut(a.Resource, "/")
	switch a.Service + ":" + kind {
	case "iam:user":
		u, err := users.Get(tx, a.Account, strings.ToLower(lastPart(name)))
		return idOf(u, err, text)
	case "iam:role":
		r, err := roles.Get(tx, a.Account, strings.ToLower(lastPart(name)))
		return idOf(r, err, text)
	case "sts:assumed-role":
		return storedSession(tx, a, text)
	}
	if !isRoot(a) && !isFederatedUser(a) {
		return "", store.ErrNotFound
	}
	return text, nil
}

func isRoot(a arn.ARN) bool {
	return a.Service == "iam" && a.Region == "" && isAccountID(a.Account) && a.Resource == "root"
}

func isFederatedUser(a arn.ARN) bool {
	name, ok := strings.CutPrefix(a.Resource, "federated-user/")
	return ok && name != "" && a.Service == "sts" && a.Region == "" && isAccountID(a.Account)
}

func isAccountID(s string) bool { return len(s) == 12 && strings.Trim(s, "0123456789") == "" }

// storedID takes a principal that is no ARN: everybody, an account, or the id
// of an entity, which has to exist.
func storedID(tx *store.Tx, text string) (string, error) {
	var err error
	switch {
	case text == "*" || isAccountID(text):
	case strings.HasPrefix(text, writ.UserID):
		_, err = users.By(tx, "id", text)
	case strings.HasPrefix(text, writ.RoleID):
		_, err = roles.By(tx, "id", text)
	default:
		err = store.ErrNotFound
	}
	return text, err
}

// storedSession takes the ARN of a role's session, which has no path.
func storedSession(tx *store.Tx, a arn.ARN, text string) (string, error) {
	_, name, _ := strings.Cut(a.Resource, "/")
	name, session, _ := strings.Cut(name, "/")
	r, err := roles.Get(tx, a.Account, strings.ToLower(name))
	if err != nil {
		return "", err
	}
	if session == "" || r.sessionARN(session) != text {
		return "", store.ErrNotFound
	}
	return r.ID + ":" + session, nil
}

func (r *role) sessionARN(session string) string {
	return arn.ARN{Partition: r.Partition, Service: "sts", Account: r.Account, Resource: "assumed-role/" + r.Name + "/" + session}.String()
}

// named is a record of something that has an ARN.
type named[R any] interface {
	tagged[R]
	arn() string
}

// idOf is the id of what was read, if it has exactly that ARN.
func idOf[R any, P named[R]](r *R, err error, arn string) (string, error) {
	if err != nil {
		return "", err
	}
	if P(r).arn() != arn {
		return "", store.ErrNotFound
	}
	return P(r).base().ID, nil
}

// shownPrincipal is what people read for a stored principal: the ARN that its
// id stands for now. The id of one that is gone is shown as it is.
func shownPrincipal(tx *store.Tx, stored string) (string, error) {
	id, session, _ := strings.Cut(stored, ":")
	var shown string
	var err error
	switch {
	case strings.HasPrefix(id, writ.UserID):
		shown, err = arnOf(users.By(tx, "id", id))
	case strings.HasPrefix(id, writ.RoleID) && session != "":
		shown, err = sessionOf(tx, id, session)
	case strings.HasPrefix(id, writ.RoleID):
		shown, err = arnOf(roles.By(tx, "id", id))
	default:
		return stored, nil
	}
	if errors.Is(err, store.ErrNotFound) {
		return stored, nil
	}
	return shown, err
}

func arnOf[R any, P named[R]](r *R, err error) (string, error) {
	if err != nil {
		return "", err
	}
	return P(r).arn(), nil
}

func sessionOf(tx *store.Tx, id, session string) (string, error) {
	r, err := roles.By(tx, "id", id)
	if err != nil {
		return "", err
	}
	return r.sessionARN(session), nil
}

// StoredPrincipal is an AWS principal as policies keep it (see storedPrincipal),
// for the services whose resources have policies. A principal that is not there
// is store.ErrNotFound.
func (s *Service) StoredPrincipal(tx *store.Tx, partition, text string) (string, error) {
	return storedPrincipal(tx, partition, text)
}

// ShownPrincipal is what people read for a stored principal.
func (s *Service) ShownPrincipal(tx *store.Tx, stored string) (string, error) {
	return shownPrincipal(tx, stored)
}
