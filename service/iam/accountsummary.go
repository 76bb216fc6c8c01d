package iam

import (
	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// GetAccountSummary counts what the account has, beside the quotas. The numbers
// of what no operation can make yet (MFA devices, server and signing
// certificates) are 0.
func (s *Service) GetAccountSummary(c *writ.Call, in *api.GetAccountSummaryInput) (*api.GetAccountSummaryOutput, error) {
	summary := map[string]int{
		"AccountMFAEnabled":                 0,
		"AccountSigningCertificatesPresent": 0,
		"GlobalEndpointTokenVersion":        1,
		"MFADevices":                        0,
		"MFADevicesInUse":                   0,
		"ServerCertificates":                0,
	}
	for name, quota := range summaryQuotas {
		summary[name] = s.quota(quota)
	}
	err := s.db.View(c.Context, func(tx *store.Tx) error {
		for name, count := range summaryCounts {
			n, err := count(tx, c.Scope.Account)
			if err != nil {
				return err
			}
			summary[name] = n
		}
		return nil
	})
	return &api.GetAccountSummaryOutput{SummaryMap: summary}, err
}

// summaryQuotas are the quotas by the names that the summary has for them.
var summaryQuotas = map[string]string{
	"AccessKeysPerUserQuota":          "AccessKeysPerUser",
	"AssumeRolePolicySizeQuota":       "ACLSizePerRole",
	"AttachedPoliciesPerGroupQuota":   "PoliciesPerGroup",
	"AttachedPoliciesPerRoleQuota":    "PoliciesPerRole",
	"AttachedPoliciesPerUserQuota":    "PoliciesPerUser",
	"GroupPolicySizeQuota":            "GroupPolicySize",
	"GroupsPerUserQuota":              "GroupsPerUser",
	"GroupsQuota":                     "GroupsPerAccount",
	"InstanceProfilesQuota":           "InstanceProfilesPerAccount",
	"PoliciesQuota":                   "PoliciesPerAccount",
	"PolicySizeQuota":                 "PolicySize",
	"PolicyVersionsInUseQuota":        "PolicyVersionsInUsePerAccount",
	"RolePolicySizeQuota":             "RolePolicySize",
	"RolesQuota":                      "RolesPerAccount",
	"ServerCertificatesQuota":         "ServerCertificatesPerAccount",
	"SigningCertificatesPerUserQuota": "SigningCertificatesPerUser",
	"UserPolicySizeQuota":             "UserPolicySize",
	"UsersQuota":                      "UsersPerAccount",
	"VersionsPerPolicyQuota":          "VersionsPerPolicy",
}

// summaryCounts count what an account has.
var summaryCounts = map[string]func(tx *store.Tx, account string) (int, error){
	"Groups":                   counter(groups),
	"InstanceProfiles":         counter(instanceProfiles),
	"Policies":                 counter(policies),
	"PolicyVersionsInUse":      counter(policyVersions),
	"Providers":                providers,
	"Roles":                    counter(roles),
	"Users":                    counter(users),
	"AccountAccessKeysPresent": rootHasKeys,
	"AccountPasswordPresent":   rootHasPassword,
}

func counter[R any](table *store.Table[R]) func(*store.Tx, string) (int, error) {
	return func(tx *store.Tx, account string) (int, error) { return table.Count(tx, store.K(account)) }
}

// providers counts those of both kinds.
func providers(tx *store.Tx, account string) (int, error) {
	n, err := oidcProviders.Count(tx, store.K(account))
	if err != nil {
		return 0, err
	}
	m, err := samlProviders.Count(tx, store.K(account))
	return n + m, err
}

// rootHasKeys is 1 if the root user has access keys, however many.
func rootHasKeys(tx *store.Tx, account string) (int, error) {
	n, err := accessKeys.CountBy(tx, "user", store.K(account, account))
	return min(n, 1), err
}

func rootHasPassword(tx *store.Tx, account string) (int, error) {
	a, err := accounts.Get(tx, account)
	if err != nil || a.RootPassword == "" {
		return 0, err
	}
	return 1, nil
}
