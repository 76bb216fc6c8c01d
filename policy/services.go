package policy

import (
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

// controlled are the services where resource control policies take effect (R31;
// AWS Organizations User Guide, "List of AWS services that support RCPs"), by the
// prefixes of their actions.
var controlled = func() map[string]bool {
	all := map[string]bool{}
	for name := range strings.FieldsSeq(`
		aoss appconfig appstream autoscaling autoscaling-plans budgets clouddirectory cloudfront cloudsearch
		cloudtrail-data codeartifact codebuild codecommit codepipeline cognito-identity cognito-idp comprehend
		comprehendmedical compute-optimizer cost-optimization-hub dax dsql dynamodb ecr ecr-public events firehose fis
		fms gamelift health inspector-scan kendra kinesisvideo kms logs memorydb networkmonitor notifications opensearch
		pca-connector-ad personalize polly pricing resource-groups rolesanywhere s3 secretsmanager servicediscovery
		signin sqs sts support swf textract timestream-influxdb transcribe transfer translate wafv2 workspaces xray`) {
		all[name] = true
	}
	return all
}()

// uncontrolled is an action of theirs that no such policy is asked about (the
// same guide, "Resources and entities not restricted by RCPs").
const uncontrolled = "kms:RetireGrant"

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
	var lower [32]byte // longer than any name
	if len(name) > len(lower) {
		return false
	}
	for i := range len(name) {
		lower[i] = name[i] | 0x20
	}
	return controlled[string(lower[:len(name)])] && !strings.EqualFold(action, uncontrolled)
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
