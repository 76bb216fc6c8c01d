package iam

import (
	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// GetAccountSummary counts what the account has, beside the quotas.
func (s *Service) GetAccountSummary(c *writ.Call, in *api.GetAccountSummaryInput) (*api.GetAccountSummaryOutput, error) {
	summary := map[string]int{}
	for name, quota := range summaryQuotas {
		summary[name] = s.quotas[quota]
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
	"SigningCertificatesPerUserQuota": "CertificatesPerUser",
	"UserPolicySizeQuota":             "UserPolicySize",
	"UsersQuota":                      "UsersPerAccount",
	"VersionsPerPolicyQuota":          "VersionsPerPolicy",
}

// summaryCounts count what an account has.
var summaryCounts = map[string]func(tx *store.Tx, account string) (int, error){
	"AccountMFAEnabled":        rootHasMFA,
	"Groups":                   counter(groups),
	"InstanceProfiles":         counter(instanceProfiles),
	"MFADevices":               counter(mfaDevices),
	"MFADevicesInUse":          mfaDevicesInUse,
	"Policies":                 counter(policies),
	"PolicyVersionsInUse":      countInUse,
	"Providers":                providers,
	"Roles":                    counter(roles),
	"Users":                    counter(users),
	"ServerCertificates":       counter(serverCertificates),
	"AccountAccessKeysPresent": rootHasKeys,
	"AccountPasswordPresent":   rootHasPassword,

	"GlobalEndpointTokenVersion": func(tx *store.Tx, account string) (int, error) {
		a, err := accounts.Get(tx, account)
		if err != nil || !a.AnyRegion {
			return 1, err
		}
		return 2, nil
	},
	"AccountSigningCertificatesPresent": rootHasCertificates,
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

// rootHasMFA is 1 if the root user has MFA devices, however many.
func rootHasMFA(tx *store.Tx, account string) (int, error) {
	n, err := mfaDevices.CountBy(tx, "owner", store.K(account, account))
	return min(n, 1), err
}

func mfaDevicesInUse(tx *store.Tx, account string) (int, error) {
	return mfaDevices.CountBy(tx, "owner", store.K(account))
}

// rootHasCertificates is 1 likewise.
func rootHasCertificates(tx *store.Tx, account string) (int, error) {
	n, err := signingCertificates.CountBy(tx, "user", store.K(account, account))
	return min(n, 1), err
}

func rootHasPassword(tx *store.Tx, account string) (int, error) {
	a, err := accounts.Get(tx, account)
	if err != nil || a.RootPassword == "" {
		return 0, err
	}
	return 1, nil
}
