package organizations

import (
	"unicode/utf8"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/organizations"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/service/organizations/inherit"
)

// kinds are the types whose content is a document of the policy language.
var kinds = map[string]policy.Kind{scp: policy.ServiceControlPolicy, rcp: policy.ResourceControlPolicy}

// checkContent refuses the content of a policy that is too long or not what its
// type wants.
func (s *Service) checkContent(policyType, content string) error {
	if utf8.RuneCountInString(content) > s.quotaOf("PolicySizeOfType", policyType) {
		return constraint("POLICY_CONTENT_LIMIT_EXCEEDED", "You have exceeded the maximum policy size.")
	}
	if kind, ok := kinds[policyType]; ok {
		if _, err := policy.ParseAs(kind, []byte(content)); err != nil {
			return malformed()
		}
		return nil
	}
	// Whatever is no control policy is a management policy: a type without a
	// shape would be a policy that is never read.
	sh, ok := shapes[policyType]
	if !ok {
		return writ.NotImplemented("Policies of the type %s are not implemented.", policyType)
	}
	if _, err := inherit.Parse(content, sh); err != nil {
		return malformed()
	}
	return nil
}

func malformed() error {
	return api.MalformedPolicyDocumentException("The provided policy document does not meet the requirements of the specified policy type.")
}
