package account

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/account"
	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/model"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// principal is the service that organizations trust or do not.
const principal = "account.amazonaws.com"

// Resource tells authz of the account that a call names, or of the caller's own
// if it names none. One that the caller's account does not manage belongs to
// itself alone.
func (s *Service) Resource(tx *store.Tx, c *writ.Call, check *model.Check, id string) (writ.Resource, error) {
	if id == "" {
		return s.own(tx, c, c.Scope.Account)
	}
	o, err := s.organizations.Organization(tx, c.Scope.Account, principal)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return writ.Resource{}, err
	}
	why, err := s.unmanaged(tx, c, o, id)
	switch {
	case err != nil:
		return writ.Resource{}, err
	case why == managed:
		return s.member(tx, c, o, id)
	case id == c.Scope.Account:
		return writ.Resource{}, api.AccessDeniedException("%s", refusal(c, check, why))
	}
	return writ.Resource{ARN: accountARN(c, id, ""), Type: "account", Account: id, Refusal: refusal(c, check, why)}, nil
}

// Why an account can't be named. Nothing is said to whom it is none of their business.
const (
	managed      = "managed"
	notYours     = ""
	notTrusted   = " (Your organization must first enable trusted access with AWS Account Management.)"
	isManagement = " (The management account can only be managed using the standalone context from the management account.)"
	notMember    = " (The specified account must be a member of your organization.)"
)

// unmanaged is why the caller's account does not manage another, or itself.
func (s *Service) unmanaged(tx *store.Tx, c *writ.Call, o *writ.Organization, id string) (string, error) {
	switch {
	case o == nil || c.Scope.Account != o.ManagementAccount && !slices.Contains(o.Administrators, c.Scope.Account):
		return notYours, nil
	case !o.AllFeatures || !o.Trusted:
		return notTrusted, nil
	case id == o.ManagementAccount:
		return isManagement, nil
	}
	theirs, err := s.organizations.Organization(tx, id, principal)
	if errors.Is(err, store.ErrNotFound) || err == nil && theirs.ID != o.ID {
		return notMember, nil
	}
	return managed, err
}

func refusal(c *writ.Call, check *model.Check, why string) string {
	return "User: " + c.Caller.ARN + " is not authorized to perform: " + check.Action + why
}

// own is an account as it owns itself.
func (s *Service) own(tx *store.Tx, c *writ.Call, id string) (r writ.Resource, err error) {
	r = writ.Resource{ARN: accountARN(c, id, ""), Type: "account", Account: id}
	r.Keys, err = s.keys(tx, c, id)
	return r, err
}

// member is an account as its organization owns it.
func (s *Service) member(tx *store.Tx, c *writ.Call, o *writ.Organization, id string) (r writ.Resource, err error) {
	r = writ.Resource{ARN: accountARN(c, o.ManagementAccount, "/"+o.ID+"/"+id), Type: "accountInOrganization", Account: o.ManagementAccount}
	if c.Scope.Account != o.ManagementAccount {
		r.Policy = administration(c.Scope.Account)
	}
	r.Keys, err = s.keys(tx, c, id)
	return r, err
}

func accountARN(c *writ.Call, owner, path string) string {
	return arn.ARN{Partition: c.Scope.Partition, Service: "account", Account: owner, Resource: "account" + path}.String()
}

// administration is what a delegated administrator may do with members.
func administration(administrator string) *policy.Policy {
	doc, _ := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": map[string]any{
		"Effect": "Allow", "Principal": map[string]string{"AWS": administrator}, "Action": "account:*", "Resource": "*"}}) // can't fail
	return policy.Load("delegated administrator", doc)
}

// keys are facts about an account, and about the call, that rules can't name.
func (s *Service) keys(tx *store.Tx, c *writ.Call, id string) (map[string]string, error) {
	keys := map[string]string{}
	if domain := targetDomain(c.Input); domain != "" {
		keys["account:EmailTargetDomain"] = domain
	}
	path, tags, err := s.organizations.Place(tx, id)
	if errors.Is(err, store.ErrNotFound) {
		return keys, nil
	}
	keys["account:AccountResourceOrgPaths"] = path
	for key, value := range tags {
		keys["account:AccountResourceOrgTags/"+key] = value
	}
	return keys, err
}

// targetDomain is where the e-mail address leads that an input has.
func targetDomain(input any) string {
	email := ""
	switch in := input.(type) {
	case *api.StartPrimaryEmailUpdateInput:
		email = in.PrimaryEmail
	case *api.AcceptPrimaryEmailUpdateInput:
		email = in.PrimaryEmail
	}
	return strings.ToLower(email[strings.LastIndexByte(email, '@')+1:])
}
