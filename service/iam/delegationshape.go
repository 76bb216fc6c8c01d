package iam

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/model"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// shape is the request as the API shows it.
func (d *delegation) shape(now time.Time) api.DelegationRequest {
	seconds := int(d.Duration / time.Second)
	shape := api.DelegationRequest{DelegationRequestId: &d.ID, OwnerAccountId: optionalText(d.OwnerAccount), Description: &d.Description,
		RequestMessage: optionalText(d.Message), Permissions: d.permissions(), PermissionPolicy: &d.Policy, RolePermissionRestrictionArns: d.restrictions(),
		OwnerId: optionalText(d.OwnerARN), ApproverId: optionalText(d.ApproverARN), State: new(d.state(now)), ExpirationTime: &d.Expires,
		RequestorId: &d.Requestor, CreateDate: &d.Created, SessionDuration: &seconds, RedirectUrl: optionalText(d.RedirectURL),
		Notes: optionalText(d.Notes), RejectionReason: optionalText(d.Rejection), OnlySendByOwner: &d.OnlySendByOwner, UpdatedTime: &d.Updated}
	return shape
}

func (d *delegation) permissions() *api.DelegationPermission {
	p := &api.DelegationPermission{PolicyTemplateArn: &d.Template}
	for _, one := range d.Parameters {
		p.Parameters = append(p.Parameters, api.PolicyParameter{Name: &one.Name, Values: one.Values, Type: optionalText(one.Type)})
	}
	return p
}

// restrictions are the permissions boundaries that roles must have which the
// policy allows to create.
func (d *delegation) restrictions() (all []string) {
	doc, err := policy.Parse([]byte(d.Policy))
	if err != nil {
		return nil
	}
	for _, s := range doc.Statements {
		if s.Effect != "Allow" || !names(s.Action, "iam:CreateRole") {
			continue
		}
		for _, condition := range s.Conditions {
			if !strings.EqualFold(condition.Key.Text, "iam:PermissionsBoundary") {
				continue
			}
			for _, v := range condition.Values {
				all = append(all, v.Text)
			}
		}
	}
	return all
}

func names(patterns []policy.Value, action string) bool {
	for _, p := range patterns {
		if arn.MatchFold(p.Text, action) {
			return true
		}
	}
	return false
}

// delegationResource is a request as authz sees it. It is the caller's account's:
// those of other accounts are absent.
func delegationResource(tx *store.Tx, c *writ.Call, check *model.Check, id string) (writ.Resource, error) {
	if check.ID == "EntityArn" {
		id = delegationOf(c, id)
	}
	r := writ.Resource{ARN: delegationARN(c.Scope.Partition, c.Scope.Account, id), Account: c.Scope.Account}
	d, err := delegations.Get(tx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && !d.visible(c) {
		return r, nil
	}
	if err != nil {
		return r, err
	}
	if d.OwnerARN != "" {
		r.Keys = map[string]string{"iam:DelegationRequestOwner": d.OwnerARN}
	}
	r.Policy = d.rights(c, check.Action)
	return r, nil
}

// delegationOf is the id of the request that an ARN names; a request that has no
// owner account has the ARN of whatever account asks. "" if it names none.
func delegationOf(c *writ.Call, text string) string {
	a, err := arn.Parse(text)
	if err != nil || a.Service != "iam" || a.Partition != c.Scope.Partition || a.Account != c.Scope.Account {
		return ""
	}
	id, ok := strings.CutPrefix(a.Resource, delegationRequest+"/")
	if !ok {
		return ""
	}
	return id
}

// rights are what the owner of a request may do without any policy (IAM User
// Guide, "Managing Permissions for Delegation Requests"), and what nobody else
// may with any (IAM API Reference, CreateDelegationRequest: OnlySendByOwner).
func (d *delegation) rights(c *writ.Call, action string) *policy.Policy {
	effect, principal := "Allow", c.Caller.ARN
	switch {
	case d.owns(c.Caller) && slices.Contains(ownersRights, action):
	case d.OnlySendByOwner && !d.owns(c.Caller) && action == "iam:SendDelegationToken":
		effect, principal = "Deny", "*"
	default:
		return nil
	}
	return policy.Load("delegation request", fmt.Appendf(nil, `{"Version":"2012-10-17","Statement":{"Effect":%q,"Principal":{"AWS":%q},"Action":%q,"Resource":"*"}}`, effect, principal, action))
}

var ownersRights = []string{"iam:GetDelegationRequest", "iam:GetHumanReadableSummary", "iam:UpdateDelegationRequest", "iam:RejectDelegationRequest", "iam:SendDelegationToken"}
