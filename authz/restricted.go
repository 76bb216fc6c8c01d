package authz

import (
	"net/http"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/policy"
)

// restricted refuses what only root may do, and what root and some temporary
// credentials may not, whatever policies say (IAM User Guide, "Tasks that require
// root user credentials", "Compare AWS STS credentials"): sessions of GetFederationToken, and of GetSessionToken without MFA, reach no IAM
// operation, and of STS little more than their own identity.
func restricted(c *writ.Call) error {
	if c.Operation.Rule.Root && c.Caller.Type != policy.RootUser {
		return accessDenied(c, "User: "+subject(c.Caller)+" is not authorized to perform: "+c.Operation.Rule.Checks[0].Action+" because only the root user of the account is")
	}
	if c.Caller.Type == policy.RootUser && c.Operation.Service.Name == "sts" && c.Operation.Name == "AssumeRole" {
		return writ.AccessDenied("Roles may not be assumed by root accounts.")
	}
	if c.Caller.Type == policy.RootUser && c.Operation.Service.Name == "sts" && c.Operation.Name == "AssumeRoot" {
		return writ.AccessDenied("AssumeRoot may not be called by root accounts.")
	}
	s := c.Caller.Session
	if s == nil {
		return nil
	}
	switch c.Operation.Service.Name {
	case "iam":
		if s.Operation == "GetFederationToken" || (s.Operation == "GetSessionToken" && s.MFA.IsZero()) {
			return writ.Errorf(http.StatusForbidden, "InvalidClientTokenId", "The security token included in the request is invalid")
		}
	case "sts":
		return restrictedSTS(s.Operation, c.Operation.Name)
	}
	return nil
}

func restrictedSTS(session, operation string) error {
	switch {
	case operation == "GetSessionToken", operation == "GetFederationToken":
		return writ.AccessDenied("Cannot call %s with session credentials", operation)
	case session == "GetFederationToken" && operation != "GetCallerIdentity",
		session == "GetSessionToken" && operation != "GetCallerIdentity" && operation != "AssumeRole":
		return writ.AccessDenied("Cannot call %s with session credentials", operation)
	}
	return nil
}
