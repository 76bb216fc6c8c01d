package iam

import (
	"errors"
	"maps"
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/model"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// Resource tells authz of the entity that an operation names. One that does not
// exist has the ARN that it would have without a path: who may not act on it
// must not learn that it is not there.
func (s *Service) Resource(tx *store.Tx, c *writ.Call, check *model.Check, id string) (writ.Resource, error) {
	switch check.ID {
	case "NewPath", "NewUserName", "NewGroupName", "NewServerCertificateName":
		return moved(tx, c)
	case "AWSServiceName", "DeletionTaskId":
		return linkedResource(c), nil
	}
	switch check.Type {
	case userKind.resource:
		if strings.HasSuffix(check.Action, "MFADevice") && ofRoot(c, id) {
			id = ""
		}
		return credentialUser(tx, c, id)
	case groupKind.resource:
		return groupResource(tx, c, id)
	case roleKind.resource:
		return s.roleResource(tx, c, check, id)
	case policyKind.resource:
		return policyResource(tx, c, id)
	case instanceProfileKind.resource:
		p, err := instanceProfiles.Get(tx, c.Scope.Account, strings.ToLower(id))
		if err != nil {
			return absent(c, instanceProfileKind, id, err)
		}
		return p.resource(instanceProfileKind), nil
	case mfaKind.resource:
		return deviceResource(tx, c, id)
	case serverCertificateKind.resource:
		k, err := serverCertificates.Get(tx, c.Scope.Account, strings.ToLower(id))
		if err != nil {
			return absent(c, serverCertificateKind, id, err)
		}
		return k.resource(serverCertificateKind), nil
	case oidcProviderKind.resource:
		if check.ID == "Url" {
			return newOIDCProvider(c, id), nil
		}
		return providerResource(tx, c, oidcProviders, oidcProviderKind, id)
	case samlProviderKind.resource:
		return providerResource(tx, c, samlProviders, samlProviderKind, id)
	case delegationRequest:
		return delegationResource(tx, c, check, id)
	case "access-key":
		return keyResource(tx, c, id)
	case "principal":
		return s.sourceResource(tx, c, check, id)
	case "entity":
		return reportResource(tx, c, id)
	}
	return writ.Resource{}, errors.New("iam: no resources of type " + check.Type)
}

func (e *entity) resource(k kind) writ.Resource {
	return writ.Resource{ARN: k.arn(e), Account: e.Account, Tags: tagMap(e.Tags), Label: k.word + " " + e.Name}
}

// absent is the resource that would have that name.
func absent(c *writ.Call, k kind, name string, err error) (writ.Resource, error) {
	if !errors.Is(err, store.ErrNotFound) {
		return writ.Resource{}, err
	}
	e := entity{Partition: c.Scope.Partition, Account: c.Scope.Account, Path: "/", Name: name}
	return e.resource(k), nil
}

func userResource(tx *store.Tx, c *writ.Call, name string) (writ.Resource, error) {
	if name == "" && c.Caller.Type == policy.RootUser {
		return writ.Resource{ARN: c.Caller.ARN, Account: c.Scope.Account}, nil
	}
	u, err := users.Get(tx, c.Scope.Account, strings.ToLower(name))
	if err != nil {
		return absent(c, userKind, name, err)
	}
	r := u.resource(userKind)
	r.Keys = boundaryKeys(u.Boundary)
	return r, nil
}

func groupResource(tx *store.Tx, c *writ.Call, name string) (writ.Resource, error) {
	g, err := groups.Get(tx, c.Scope.Account, strings.ToLower(name))
	if err != nil {
		return absent(c, groupKind, name, err)
	}
	return g.resource(groupKind), nil
}

// credentialUser is the user that a call about service-specific credentials is
// about, who may be all.
func credentialUser(tx *store.Tx, c *writ.Call, name string) (writ.Resource, error) {
	if in, ok := c.Input.(*api.ListServiceSpecificCredentialsInput); ok && ofAllUsers(in) {
		all := entity{Partition: c.Scope.Partition, Account: c.Scope.Account, Path: "/", Name: "*"}
		return writ.Resource{ARN: userKind.arn(&all), Account: c.Scope.Account}, nil
	}
	r, err := userResource(tx, c, name)
	if err != nil {
		return r, err
	}
	keys, err := serviceCredentialKeys(tx, c)
	if r.Keys == nil {
		r.Keys = keys
	} else {
		maps.Copy(r.Keys, keys)
	}
	return r, err
}

// keyResource is the user whose access key it is.
func keyResource(tx *store.Tx, c *writ.Call, id string) (writ.Resource, error) {
	k, err := accessKeys.Get(tx, id)
	if err == nil && k.Account == c.Scope.Account {
		var u *user
		if u, err = users.By(tx, "id", k.UserID); err == nil {
			return u.resource(userKind), nil
		}
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return writ.Resource{}, err
	}
	return writ.Resource{ARN: userKind.arn(&entity{Partition: c.Scope.Partition, Account: c.Scope.Account, Path: "/"})}, nil
}

func boundaryKeys(boundary string) map[string]string {
	if boundary == "" {
		return nil
	}
	return map[string]string{"iam:PermissionsBoundary": boundary}
}

func policyResource(tx *store.Tx, c *writ.Call, text string) (writ.Resource, error) {
	r := writ.Resource{ARN: text, Label: "policy " + text}
	a, err := arn.Parse(text)
	if err != nil {
		return r, nil // the operation will say so
	}
	r.Account = a.Account
	if a.Account == "aws" {
		if c.Operation.Rule.ReadOnly() {
			r.Account = c.Scope.Account // to read AWS's policies needs no permission of AWS
		}
		return r, nil
	}
	p, err := policyByARN(tx, c.Scope.Account, text)
	if err == nil {
		r.Tags = tagMap(p.Tags)
	} else if !errors.Is(err, store.ErrNotFound) {
		return writ.Resource{}, err
	}
	return r, nil
}

// roleResource finds a role by name in the caller's account or, for STS, by ARN
// in any. Its trust policy takes part only in what STS asks.
func (s *Service) roleResource(tx *store.Tx, c *writ.Call, check *model.Check, id string) (writ.Resource, error) {
	if check.Service() != "sts" {
		found, err := ownRole(tx, c, id)
		if check.Action == "iam:PassRole" {
			found.Label = "" // AWS names the role to pass by its ARN
		}
		return found, err
	}
	r, err := s.assumed.GetTx(tx, id)
	if errors.Is(err, store.ErrNotFound) {
		return writ.Resource{ARN: id, Account: accountOf(id)}, nil
	}
	if err != nil {
		return writ.Resource{}, err
	}
	found := r.resource(roleKind)
	found.Label = ""
	found.Policy, err = s.trust.GetTx(tx, r.ID)
	return found, err
}

func ownRole(tx *store.Tx, c *writ.Call, name string) (writ.Resource, error) {
	r, err := roles.Get(tx, c.Scope.Account, strings.ToLower(name))
	if err != nil {
		return absent(c, roleKind, name, err)
	}
	found := r.resource(roleKind)
	found.Keys = boundaryKeys(r.Boundary)
	return found, nil
}

// roleByARN finds a role of any account; store.ErrNotFound if there is none
// with exactly that ARN, or its account is closed.
func roleByARN(tx *store.Tx, text string) (*role, error) {
	a, err := arn.Parse(text)
	if err != nil || a.Service != "iam" || !strings.HasPrefix(a.Resource, "role/") {
		return nil, store.ErrNotFound
	}
	r, err := roles.Get(tx, a.Account, strings.ToLower(a.Resource[strings.LastIndexByte(a.Resource, '/')+1:]))
	if err != nil {
		return nil, err
	}
	if r.arn() != text {
		return nil, store.ErrNotFound
	}
	_, err = openAccount(tx, r.Account)
	return r, err
}

func accountOf(text string) string {
	a, _ := arn.Parse(text)
	return a.Account
}
