package iam

import (
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// CreateDelegationRequest asks for what a template says. AWS registers templates
// of its partners; here they are managed policies of the requestor's account, or
// of AWS. The policy that comes of it is kept: the template may change later.
func (s *Service) CreateDelegationRequest(c *writ.Call, in *api.CreateDelegationRequestInput) (*api.CreateDelegationRequestOutput, error) {
	if a, err := arn.Parse(in.NotificationChannel); err != nil || a.Service != "sns" {
		return nil, api.InvalidInputException("The notification channel must be the ARN of an SNS topic.")
	}
	d := &delegation{ID: uuid.NewString(), Partition: c.Scope.Partition, Requestor: c.Scope.Account, Workflow: in.RequestorWorkflowId,
		Created: c.Time.Truncate(time.Second), Description: in.Description, Message: value(in.RequestMessage), Template: value(in.Permissions.PolicyTemplateArn),
		Channel: in.NotificationChannel, RedirectURL: value(in.RedirectUrl), Duration: time.Duration(in.SessionDuration) * time.Second,
		OnlySendByOwner: or(in.OnlySendByOwner, false), OwnerAccount: value(in.OwnerAccountId)}
	for _, p := range in.Permissions.Parameters {
		d.Parameters = append(d.Parameters, parameter{value(p.Name), value(p.Type), p.Values})
	}
	d.enter(unassigned, c.Time)
	err := s.db.Update(c, func(tx *store.Tx) error {
		if err := s.admitDelegation(tx, c); err != nil {
			return err
		}
		if err := s.fillTemplate(tx, c, d); err != nil {
			return err
		}
		err := delegations.Insert(tx, d)
		if errors.Is(err, store.ErrExists) {
			return api.EntityAlreadyExistsException("A delegation request with the workflow id %s already exists.", d.Workflow)
		}
		return err
	})
	return &api.CreateDelegationRequestOutput{DelegationRequestId: &d.ID}, err
}

// fillTemplate makes the policy that the request asks for.
func (s *Service) fillTemplate(tx *store.Tx, c *writ.Call, d *delegation) error {
	if d.Template == "" {
		return api.InvalidInputException("A policy template must be specified.")
	}
	template, err := s.shared.GetTx(tx, managed{c.Scope.Account, d.Template})
	if errors.Is(err, store.ErrNotFound) {
		return api.InvalidInputException("The policy template %s does not exist.", d.Template)
	}
	if err != nil {
		return err
	}
	if d.Policy, err = render(template.Document().Source(), d.Parameters); err != nil {
		return err
	}
	if _, err := policy.ParseAs(policy.SessionPolicy, []byte(d.Policy)); err != nil {
		return api.InvalidInputException("The policy template with its parameters is not a policy: %s", err)
	}
	return s.within("DelegationPolicySize", len([]rune(d.Policy)))
}

// How long requests that have expired can still be seen, and how many each new
// one takes along: more than one, so that none are left over.
const (
	expiredLife       = 30 * 24 * time.Hour
	delegationsSwept  = 4
	delegationsNamed  = "DelegationRequestsPerAccount"
	delegationRequest = "delegation-request"
)

// admitDelegation forgets old requests of the account and counts the others.
func (s *Service) admitDelegation(tx *store.Tx, c *writ.Call) error {
	own := store.K(c.Scope.Account)
	old, _, err := delegations.PageBy(tx, "requestor", own, nil, delegationsSwept)
	if err != nil {
		return err
	}
	for _, d := range old {
		if c.Time.Sub(d.Expires) < expiredLife {
			break
		}
		if err := delegations.Delete(tx, d.ID); err != nil {
			return err
		}
	}
	n, err := delegations.CountBy(tx, "requestor", own)
	if err != nil {
		return err
	}
	return s.within(delegationsNamed, n+1)
}
