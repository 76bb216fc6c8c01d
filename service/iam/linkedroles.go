package iam

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// A service-linked role is a role in a path that no customer can use. It belongs
// to the service that the path names, and nobody else changes what it may do or
// who assumes it.

const linkedPath = "/aws-service-role/"

// linked says whether an entity is a service-linked role.
func (e *entity) linked() bool { return strings.HasPrefix(e.Path, linkedPath) }

// unreserved refuses the path of service-linked roles for others.
func unreserved(path *string) error {
	if strings.HasPrefix(value(path), linkedPath) {
		return api.InvalidInputException("Path prefix '%s' can only be used for AWS Service linked Roles", linkedPath)
	}
	return nil
}

// unprotected refuses changes to a service-linked role.
func unprotected(e *entity) error {
	if e.linked() {
		return api.UnmodifiableEntityException("Cannot perform the operation on the protected role '%s' - this role is only modifiable by AWS", e.Name)
	}
	return nil
}

// change finds an entity whose policies are about to change.
func (h holder) change(tx *store.Tx, c *writ.Call, name string) (*entity, error) {
	e, err := h.find(tx, c, name)
	if err != nil || h.kind != roleKind {
		return e, err
	}
	return e, unprotected(e)
}

// CreateServiceLinkedRole makes the role that AWS documents for a service, with
// the service's trust and policy. It counts, but is made whatever the quota on
// roles (IAM User Guide, "Create a service-linked role").
func (s *Service) CreateServiceLinkedRole(c *writ.Call, in *api.CreateServiceLinkedRoleInput) (out *api.CreateServiceLinkedRoleOutput, err error) {
	name, err := linkedName(in)
	if err != nil {
		return nil, err
	}
	r := &role{entity: roleKind.newEntity(c, new(linkedPath+in.AWSServiceName+"/"), name, nil),
		Description: value(in.Description), MaxSession: time.Hour, Trust: serviceTrust(in.AWSServiceName)}
	err = s.db.Update(c, func(tx *store.Tx) error {
		shape, err := listedRole(tx, r)
		if err != nil {
			return err
		}
		shape.MaxSessionDuration = nil // it is shown of roles that were read
		out = &api.CreateServiceLinkedRoleOutput{Role: shape}
		if err := roles.Insert(tx, r); errors.Is(err, store.ErrExists) {
			return api.InvalidInputException("Service role name %s has been taken in this account, please try a different suffix.", name)
		} else if err != nil {
			return err
		}
		return r.attachLinked(tx, in.AWSServiceName)
	})
	return out, err
}

// linkedName is the name of the role for a service.
func linkedName(in *api.CreateServiceLinkedRoleInput) (string, error) {
	known, ok := linkedServices[in.AWSServiceName]
	switch {
	case !ok:
		return "", api.InvalidInputException("There is no service-linked role for %s", in.AWSServiceName)
	case in.CustomSuffix == nil:
		return known.role, nil
	case !known.suffixes:
		return "", api.InvalidInputException("Custom suffix is not allowed for %s", in.AWSServiceName)
	}
	name := known.role + "_" + *in.CustomSuffix
	if len(name) > maxRoleName {
		return "", api.InvalidInputException("The role name %s is longer than %d characters", name, maxRoleName)
	}
	return name, nil
}

const maxRoleName = 64

func serviceTrust(service string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Action":["sts:AssumeRole"],"Effect":"Allow","Principal":{"Service":[%q]}}]}`, service)
}

func (r *role) attachLinked(tx *store.Tx, service string) error {
	name := linkedServices[service].policy
	if name == "" {
		return nil
	}
	return attachments.Insert(tx, &attachment{Account: r.Account, EntityType: roleKind.resource, EntityID: r.ID,
		PolicyARN: "arn:" + r.Partition + ":iam::aws:policy" + linkedPath + name})
}

// deletion is a service-linked role's, done when it is asked for, or refused.
type deletion struct {
	Account string
	Task    string // "task/aws-service-role/SERVICE/ROLE/UUID"
	Refused string `json:",omitempty"` // why the role is still there; "" if it is not
}

var deletions = store.NewTable("iam/deletion", func(d *deletion) store.Key { return store.K(d.Account, d.Task) })

// DeleteServiceLinkedRole deletes the role with its policy, and ends its sessions.
func (s *Service) DeleteServiceLinkedRole(c *writ.Call, in *api.DeleteServiceLinkedRoleInput) (out *api.DeleteServiceLinkedRoleOutput, err error) {
	id, deleted := uuid.NewString(), ""
	err = s.db.Update(c, func(tx *store.Tx) error {
		r, err := findRole(tx, c, in.RoleName)
		if err != nil {
			return err
		}
		if !r.linked() {
			return absentIs(store.ErrNotFound, roleKind, in.RoleName)
		}
		d := &deletion{Account: r.Account, Task: "task" + r.Path + r.Name + "/" + id}
		out = &api.DeleteServiceLinkedRoleOutput{DeletionTaskId: d.Task}
		if d.Refused, err = s.needed(tx, r); d.Refused != "" || err != nil {
			return errors.Join(err, deletions.Insert(tx, d))
		}
		if err := r.detachAll(tx); err != nil {
			return err
		}
		deleted = r.ID
		return errors.Join(s.removeRole(tx, r), deletions.Insert(tx, d))
	})
	if err == nil && deleted != "" {
		s.retired(deleted)
	}
	return out, err
}

// needed is why a service still needs its role, "" if it does not: Organizations,
// as long as the account is in one. No other service here keeps anything that does.
func (s *Service) needed(tx *store.Tx, r *role) (string, error) {
	if r.Path != linkedPath+"organizations.amazonaws.com/" {
		return "", nil
	}
	_, err := s.organization(tx, r.Account)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return "", nil
	case err != nil:
		return "", err
	}
	return "The account is a member of an organization.", nil
}

func (r *role) detachAll(tx *store.Tx) error {
	for a, err := range attachments.Scan(tx, store.K(r.Account, r.ID)) {
		if err != nil {
			return err
		}
		if err := attachments.Delete(tx, a.Account, a.EntityID, a.PolicyARN); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) GetServiceLinkedRoleDeletionStatus(c *writ.Call, in *api.GetServiceLinkedRoleDeletionStatusInput) (*api.GetServiceLinkedRoleDeletionStatusOutput, error) {
	if _, ok := taskRole(in.DeletionTaskId); !ok {
		return nil, api.InvalidInputException("Invalid deletion task id: %s", in.DeletionTaskId)
	}
	out := &api.GetServiceLinkedRoleDeletionStatusOutput{Status: "SUCCEEDED"}
	err := s.db.View(c.Context, func(tx *store.Tx) error {
		d, err := deletions.Get(tx, c.Scope.Account, in.DeletionTaskId)
		if errors.Is(err, store.ErrNotFound) {
			return api.NoSuchEntityException("The deletion task %s cannot be found.", in.DeletionTaskId)
		}
		if err == nil && d.Refused != "" {
			out.Status, out.Reason = "FAILED", &api.DeletionTaskFailureReasonType{Reason: &d.Refused}
		}
		return err
	})
	return out, err
}

// taskRole is the role that a deletion task is about: "SERVICE/ROLE".
func taskRole(task string) (string, bool) {
	rest, ok := strings.CutPrefix(task, "task"+linkedPath)
	parts := strings.Split(rest, "/")
	if !ok || len(parts) != 3 {
		return "", false
	}
	return parts[0] + "/" + parts[1], true
}

// linkedResource is the role that CreateServiceLinkedRole would make, or that a
// deletion task is about.
func linkedResource(c *writ.Call) writ.Resource {
	e := entity{Partition: c.Scope.Partition, Account: c.Scope.Account, Path: linkedPath}
	switch in := c.Input.(type) {
	case *api.CreateServiceLinkedRoleInput:
		e.Name, _ = linkedName(in)
		e.Path += in.AWSServiceName + "/"
	case *api.GetServiceLinkedRoleDeletionStatusInput:
		e.Name, _ = taskRole(in.DeletionTaskId)
	}
	return writ.Resource{ARN: roleKind.arn(&e), Account: e.Account}
}
