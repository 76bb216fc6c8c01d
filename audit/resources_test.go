package audit

import "testing"

func TestResourceType(t *testing.T) {
	for _, test := range []struct{ action, kind, want string }{
		{"iam:GetUser", "user", "AWS::IAM::User"},
		{"iam:CreateInstanceProfile", "instance-profile", "AWS::IAM::InstanceProfile"},
		{"iam:EnableMFADevice", "mfa", "AWS::IAM::VirtualMFADevice"},
		{"iam:GetSAMLProvider", "saml-provider", "AWS::IAM::SAMLProvider"},
		{"sts:AssumeRole", "role", "AWS::IAM::Role"},
		{"organizations:MoveAccount", "account", "AWS::Organizations::Account"},
		{"organizations:TagResource", "organizationalunit", "AWS::Organizations::OrganizationalUnit"},
		{"account:ListRegions", "accountInOrganization", "AWS::Account::Account"},
		{"sts:GetFederationToken", "federated-user", "AWS::STS::FederatedUser"},
	} {
		if got := ResourceType(test.action, test.kind); got != test.want {
			t.Errorf("ResourceType(%s, %s) = %s, want %s", test.action, test.kind, got, test.want)
		}
	}
}
