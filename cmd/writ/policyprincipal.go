package main

import (
	"fmt"
	"strings"

	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/policy"
)

// principalOf reads a caller as --principal names it: the ARN of a user, role,
// session, root user or identity provider, a service's name, or anonymous. A
// role is taken as a session of it, which has some name if it is given none.
func principalOf(text, sessionName string) (*policy.Principal, error) {
	if text == policy.Anonymous.String() {
		return &policy.Principal{}, nil
	}
	if !strings.Contains(text, ":") && strings.Contains(text, ".") {
		return &policy.Principal{Type: policy.Service, Service: text}, nil
	}
	a, err := arn.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("--principal: %q is not an ARN, nor a service such as lambda.amazonaws.com, nor anonymous", text)
	}
	kind, name, _ := strings.Cut(a.Resource, "/")
	p := &policy.Principal{ARN: text, Account: a.Account}
	switch a.Service + ":" + kind {
	case "iam:root":
		p.Type = policy.RootUser
	case "iam:user":
		p.Type = policy.User
	case "iam:role":
		p.Type, p.RoleARN = policy.RoleSession, text
		p.ServiceLinked = strings.HasPrefix(name, "aws-service-role/")
		p.ARN = fmt.Sprintf("arn:%s:sts::%s:assumed-role/%s/%s", a.Partition, a.Account, name[strings.LastIndexByte(name, '/')+1:], or(sessionName, "session"))
	case "sts:assumed-role":
		p.Type = policy.RoleSession
		if strings.Count(name, "/") != 1 {
			return nil, fmt.Errorf("--principal: %s is not of the form …:assumed-role/ROLE/SESSION", text)
		}
	case "sts:federated-user":
		p.Type = policy.FederatedUser
	case "iam:oidc-provider":
		return &policy.Principal{Type: policy.WebIdentity, Provider: text}, nil
	case "iam:saml-provider":
		return &policy.Principal{Type: policy.SAML, Provider: text}, nil
	default:
		return nil, fmt.Errorf("--principal: %s is not the ARN of a user, role, session, root user or identity provider", text)
	}
	return p, nil
}

// assumeRole names the role of a session as well as its ARN does, which has not
// the role's path.
func assumeRole(p *policy.Principal) {
	if p.Type != policy.RoleSession || p.RoleARN != "" {
		return
	}
	a, _ := arn.Parse(p.ARN)
	if path := strings.Split(a.Resource, "/"); len(path) == 3 {
		p.RoleARN = fmt.Sprintf("arn:%s:iam::%s:role/%s", a.Partition, a.Account, path[1])
	}
}
