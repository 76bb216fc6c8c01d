package policy

import (
	"slices"
	"strings"

	"github.com/writ-iam/writ/arn"
)

// This file is what differs between services.

// service is what is special about the actions of one service.
type service struct {
	name string // the prefix of its actions

	// own fits the resources whose own policy must always allow, and which
	// identity policies say something about only if that policy names the
	// account: roles to assume (R40), keys (R36, R37). "" if there are none.
	own  arn.Glob
	free []free
}

// free is an action that needs no permission (R47).
type free struct {
	action string
	always bool // even against a Deny
}

// ordinary is a service like most: either an identity policy or a resource
// policy allows within an account.
var ordinary service

// special lists those that are not.
var special = []service{
	{name: "sts", own: arn.NewGlob("arn:*:iam:*:*:role/*"), free: []free{
		{action: "sts:GetCallerIdentity", always: true}, // STS API Reference, GetCallerIdentity
		{action: "sts:GetSessionToken"},                 // STS API Reference, GetSessionToken
	}},
	{name: "kms", own: arn.NewGlob("arn:*:kms:*:*:key/*")},
}

// controlled lists the services where resource control policies take effect
// (R31; AWS Organizations User Guide, "List of AWS services that support RCPs";
// the names of their actions' prefixes).
var controlled = []string{"s3", "sts", "kms", "sqs", "secretsmanager", "ecr", "aoss", "logs", "cognito-idp", "cognito-identity"}

// specialKin has a bit for each special service, to tell most of the others
// apart without comparing names.
var specialKin = func() (all uint64) {
	for i := range special {
		all |= 1 << (kinOf(special[i].name+":").service() - 1)
	}
	return all
}()

// serviceOf returns the service of an action.
func serviceOf(action string) *service {
	name := action[:colonOf(action)]
	for i := range special {
		if strings.EqualFold(special[i].name, name) {
			return &special[i]
		}
	}
	return &ordinary
}

// isControlled reports whether resource control policies take effect for an action.
func isControlled(action string) bool {
	name := action[:colonOf(action)]
	return slices.ContainsFunc(controlled, func(s string) bool { return strings.EqualFold(s, name) })
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
