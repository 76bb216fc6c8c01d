package authz

import (
	"fmt"
	"strings"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/model"
	"github.com/writ-iam/writ/policy"
)

// denied says in AWS's words why a check failed (IAM User Guide,
// "Troubleshoot access denied error messages").
func denied(c *writ.Call, check *model.Check, made *writ.Check) error {
	message := fmt.Sprintf("User: %s is not authorized to perform: %s", subject(c.Caller), made.Action)
	if on := named(&made.Resource); on != "" {
		message += " on resource: " + on
	}
	// STS gives no reason for roles: it would tell what a trust policy says.
	if check.Type != "role" || check.Service() != "sts" {
		message += " " + reason(made)
	}
	return writ.AccessDenied("%s", message)
}

// subject is how the message names the caller.
func subject(c *writ.Caller) string {
	if c.Type == policy.Anonymous {
		return "anonymous"
	}
	if c.Type == policy.Service {
		return c.Service
	}
	return c.ARN
}

func named(r *writ.Resource) string {
	switch {
	case r.Label != "":
		return r.Label
	case r.ARN == "*":
		return ""
	}
	return r.ARN
}

func reason(made *writ.Check) string {
	if made.Result.Decision == policy.ExplicitDeny {
		return "with an explicit deny in " + article(made.Result.By)
	}
	return fmt.Sprintf("because no %s allows the %s action", kind(made.Result.By), made.Action)
}

func article(t policy.Type) string {
	k := kind(t)
	if strings.HasPrefix(k, "identity") {
		return "an " + k
	}
	return "a " + k
}

// kind is AWS's name for a type of policy.
func kind(t policy.Type) string {
	switch t {
	case policy.Resource:
		return "resource-based policy"
	case policy.Boundary:
		return "permissions boundary"
	case policy.Session:
		return "session policy"
	case policy.SCP:
		return "service control policy"
	case policy.RCP:
		return "resource control policy"
	case policy.Endpoint:
		return "VPC endpoint policy"
	}
	return "identity-based policy"
}
