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
	{name: "s3", rcps: true},
	{name: "sts", own: arn.NewGlob("arn:*:iam:*:*:role/*"), rcps: true, free: []free{
		{action: "sts:GetCallerIdentity", always: true}, // STS API Reference, GetCallerIdentity
		{action: "sts:GetSessionToken"},                 // STS API Reference, GetSessionToken
	}},
	{name: "kms", own: arn.NewGlob("arn:*:kms:*:*:key/*"), rcps: true},
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

// specialTurns has a bit for each special service, to tell most of the others
// apart without comparing names.
var specialTurns = func() (all uint64) {
	for i := range special {
		all |= 1 << turnOf(special[i].name)
	}
	return all
}()

// serviceOf returns the service with a name. The turn is that of the name.
func serviceOf(name string, turn uint) *service {
	if specialTurns&(1<<turn) == 0 {
		return &ordinary
	}
	for i := range special {
		if s := &special[i]; s.name == name || len(s.name) == len(name) && strings.EqualFold(s.name, name) {
			return s
		}
	}
	return &ordinary
}

// needsNothing tells whether the caller may do the action without permission,
// and whether that holds against a Deny. Only those who have credentials may.
func (s *service) needsNothing(r *evaluation) (free, always bool) {
	if s.free == nil || !r.principal.inAccount() {
		return false, false
	}
	for _, f := range s.free {
		if strings.EqualFold(f.action, r.Action) {
			return true, f.always
		}
	}
	return false, false
}
