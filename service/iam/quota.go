package iam

import (
	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
)

// Quotas are AWS's (IAM User Guide, "IAM and AWS STS quotas") by the
// names that LimitExceeded gives them.
var Quotas = writ.Quotas{
	"UsersPerAccount":                    5000,
	"GroupsPerAccount":                   300,
	"RolesPerAccount":                    1000,
	"PoliciesPerAccount":                 1500,
	"InstanceProfilesPerAccount":         1000,
	"GroupsPerUser":                      10,
	"AccessKeysPerUser":                  2,
	"PoliciesPerUser":                    10,
	"PoliciesPerGroup":                   10,
	"PoliciesPerRole":                    10,
	"VersionsPerPolicy":                  5,
	"InstanceSessionsPerInstanceProfile": 1,
	"ACLSizePerRole":                     2048,
	"PolicySize":                         6144,
	"UserPolicySize":                     2048,
	"GroupPolicySize":                    5120,
	"RolePolicySize":                     10240,
	"TagsPerUser":                        50,
	"TagsPerRole":                        50,
	"TagsPerPolicy":                      50,
	"TagsPerInstanceProfile":             50,
	"TagsPerMFADevice":                   50,
	"MultiFactorAuthDevicesPerUser":      8,
	"MFADevicesPerAccount":               5000,
	"CertificatesPerUser":                2,
	"SSHPublicKeysPerUser":               5,
	"ServerCertificatesPerAccount":       20,
	"TagsPerServerCertificate":           50,
	"PolicyVersionsInUsePerAccount":      10000,
	"AccountAliasesPerAccount":           1,
	"OpenIdConnectProvidersPerAccount":   100,
	"ClientIdsPerOpenIdConnectProvider":  100,
	"TagsPerOpenIdConnectProvider":       50,
	"SAMLProvidersPerAccount":            100,
	"TagsPerSAMLProvider":                50,
	"DelegationPolicySize":               2048,
	"DelegationRequestsPerAccount":       1000, // AWS does not tell its number
	"AccessReportsPerAccount":            1000, // nor this one; the oldest makes room

	"ContextSpecificCredentialsPerUserPerContext": 2, // a context is a service
}

// within refuses what would exceed a quota.
func (s *Service) within(name string, n int) error {
	if limit := s.quotas[name]; n > limit {
		return api.LimitExceededException("Cannot exceed quota for %s: %d", name, limit)
	}
	return nil
}
