package policy

import (
	"strings"

	"github.com/writ-iam/writ/arn"
)

// service is what is special about the actions of one service.
type service struct {
	name string // the prefix of its actions

	// own fits the resources whose own policy must always allow, and which
	// identity policies say something about only if that policy names the
	// account: roles to assume (R40), keys (R36, R37). "" if there are none.
	own arn.Glob

	rcps bool // resource control policies take effect (R31)
	free []free
}

// free is an action that needs no permission (R47).
type free struct {
	action string
	always bool // even against a Deny
}

// special lists the services whose rules are not those of all others: either an
// identity policy or a resource policy allows within an account, and resource
// control policies do not take effect (AWS Organizations User Guide, "List of
// AWS services that support RCPs"; the names of their actions' prefixes).
var special = []service{
	{name: "sts", own: arn.NewGlob("arn:*:iam:*:*:role/*"), rcps: true, free: []free{
		{action: "sts:GetCallerIdentity", always: true}, // STS API Reference, GetCallerIdentity
		{action: "sts:GetSessionToken"},                 // STS API Reference, GetSessionToken
	}},
	{name: "kms", own: arn.NewGlob("arn:*:kms:*:*:key/*"), rcps: true},
	{name: "s3", rcps: true},
	{name: "sqs", rcps: true},
	{name: "secretsmanager", rcps: true},
	{name: "ecr", rcps: true},
	{name: "aoss", rcps: true},
	{name: "logs", rcps: true},
	{name: "cognito-idp", rcps: true},
	{name: "cognito-identity", rcps: true},
}

// ordinary is any other service.
var ordinary service

// serviceOf returns the service of an action.
func serviceOf(action string) *service {
	n := strings.IndexByte(action, ':')
	for i := range special {
		if s := &special[i]; len(s.name) == n && strings.EqualFold(s.name, action[:n]) {
			return s
		}
	}
	return &ordinary
}

// needsNothing tells whether the caller may do the action without permission,
// and whether that holds against a Deny. Only those who have credentials may.
func (s *service) needsNothing(r *evaluation) (free, always bool) {
	if !r.principal.inAccount() {
		return false, false
	}
	for _, f := range s.free {
		if strings.EqualFold(f.action, r.Action) {
			return true, f.always
		}
	}
	return false, false
}
