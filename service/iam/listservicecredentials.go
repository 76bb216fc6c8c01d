package iam

import (
	"errors"
	"strconv"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// ListServiceSpecificCredentials lists those of one user or of all, for one
// service or for all.
func (s *Service) ListServiceSpecificCredentials(c *writ.Call, in *api.ListServiceSpecificCredentialsInput) (*api.ListServiceSpecificCredentialsOutput, error) {
	service, err := wantedService(in.ServiceName)
	if err != nil {
		return nil, err
	}
	if ofAllUsers(in) && in.UserName != nil {
		return nil, writ.ValidationError("UserName cannot be specified when AllUsers is true")
	}
	read := func(tx *store.Tx, after store.Key, limit int) ([]*api.ServiceSpecificCredentialMetadata, store.Key, error) {
		rows, next, err := pageOfServiceCredentials(tx, c, in, service, after, limit)
		if err != nil {
			return nil, nil, err
		}
		all, err := convertIn(tx, rows, func(tx *store.Tx, k *serviceCredential) (*api.ServiceSpecificCredentialMetadata, error) {
			return k.listed(tx, c)
		})
		return all, next, err
	}
	p, err := list(s, c, paging{in.Marker, in.MaxItems}, read, value(in.UserName), strconv.FormatBool(ofAllUsers(in)), service)
	if err != nil {
		return nil, err
	}
	return &api.ListServiceSpecificCredentialsOutput{ServiceSpecificCredentials: shapes(p), IsTruncated: &p.IsTruncated, Marker: p.Marker}, nil
}

func ofAllUsers(in *api.ListServiceSpecificCredentialsInput) bool {
	return in.AllUsers != nil && *in.AllUsers
}

// wantedService is the service that a list is for, "" for all.
func wantedService(name *string) (string, error) {
	if value(name) == "" {
		return "", nil
	}
	return credentialService(*name)
}

func pageOfServiceCredentials(tx *store.Tx, c *writ.Call, in *api.ListServiceSpecificCredentialsInput, service string, after store.Key, limit int) ([]*serviceCredential, store.Key, error) {
	index, prefix := "service", store.K(c.Scope.Account)
	if !ofAllUsers(in) {
		u, err := ownOrNamed(tx, c, in.UserName)
		if err != nil {
			return nil, nil, err
		}
		index, prefix = "user", prefix.Add(u.ID)
	}
	if service != "" {
		prefix = prefix.Add(service)
	}
	return serviceCredentials.PageBy(tx, index, prefix, after, limit)
}

func (k *serviceCredential) listed(tx *store.Tx, c *writ.Call) (*api.ServiceSpecificCredentialMetadata, error) {
	name, err := userName(tx, k.UserID)
	if err != nil {
		return nil, err
	}
	shape := &api.ServiceSpecificCredentialMetadata{UserName: name, Status: k.status(c.Time), CreateDate: k.Created,
		ExpirationDate: date(k.Expires), ServiceSpecificCredentialId: k.ID, ServiceName: k.Service}
	if _, ok := k.tokenPrefix(); ok {
		shape.ServiceCredentialAlias = &k.Login
	} else {
		shape.ServiceUserName = &k.Login
	}
	return shape, nil
}

// serviceCredentialKeys are the context keys of a call about a service-specific
// credential: its service, in the one spelling that policies compare.
func serviceCredentialKeys(tx *store.Tx, c *writ.Call) (map[string]string, error) {
	var service, id string
	switch in := c.Input.(type) {
	case *api.CreateServiceSpecificCredentialInput:
		service, _ = credentialService(in.ServiceName) // the operation will say what is wrong
	case *api.ResetServiceSpecificCredentialInput:
		id = in.ServiceSpecificCredentialId
	case *api.UpdateServiceSpecificCredentialInput:
		id = in.ServiceSpecificCredentialId
	case *api.DeleteServiceSpecificCredentialInput:
		id = in.ServiceSpecificCredentialId
	}
	if id != "" {
		k, err := serviceCredentials.Get(tx, c.Scope.Account, id)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
		if err == nil {
			service = k.Service
		}
	}
	if service == "" {
		return nil, nil
	}
	return map[string]string{"iam:ServiceSpecificCredentialServiceName": service}, nil
}
