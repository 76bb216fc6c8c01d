package sts

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/sts"
	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/catalogue"
	"github.com/writ-iam/writ/model"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// AssumeRoot starts a session of the root user of a member account, for one of
// the tasks that AWS has policies for. Whether the caller may was decided before:
// by its own policies, and by what its organization manages (Resource).
func (s *Service) AssumeRoot(c *writ.Call, in *api.AssumeRootInput) (*api.AssumeRootOutput, error) {
	if atGlobalEndpoint(c) {
		return nil, writ.ValidationError("AssumeRoot is not supported by the global endpoint.")
	}
	task, ok := taskPolicy(c, in)
	if !ok {
		return nil, writ.ValidationError("The policy given as TaskPolicyArn is not one of the root task policies.")
	}
	started := &writ.Session{Operation: c.Operation.Name, PolicyARNs: []string{task.ARN}}
	err := s.db.View(c.Context, func(tx *store.Tx) (err error) {
		started.Issuer, err = s.identities.ManagedRoot(tx, c.Scope.Account, rootAccount(c, in.TargetPrincipal), featureOf(in))
		return err
	})
	if err != nil {
		return nil, err
	}
	if started.SourceIdentity, err = sourceIdentity(c, nil); err != nil {
		return nil, err
	}
	creds, err := s.issue(c, started, asked(in.DurationSeconds, 15*time.Minute))
	return &api.AssumeRootOutput{Credentials: creds, SourceIdentity: optional(started.SourceIdentity)}, err
}

// taskPolicy finds the policy of the task among those that AWS has for it.
func taskPolicy(c *writ.Call, in *api.AssumeRootInput) (*catalogue.Managed, bool) {
	if in.TaskPolicyArn.Arn == nil || !strings.HasPrefix(*in.TaskPolicyArn.Arn, "arn:"+c.Scope.Partition+":") {
		return nil, false
	}
	task, ok := catalogue.ManagedPolicy(*in.TaskPolicyArn.Arn)
	return task, ok && task.Path == "/root-task/"
}

// featureOf is the feature of the organization that a task belongs to: those on
// root's credentials are IAM's.
func featureOf(in *api.AssumeRootInput) string {
	if in.TaskPolicyArn.Arn != nil && strings.Contains(*in.TaskPolicyArn.Arn, "/root-task/IAM") {
		return "RootCredentialsManagement"
	}
	return "RootSessions"
}

// rootAccount is the account of a target, which is given by its number or by the
// ARN of its root user; "" if it is neither.
func rootAccount(c *writ.Call, target string) string {
	if a, err := arn.Parse(target); err == nil && target == rootARN(c, a.Account) {
		target = a.Account
	}
	if len(target) != 12 || strings.Trim(target, "0123456789") != "" {
		return ""
	}
	return target
}

func rootARN(c *writ.Call, account string) string {
	return arn.ARN{Partition: c.Scope.Partition, Service: "iam", Account: account, Resource: "root"}.String()
}

// Resource is for authz: the root user of an account, who trusts the accounts
// that manage its organization with the tasks that are enabled there.
func (s *Service) Resource(tx *store.Tx, c *writ.Call, check *model.Check, id string) (writ.Resource, error) {
	in, ok := c.Input.(*api.AssumeRootInput)
	if !ok || check.Type != "root-user" {
		return writ.Resource{}, errors.New("sts: no resources of type " + check.Type)
	}
	root := writ.Resource{ARN: id, Policy: untrusting}
	account := rootAccount(c, id)
	if account == "" {
		return root, nil
	}
	root.ARN, root.Account = rootARN(c, account), account
	_, err := s.identities.ManagedRoot(tx, c.Scope.Account, account, featureOf(in))
	if errors.Is(err, store.ErrNotFound) {
		return root, nil
	}
	root.Policy = trusting(c.Scope.Account)
	return root, err
}

// untrusting is the trust of a root user whom nobody may act for.
var untrusting = policy.Load("organization", []byte(`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRoot","Resource":"*"}}`))

func trusting(account string) *policy.Policy {
	return policy.Load("organization", fmt.Appendf(nil, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":%q},"Action":"sts:AssumeRoot","Resource":"*"}}`, account))
}
