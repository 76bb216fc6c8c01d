package organizations

import (
	"strings"

	"github.com/writ-iam/writ/arn"
)

// Everything in an organization has an ARN in the management account
// (Service Authorization Reference, "Resource types defined by AWS Organizations").

func (o *organization) arn() string { return o.arnOf("organization", "") }

func (o *organization) arnOf(kind string, rest ...string) string {
	resource := kind + "/" + o.ID
	for _, part := range rest {
		if part != "" {
			resource += "/" + part
		}
	}
	return arn.ARN{Partition: o.Partition, Service: "organizations", Account: o.Management, Resource: resource}.String()
}

// nodeARN is the ARN of a root, unit or account.
func (o *organization) nodeARN(id string) string {
	return o.arnOf(map[kind]string{rootKind: "root", unitKind: "ou", accountKind: "account"}[kindOf(id)], id)
}

func (o *organization) policyARN(p *orgPolicy) string {
	if p.AWS {
		return arn.ARN{Partition: o.Partition, Service: "organizations", Account: "aws",
			Resource: "policy/" + strings.ToLower(p.Type) + "/" + p.ID}.String()
	}
	return o.arnOf("policy", strings.ToLower(p.Type), p.ID)
}
