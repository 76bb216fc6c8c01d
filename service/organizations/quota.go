package organizations

import "github.com/writ-iam/writ"

// Quotas are AWS's (Organizations User Guide, "Quotas and service limits
// for AWS Organizations").
var Quotas = writ.Quotas{
	"AccountsPerOrganization":    10,
	"UnitsPerOrganization":       2000,
	"UnitDepth":                  5,
	"TagsPerOrganizationsEntity": 50,
	"ClosedAccountsPer30Days":    250, // or a fifth of the members, if that is more

	"DelegatedAdministratorsOfService":                                                   1, // of each that is not named
	"DelegatedAdministratorsOfService:cloudtrail.amazonaws.com":                          3,
	"DelegatedAdministratorsOfService:config.amazonaws.com":                              3,
	"DelegatedAdministratorsOfService:config-multiaccountsetup.amazonaws.com":            3,
	"DelegatedAdministratorsOfService:member.org.stacksets.cloudformation.amazonaws.com": 5,

	"PoliciesOfType":                              1000, // of each type that is not named
	"PoliciesOfType:" + scp:                       10000,
	"PoliciesOfType:" + rcp:                       2000,
	"AttachmentsOfType":                           10,
	"AttachmentsOfType:" + rcp:                    5,
	"AttachmentsOfType:CHATBOT_POLICY":            5,
	"AttachmentsOfType:AISERVICES_OPT_OUT_POLICY": 5,
	"PolicySizeOfType":                            10000,
	"PolicySizeOfType:" + scp:                     10240,
	"PolicySizeOfType:" + rcp:                     5120,
	"PolicySizeOfType:AISERVICES_OPT_OUT_POLICY":  2500,
}

// quotaOf returns the number in force for a type of policies or a service.
func (s *Service) quotaOf(name, of string) int {
	if n, ok := s.quotas[name+":"+of]; ok {
		return n
	}
	return s.quotas[name]
}
