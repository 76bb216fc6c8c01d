package authz

import (
	"fmt"
	"net/http"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/model"
	"github.com/writ-iam/writ/policy"
)

// denied says in AWS's words why a check failed (IAM User Guide,
// "Troubleshoot access denied error messages").
func (a *Authorizer) denied(c *writ.Call, check *model.Check, made *writ.Check) error {
	if c.Caller.Type == policy.Anonymous && c.Operation.Service.Metadata.Anonymous {
		return writ.AccessDenied("Access Denied")
	}
	if c.Caller.Identity != nil {
		// Somebody who has no name here yet is told neither of roles nor of policies.
		return accessDenied(c, "Not authorized to perform "+made.Action)
	}
	if made.Resource.Refusal != "" && made.Result.Decision == policy.ImplicitDeny && made.Result.By == policy.Resource {
		return accessDenied(c, made.Resource.Refusal)
	}
	message := fmt.Sprintf("User: %s is not authorized to perform: %s", subject(c.Caller), made.Action)
	if on := named(&made.Resource); on != "" {
		message += " on resource: " + on
	}
	// STS gives no reason for roles and root: it would tell who is trusted.
	if check.Service() != "sts" || check.Type != "role" && check.Type != "root-user" {
		message += " " + made.Result.Reason(made.Request)
	}
	if c.Operation.Service.Metadata.Protocol == "ec2" {
		return a.unauthorized(c, made, message)
	}
	return accessDenied(c, message)
}

// unauthorized is how EC2 refuses. Where the answer could depend on what the
// thing acted on is, it has the whole of the decision, sealed.
func (a *Authorizer) unauthorized(c *writ.Call, made *writ.Check, message string) error {
	message = "You are not authorized to perform this operation. " + message
	if made.Resource.ARN != "*" {
		encoded, err := a.encoded(c, made)
		if err != nil {
			return err
		}
		message += ". Encoded authorization failure message: " + encoded
	}
	return writ.Errorf(http.StatusForbidden, "UnauthorizedOperation", "%s", message)
}

// accessDenied is the error as the services of each protocol spell it.
func accessDenied(c *writ.Call, message string) error {
	switch c.Operation.Service.Metadata.Protocol {
	case "json":
		return writ.Errorf(http.StatusBadRequest, "AccessDeniedException", "%s", message)
	case "rest-json":
		return writ.Errorf(http.StatusForbidden, "AccessDeniedException", "%s", message)
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
