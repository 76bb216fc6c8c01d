package organizations

import (
	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/organizations"
)

// principal is Organizations as a service: every member has the role that is
// linked to it (Organizations User Guide, "AWS Organizations and service-linked
// roles").
const principal = "organizations.amazonaws.com"

// mayLink refuses who makes an account a member without being allowed to make the
// role that members have.
func mayLink(c *writ.Call) error {
	if c.Decision.Allows("iam:CreateServiceLinkedRole") {
		return nil
	}
	return reasoned(api.AccessDeniedForDependencyException("The request failed because your credentials do not have permission to create the service-linked role required by AWS Organizations."),
		"ACCESS_DENIED_DURING_CREATE_SERVICE_LINKED_ROLE")
}
